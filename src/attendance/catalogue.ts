import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData } from '../ledger/event.ts'
import { openNote, splitNote, type VerifierKey } from '../ledger/note.ts'

/*
 * A catalogue (目录) says which institutions may train, and which occupations at which levels, and from when to when.
 * Authorities publish it; it comes as a C2SP signed note whose text is this JSON, or as the JSON alone.
 */

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const text = z.string().min(1).max(200)
/** First and last day on which an entry holds; `to` null while no end is known. */
const period = { from: day, to: day.nullable() }

const catalogueFile = z.strictObject({
  format: z.literal('shidao-catalogue/v1'),
  id: text,
  title: text,
  /** Administrative division code (GB/T 2260), null for a catalogue of the whole country. */
  region: z
    .string()
    .regex(/^[0-9]{6}$/)
    .nullable(),
  issuer: text,
  /** Number or title of the document that published it. */
  document: text,
  ...period,
  institutions: z.array(z.strictObject({ code: text, name: text, ...period })).max(20_000),
  occupations: z
    .array(z.strictObject({ code: text, name: text, levels: z.array(text).min(1).max(20), ...period }))
    .max(20_000),
})

export type CatalogueContent = z.infer<typeof catalogueFile>

export interface Catalogue {
  readonly content: CatalogueContent
  /** Of the JSON text's exact bytes, hex: what events name. */
  readonly sha256: string
  /** The key that signed it, null for one without a signature. */
  readonly vkey: string | null
}

export type Unconfirmed = EventData['class.filed']['unconfirmed'][number]

/** What a class has to be allowed to be, and on which days. */
export interface ClassSubject {
  readonly institution: string
  readonly occupation: string
  readonly level: string
  /** First and last day, both included. */
  readonly from: string
  readonly to: string
}

/**
 * Reads a catalogue file. With `key` it has to be a note that this key signed. Total.
 * Faults: `PACK_CATALOGUE_SIGNATURE`, `PACK_CATALOGUE` (no catalogue, or a wrong field).
 */
export function parseCatalogue(file: string, key: VerifierKey | null): Result<Catalogue> {
  let content = file
  if (key !== null) {
    const note = openNote(file, [key])
    if (!note.ok) {
      const why = `the catalogue is not signed with the given key: ${note.fault.message}`
      return failed(new Fault('PACK_CATALOGUE_SIGNATURE', why))
    }
    content = note.value.text
  } else {
    const note = splitNote(file)
    if (note.ok) content = note.value.text
  }
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch (cause) {
    return failed(new Fault('PACK_CATALOGUE', 'a catalogue is JSON in UTF-8', { cause }))
  }
  const parsed = catalogueFile.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.join('.') || 'top'
    return failed(new Fault('PACK_CATALOGUE', `catalogue, ${where}: ${issue?.message}`))
  }
  const sha256 = createHash('sha256').update(content).digest('hex')
  return ok({ content: parsed.data, sha256, vkey: key?.vkey ?? null })
}

/**
 * What no catalogue confirms for every day of the class; empty when all is confirmed. Each part may be confirmed by
 * another catalogue: institutions and occupations are often published apart.
 */
export function unconfirmedBy(catalogues: readonly Catalogue[], subject: ClassSubject): Unconfirmed[] {
  const valid = catalogues.map(({ content }) => content).filter((content) => holds(content, subject))
  if (valid.length === 0) return ['catalogue']
  const { institution, occupation, level } = subject
  const found: Unconfirmed[] = []
  const listed = valid.some(({ institutions }) =>
    institutions.some((entry) => entry.code === institution && holds(entry, subject)),
  )
  if (!listed) found.push('institution')
  const occupations = valid.flatMap((content) =>
    content.occupations.filter((entry) => entry.code === occupation && holds(entry, subject)),
  )
  if (occupations.length === 0) found.push('occupation')
  else if (!occupations.some(({ levels }) => levels.includes(level))) found.push('level')
  return found
}

/** ISO days compare as text. */
function holds(entry: { readonly from: string; readonly to: string | null }, days: ClassSubject): boolean {
  return entry.from <= days.from && (entry.to === null || entry.to >= days.to)
}
