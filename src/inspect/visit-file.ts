import { z } from 'zod'
import { projectHistory } from '../attendance/history.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { decodeBase64, encodeBase64 } from '../ledger/base64.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import { multiProof } from '../ledger/multi-proof.ts'

/*
 * What an inspector leaves with, `shidao-visit/v1`: the events of the visit and what somebody needs to judge them,
 * proved to be in the station's signed ledger, and proofs that this ledger only grew: since the inspector's last visit,
 * during this one, and until a witness saw it. JSON, so that any language can check it (docs/formats.md, "Visit file").
 */

export const VISIT_FORMAT = 'shidao-visit/v1'
export const VISIT_EXTENSION = '.shidao-visit'
/** Larger files are refused unread: a day of 5,000 people is under it. */
export const MAX_VISIT_BYTES = 128 * 1024 * 1024

const hashes = z.array(z.string().length(44))
const note = z.string().max(100_000)

const visitDocument = z.strictObject({
  format: z.literal(VISIT_FORMAT),
  visit: z.string().regex(/^[0-9a-f]{32}$/),
  opening: note,
  closing: note,
  since: hashes.max(64).nullable(),
  during: hashes.max(64),
  witnessed: z.strictObject({ checkpoint: note, growth: hashes.max(64) }).nullable(),
  events: z.array(z.string().min(2)).min(2).max(200_000),
  nodes: hashes.max(200_000),
})

export interface VisitFile {
  readonly visit: string
  /** Signed notes of the trees that end with the visit's opening and with its closing (the newest tree while it is open). */
  readonly opening: string
  readonly closing: string
  /** Growth from the inspector's earlier checkpoint to the closing tree; null where none was brought, or it didn't hold. */
  readonly since: readonly Hash[] | null
  /** Growth from the opening to the closing tree. */
  readonly during: readonly Hash[]
  /** The first tree after the closing one that a witness cosigned, and the growth to it. */
  readonly witnessed: { readonly checkpoint: string; readonly growth: readonly Hash[] } | null
  /** Exact bytes, by rising index. */
  readonly bodies: readonly Uint8Array[]
  /** Of `multi-proof.ts`, for the closing tree. */
  readonly nodes: readonly Hash[]
}

/** What of a ledger a visit's file is made from. */
export type VisitedLedger = Pick<
  Ledger,
  'size' | 'events' | 'inclusionProof' | 'consistencyProof' | 'checkpoint' | 'checkpointAt'
>

/**
 * The file of a visit, closed or still open. It can be made again at any time, and is the same again unless a receipt
 * came since. Fault `INSPECT_VISIT_UNKNOWN`.
 */
export function makeVisitFile(ledger: VisitedLedger, visit: string): Result<Uint8Array> {
  const events = [...ledger.events()].map(({ event }) => event)
  const opened = events.find((event) => event.type === 'visit.opened' && event.data.visit === visit)
  if (opened?.type !== 'visit.opened')
    return failed(new Fault('INSPECT_VISIT_UNKNOWN', 'no such visit was opened here'))
  const closed = events.find((event) => event.type === 'visit.closed' && event.data.visit === visit)
  const size = closed === undefined ? ledger.size : closed.index + 1
  const indices = eventsOfVisit(events.slice(0, size), opened).map(({ index }) => index)
  const { since } = opened.data
  const receipt = receiptAfter(events, size)
  return ok(
    formatVisitFile({
      visit,
      opening: ledger.checkpointAt(opened.index + 1),
      closing: ledger.checkpointAt(size),
      since: since?.finding === 'consistent' ? ledger.consistencyProof(since.size, size) : null,
      during: ledger.consistencyProof(opened.index + 1, size),
      witnessed:
        receipt === undefined
          ? null
          : { checkpoint: receipt.note, growth: ledger.consistencyProof(size, receipt.size) },
      bodies: indices.map((index) => [...ledger.events(index, index + 1)][0]!.body),
      nodes: multiProof(indices, size, (index) => ledger.inclusionProof(index, size)),
    }),
  )
}

