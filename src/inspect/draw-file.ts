import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { decodeBase64, encodeBase64 } from '../ledger/base64.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import { multiProof } from '../ledger/multi-proof.ts'
import type { ProvableLedger } from '../ledger/prove-events.ts'
import { type DrawSeat, seatsOf } from './draw-plan.ts'

/*
 * The file of a draw, `shidao-draw/v1`: the events that make it, proved to be in the station's signed ledger, and the
 * roster that was drawn from. JSON, so that anybody can read it and any language can replay it.
 */

export const DRAW_FORMAT = 'shidao-draw/v1'
/** Larger files are refused unread: 5,000 people are a third of it. */
export const MAX_DRAW_BYTES = 4 * 1024 * 1024

const drawDocument = z.strictObject({
  format: z.literal(DRAW_FORMAT),
  checkpoint: z.string().max(100_000),
  events: z.array(z.string().min(2)).min(3).max(8),
  nodes: z.array(z.string().length(44)).max(1000),
  roster: z
    .array(
      z.strictObject({ person: z.string().regex(/^[0-9a-f]{32}$/), stratum: z.enum(['on-site', 'other']) }),
    )
    .min(1)
    .max(5000),
})

export interface DrawFile {
  /** Signed note. */
  readonly checkpoint: string
  /** Exact bytes: birth of the station's key, opening of the visit if there is one, commitment, draw. */
  readonly bodies: readonly Uint8Array[]
  readonly nodes: readonly Hash[]
  readonly roster: readonly DrawSeat[]
}

/**
 * The file of a draw that is in a ledger, null if there is none with this id. It can be made again at any time: a power
 * cut between a draw and its file loses nothing.
 */
export function makeDrawFile(ledger: ProvableLedger, draw: string): Uint8Array | null {
  const events = [...ledger.events()].map(({ event }) => event)
  const drawn = events.find((event) => event.type === 'visit.drawn' && event.data.draw === draw)
  const committed = events.find((event) => event.type === 'draw.committed' && event.data.draw === draw)
  if (drawn?.type !== 'visit.drawn' || committed === undefined) return null
  const { visit, class: classId } = drawn.data
  const opened = events.find((event) => event.type === 'visit.opened' && event.data.visit === visit)
  const shown = [0, committed.index, drawn.index, ...(opened === undefined ? [] : [opened.index])]
  const indices = shown.sort((a, b) => a - b)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const document: z.infer<typeof drawDocument> = {
    format: DRAW_FORMAT,
    checkpoint: ledger.checkpoint(),
    events: indices.map((index) => decoder.decode([...ledger.events(index, index + 1)][0]!.body)),
    nodes: multiProof(indices, ledger.size, (index) => ledger.inclusionProof(index)).map(encodeBase64),
    roster: seatsOf(events.slice(0, committed.index), classId) ?? [],
  }
  return new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`)
}

/** Reads a draw's file; nothing of it is believed yet. Total. Faults `INSPECT_DRAW_FORMAT`, `INSPECT_DRAW_TOO_LARGE`. */
export function parseDrawFile(bytes: Uint8Array): Result<DrawFile> {
  if (bytes.length > MAX_DRAW_BYTES)
    return failed(new Fault('INSPECT_DRAW_TOO_LARGE', 'the file is over 4 MiB'))
  const document = drawDocument.safeParse(jsonOf(bytes))
  const nodes = document.success ? document.data.nodes.map(decodeBase64) : [null]
  if (!document.success || nodes.some((node) => node?.length !== 32)) {
    return failed(new Fault('INSPECT_DRAW_FORMAT', `this is not a ${DRAW_FORMAT}, or a damaged one`))
  }
  const { checkpoint, events, roster } = document.data
  const bodies = events.map((text) => new TextEncoder().encode(text))
  return ok({ checkpoint, bodies, nodes: nodes as Hash[], roster })
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
