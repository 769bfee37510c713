import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { toHex } from '../ledger/bytes.ts'
import { openCheckpoint } from '../ledger/checkpoint.ts'
import type { EventData, EventInput, LedgerEvent } from '../ledger/event.ts'
import { type Hash, sameHash } from '../ledger/merkle-hash.ts'
import { parseVkey, type VerifierKey } from '../ledger/note.ts'
import { findCheckpointNotes } from '../ledger/seen-checkpoints.ts'
import { type InspectorList, type OpenedList, openInspectorList, standingOf } from './inspector-list.ts'

/** Somebody who wants to inspect was refused; `record` says so in the ledger. */
export interface Refusal {
  readonly fault: Fault
  readonly record: Extract<EventInput, { readonly type: 'visit.refused' }>
}

/** The newest list in a ledger, as its signature tells it; null if there is none. */
export function knownList(events: Iterable<LedgerEvent>): OpenedList | null {
  let newest: OpenedList | null = null
  for (const { type, data } of events) {
    const key = type === 'inspectors.listed' ? parseVkey(data.authority) : null
    if (type !== 'inspectors.listed' || key === null || !key.ok) continue
    const list = openInspectorList(data.note, key.value)
    if (list.ok && (newest === null || list.value.number > newest.number)) newest = list.value
  }
  return newest
}

/**
 * Takes a list that was brought along. The first list decides which authority a station listens to. Refused with a
 * record: `INSPECT_LIST_FORGED`, `INSPECT_LIST_FORMAT`, and `INSPECT_LIST_OLDER`, which would undo revocations.
 * Null: it is the one that is known.
 */
export function takeList(
  note: string,
  authority: VerifierKey,
  known: OpenedList | null,
): Result<Extract<EventInput, { readonly type: 'inspectors.listed' }> | null, Refusal> {
  const refuse = (reason: 'list-forged' | 'list-older', fault: Fault) =>
    failed({
      fault,
      record: { type: 'visit.refused', data: { class: null, publicKey: null, reason } },
    } as const)
  if (known !== null && known.authority !== authority.vkey) {
    return refuse(
      'list-forged',
      new Fault('INSPECT_LIST_FORGED', 'this station listens to another authority’s key'),
    )
  }
  const list = openInspectorList(note, authority)
  if (!list.ok) return refuse('list-forged', list.fault)
  const { number, sha256 } = list.value
  if (known?.sha256 === sha256) return ok(null)
  if (known !== null && number <= known.number) {
    const why = `list ${number} is not newer than list ${known.number}, which this station knows`
    return refuse('list-older', new Fault('INSPECT_LIST_OLDER', why))
  }
  return ok({ type: 'inspectors.listed', data: { authority: authority.vkey, number, sha256, note } })
}

const refusals = {
  revoked: ['INSPECT_INSPECTOR_REVOKED', 'the authority has revoked this inspector’s key'],
  unknown: ['INSPECT_INSPECTOR_UNKNOWN', 'this key is not on the authority’s list, and the list is current'],
  lapsed: ['INSPECT_INSPECTOR_LAPSED', 'this key’s time on the authority’s list is over, or not yet'],
} as const

/** Whether the holder of a key may open a visit to a class now, and how firmly that is known. See `standingOf`. */
export function admitInspector(
  given: { readonly class: string; readonly publicKey: string; readonly at: number },
  list: (InspectorList & Pick<OpenedList, 'sha256'>) | null,
): Result<Pick<EventData['visit.opened'], 'standing' | 'list'>, Refusal> {
  const { class: classId, publicKey, at } = given
  const standing = standingOf(list, publicKey, at)
  if (standing.admitted) return ok({ standing: standing.standing, list: list?.sha256 ?? null })
  const { reason } = standing
  const [code, why] = refusals[reason]
  const record = { type: 'visit.refused', data: { class: classId, publicKey, reason } } as const
  return failed({ fault: new Fault(code, why), record })
}

/**
 * The checkpoint in what an inspector kept from an earlier visit: the note itself, or a file of JSON that holds it as
 * `closing` (a visit's file) or `checkpoint` (a draw's). Nothing is verified here. Null where there is none.
 */
export function keptCheckpoint(text: string): string | null {
  return findCheckpointNotes(noteInJson(text) ?? text)[0] ?? null
}

/**
 * Holds a checkpoint that the inspector kept from an earlier visit against the ledger of today: `consistent`, or what
 * the station has done to its past since. Fault: those of `openCheckpoint`, where it isn't one of this station.
 */
export function sinceLastVisit(
  note: string,
  ledger: { readonly size: number; readonly key: VerifierKey; rootAt(size: number): Hash },
): Result<NonNullable<EventData['visit.opened']['since']>> {
  const checkpoint = openCheckpoint(note, [ledger.key])
  if (!checkpoint.ok) return checkpoint
  const { size, root } = checkpoint.value
  const seen = { size, root: toHex(root) }
  if (size > ledger.size) return ok({ ...seen, finding: 'rolled-back' })
  return ok({ ...seen, finding: sameHash(ledger.rootAt(size), root) ? 'consistent' : 'rewritten' })
}

/** What a finding means, null for a consistent one. It is recorded, and the visit goes on. */
export function sinceFault(since: EventData['visit.opened']['since']): Fault | null {
  if (since?.finding === 'rolled-back') {
    return new Fault(
      'INSPECT_ROLLED_BACK',
      `you have seen ${since.size} events of this station; it has fewer now`,
    )
  }
  if (since?.finding === 'rewritten') {
    return new Fault(
      'INSPECT_REWRITTEN',
      `the first ${since.size} events are not the ones that you have seen`,
    )
  }
  return null
}

function noteInJson(text: string): string | null {
  try {
    const { closing, checkpoint } = JSON.parse(text) as { closing?: unknown; checkpoint?: unknown }
    return [closing, checkpoint].find((note) => typeof note === 'string') ?? null
  } catch {
    return null
  }
}
