import { z } from 'zod'
import type { KeptFile } from './visit-work.ts'

/*
 * Exports from the window, beside `office-work.ts`: one is started, looked at while it goes on, and its file is read in
 * pieces. `src/desk` does it, in a process of its own, so that nobody at the door waits for a thousand certificates.
 */

const name = z.string().min(1).max(200)
const actor = z.string().regex(/^[0-9a-f]{32}$/)

export const exportWork = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('export.start'),
    /** Null for a period of all classes. */
    class: name.nullable(),
    kind: z.string().min(1).max(40),
    format: z.enum(['xlsx', 'csv', 'pdf', 'json', 'zip']),
    masked: z.boolean(),
    person: actor.nullable(),
    period: z.string().min(4).max(10).nullable(),
    /** Who may open a bundle's part for auditors; null for a bundle without that part. */
    seal: z
      .union([
        z.strictObject({ auditors: z.array(z.string().max(100)).min(1).max(8) }),
        z.strictObject({ passphrase: z.string().min(1).max(200) }),
      ])
      .nullable(),
    /**
     * Who asks. Null from a command only, see `needsSigner`: whoever may open the station's own socket may read the
     * whole data folder anyway, as the same user of the system.
     */
    by: z.strictObject({ actor, pin: z.string().min(4).max(32) }).nullable(),
  }),
  z.strictObject({ act: z.literal('export.state'), job: z.int().min(1) }),
  /** Files that exports and visits left, newest first. */
  z.strictObject({ act: z.literal('files.list') }),
  /** At most 1 MiB of one from an offset, base64. An export's is handed out for a quarter of an hour after its end. */
  z.strictObject({ act: z.literal('files.read'), name, offset: z.int().min(0) }),
])
export type ExportWork = z.infer<typeof exportWork>

/** What a window may not ask for, because anybody can stand before one: names that nobody signed for. */
export function needsSigner(work: {
  readonly act: string
  readonly by?: unknown
  readonly masked?: unknown
}): boolean {
  if (work.act === 'visit.report') return work.masked !== true
  return work.act === 'export.start' && work.by === null
}

export interface ExportAnswers {
  readonly 'export.start': { readonly job: number }
  readonly 'export.state': {
    readonly job: number
    readonly state: 'running' | 'done' | 'failed'
    readonly done: number
    /** 0 while it is not known. */
    readonly total: number
    /** Where the file is, and `DATA/exports` before. */
    readonly folder: string
    readonly file: KeptFile | null
    /** Leaf of the `export` event that names its sha256, null before. */
    readonly event: number | null
    /** Nothing in it is anybody's attendance. */
    readonly simulated: boolean
    /** Of the fault that ended it, and what it says in English. */
    readonly code: string | null
    readonly message: string | null
  }
  readonly 'files.list': { readonly folder: string; readonly files: readonly KeptFile[] }
  readonly 'files.read': { readonly base64: string; readonly total: number }
}