/** Same file, same bytes. */
export function formatVisitFile(file: VisitFile): Uint8Array {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const { visit, opening, closing, since, during, witnessed, bodies, nodes } = file
  const document: z.infer<typeof visitDocument> = {
    ...{ format: VISIT_FORMAT, visit, opening, closing },
    since: since === null ? null : since.map(encodeBase64),
    during: during.map(encodeBase64),
    witnessed:
      witnessed === null
        ? null
        : { checkpoint: witnessed.checkpoint, growth: witnessed.growth.map(encodeBase64) },
    events: bodies.map((body) => decoder.decode(body)),
    nodes: nodes.map(encodeBase64),
  }
  return new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`)
}

/** Whether bytes from outside are meant to be a visit's file: how they begin. */
export function looksLikeVisitFile(bytes: Uint8Array): boolean {
  return START.every((byte, i) => bytes[i] === byte)
}

/** Reads a visit's file; nothing of it is believed yet. Total. Faults `INSPECT_VISIT_FORMAT`, `INSPECT_VISIT_TOO_LARGE`. */
export function parseVisitFile(bytes: Uint8Array): Result<VisitFile> {
  if (bytes.length > MAX_VISIT_BYTES)
    return failed(new Fault('INSPECT_VISIT_TOO_LARGE', 'the file is over 128 MiB'))
  const parsed = visitDocument.safeParse(jsonOf(bytes))
  if (!parsed.success) return malformed()
  const { visit, opening, closing, events } = parsed.data
  const since = parsed.data.since === null ? null : hashesOf(parsed.data.since)
  const during = hashesOf(parsed.data.during)
  const nodes = hashesOf(parsed.data.nodes)
  const growth = hashesOf(parsed.data.witnessed?.growth ?? [])
  const sinceLost = since === null && parsed.data.since !== null
  if (during === null || nodes === null || growth === null || sinceLost) return malformed()
  const { witnessed: said } = parsed.data
  const witnessed = said === null ? null : { checkpoint: said.checkpoint, growth }
  const encoder = new TextEncoder()
  const bodies = events.map((text) => encoder.encode(text))
  return ok({ visit, opening, closing, since, during, witnessed, bodies, nodes })
}

const START = new TextEncoder().encode(`{\n "format": "${VISIT_FORMAT}"`)

/** Kinds that are about no trainee, and that somebody needs to believe the rest. */
const stationWide: ReadonlySet<LedgerEvent['type']> = new Set<LedgerEvent['type']>([
  ...(['station.key', 'station.rekeyed', 'actor.enrolled'] as const),
  ...(['clock.jump', 'camera.changed', 'reader.changed'] as const),
])

/**
 * What a visit's file shows: what the ledger holds about the class, but other visits, and of what the door saw (with its
 * face evidence, most of a ledger) the sessions of that day; the people who sign; changes of clock, camera and reader;
 * the list that the inspector's standing rests on; and the receipts around it.
 */
function eventsOfVisit(
  events: readonly LedgerEvent[],
  opened: Extract<LedgerEvent, { readonly type: 'visit.opened' }>,
): LedgerEvent[] {
  const { visit, class: classId, list } = opened.data
  const people = new Set<string>()
  for (const { type, data } of events)
    if (type === 'roster.changed' && data.class === classId)
      for (const one of data.added) people.add(one.person)
  const day = civilDate(opened.time.wall)
  const sessions = projectHistory(events).classes.get(classId)?.sessions ?? []
  const ofDay = new Set(sessions.filter(({ start }) => civilDate(start) === day).map(({ id }) => id))
  const lastReceipt = events.findLast(({ type, index }) => type === 'receipt' && index < opened.index)
  return events.filter((event) => {
    const { type, data, index } = event
    if (type === 'receipt') return index > opened.index || index === lastReceipt?.index
    if (type === 'inspectors.listed') return data.sha256 === list
    if (type === 'portrait.enrolled') return people.has(data.person)
    if (type === 'visit.refused') return data.class === classId || data.class === null
    if ('face' in data && 'session' in data && !ofDay.has(data.session ?? '')) return false
    if ('visit' in data && data.visit !== null && data.visit !== visit) return false
    return stationWide.has(type) || ('class' in data && data.class === classId)
  })
}

/** The smallest witnessed tree that holds the visit; none behind a change of the station's key, which the file doesn't show. */
function receiptAfter(events: readonly LedgerEvent[], size: number) {
  const change = events.find(({ type, index }) => type === 'station.rekeyed' && index >= size)
  const last = change?.index ?? Number.POSITIVE_INFINITY
  return events
    .flatMap(({ type, data }) => (type === 'receipt' && data.size >= size && data.size <= last ? [data] : []))
    .sort((a, b) => a.size - b.size)[0]
}

function hashesOf(texts: readonly string[]): Hash[] | null {
  const decoded = texts.map(decodeBase64)
  return decoded.every((bytes) => bytes?.length === 32) ? (decoded as Hash[]) : null
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}

function malformed() {
  return failed(new Fault('INSPECT_VISIT_FORMAT', `this is not a ${VISIT_FORMAT}, or a damaged one`))
}
