import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { toHex } from '../ledger/bytes.ts'
import { type NoteSigner, openNote, signNote, type VerifierKey } from '../ledger/note.ts'
import { sha256 } from '../ledger/sha256.ts'

/*
 * Who may inspect, as an authority says it: a C2SP signed note (docs/formats.md, "Inspector list"). It holds keys and
 * times and no names, so that it can stand in every ledger.
 */

export interface InspectorList {
  /** Rises with every list of an authority: a station never goes back to an older one. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly issued: number
  readonly until: number
  /** Raw Ed25519 keys, hex. */
  readonly inspectors: readonly {
    readonly publicKey: string
    readonly from: number
    readonly until: number
  }[]
  /** Keys that are no inspector's any more, since when. */
  readonly revoked: readonly { readonly publicKey: string; readonly since: number }[]
}

export interface OpenedList extends InspectorList {
  /** Verifier key that signed it. */
  readonly authority: string
  /** SHA-256 of the note, hex. */
  readonly sha256: string
}

/** Whether somebody may inspect, and how firmly that is known. See `standingOf`. */
export type Standing =
  | { readonly admitted: true; readonly standing: 'listed' | 'list-expired' | 'no-list' | 'unlisted' }
  | { readonly admitted: false; readonly reason: 'revoked' | 'unknown' | 'lapsed' }

/** Signs a list. Times are cut down to seconds. */
export function signInspectorList(list: InspectorList, authority: NoteSigner): string {
  const lines = [
    HEADER,
    `number ${list.number}`,
    `issued ${isoSeconds(list.issued)}`,
    `until ${isoSeconds(list.until)}`,
    ...list.inspectors.map(
      ({ publicKey, from, until }) => `key ${publicKey} ${isoSeconds(from)} ${isoSeconds(until)}`,
    ),
    ...list.revoked.map(({ publicKey, since }) => `revoked ${publicKey} ${isoSeconds(since)}`),
  ]
  return signNote(lines.map((line) => `${line}\n`).join(''), [authority])
}

/**
 * Opens a list that the authority's key has to have signed. Total. Faults: `INSPECT_LIST_FORGED` (not signed by that
 * key, or changed since), `INSPECT_LIST_FORMAT` (signed, and not a list).
 */
export function openInspectorList(note: string, authority: VerifierKey): Result<OpenedList> {
  const opened = openNote(note, [authority])
  if (!opened.ok) {
    return failed(
      new Fault('INSPECT_LIST_FORGED', `the list is not what the authority signed: ${opened.fault.message}`),
    )
  }
  const list = parseList(opened.value.text.split('\n'))
  if (list === null)
    return failed(new Fault('INSPECT_LIST_FORMAT', 'this is signed, and no list of inspectors'))
  const digest = toHex(sha256(new TextEncoder().encode(note)))
  return ok({ ...list, authority: authority.vkey, sha256: digest })
}

/**
 * Whether the holder of a key may inspect at a moment. An inspector who cannot be looked up is let in and marked, a
 * visit that is refused by mistake being the greater harm; one whom the authority has struck off is not.
 *
 * - no list at this station (a first visit, offline): admitted as `no-list`
 * - on the list: `listed`; on a list that is past its time: `list-expired`
 * - not on it: refused as `unknown` while the list is current, admitted as `unlisted` once it is past its time
 * - the key's own time is not yet, or over: refused as `lapsed`
 * - revoked: refused. A clock that is set back doesn't help: the list itself is later than its revocations.
 */
export function standingOf(list: InspectorList | null, publicKey: string, at: number): Standing {
  if (list === null) return { admitted: true, standing: 'no-list' }
  const now = Math.max(at, list.issued)
  if (list.revoked.some((one) => one.publicKey === publicKey && one.since <= now)) {
    return { admitted: false, reason: 'revoked' }
  }
  const expired = now > list.until
  const entry = list.inspectors.find((one) => one.publicKey === publicKey)
  if (entry === undefined) {
    return expired ? { admitted: true, standing: 'unlisted' } : { admitted: false, reason: 'unknown' }
  }
  if (now < entry.from || now > entry.until) return { admitted: false, reason: 'lapsed' }
  return { admitted: true, standing: expired ? 'list-expired' : 'listed' }
}

const HEADER = 'shidao-inspectors/v1'

function parseList([
  header,
  number = '',
  issued = '',
  until = '',
  ...rest
]: readonly string[]): InspectorList | null {
  const read = /^number ([1-9][0-9]{0,8})$/.exec(number)
  const [from, to] = [timeAfter('issued ', issued), timeAfter('until ', until)]
  if (header !== HEADER || read === null || from === null || to === null || rest.pop() !== '') return null
  const inspectors: InspectorList['inspectors'][number][] = []
  const revoked: InspectorList['revoked'][number][] = []
  for (const line of rest) {
    const words = line.split(' ')
    const [kind, publicKey = '', first = '', second = ''] = words
    const [start, end] = [parseTime(first), parseTime(second)]
    const isKey = /^[0-9a-f]{64}$/.test(publicKey)
    if (!isKey || start === null) return null
    if (kind === 'key' && words.length === 4 && end !== null)
      inspectors.push({ publicKey, from: start, until: end })
    else if (kind === 'revoked' && words.length === 3) revoked.push({ publicKey, since: start })
    else return null
  }
  const isDistinct = new Set(inspectors.map(({ publicKey }) => publicKey)).size === inspectors.length
  return isDistinct ? { number: Number(read[1]), issued: from, until: to, inspectors, revoked } : null
}

function timeAfter(prefix: string, line: string): number | null {
  return line.startsWith(prefix) ? parseTime(line.slice(prefix.length)) : null
}

/** `2026-03-01T00:00:00Z`, and no other way of writing it. */
function parseTime(text: string): number | null {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) || isoSeconds(time) !== text ? null : time
}

function isoSeconds(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`
}
