import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import {
  type ClassAttendance,
  classAttendance,
  type PersonAttendance,
  personAttendance,
} from './attendance-share.ts'
import { type Credit, creditSession } from './credit.ts'
import { addEvidence, type EvidenceTotals, noEvidence } from './evidence.ts'
import type { AttendanceHistory, AttendanceRecord, ClassHistory } from './history.ts'
import { duration, type Interval } from './interval.ts'
import { type CreditedSession, countLessons, type LessonCount } from './lesson-count.ts'
import { type Pairing, pairRecords } from './pairing.ts'
import { type Reason, type ReasonCode, reason } from './reason.ts'
import type { RulePack } from './rule-pack.ts'
import { rulesForMode, settleRecord, standingOf } from './standing.ts'
import type { Session } from './timetable.ts'

/**
 * `pending`: the station has not recorded past the session's end, so nothing is said and nothing credited yet.
 * `corrected`: credited from times that two people entered afterwards. `leave`: two people granted it.
 * `incomplete`: signed in or out, not both. `excluded`: not on the roster then, or nothing that may count.
 */
export type SessionState =
  | 'pending'
  | 'present'
  | 'late'
  | 'left-early'
  | 'doubtful'
  | 'incomplete'
  | 'absent'
  | 'leave'
  | 'corrected'
  | 'excluded'

export interface SessionHours {
  readonly id: string
  readonly state: SessionState
  readonly creditedMs: number
  readonly byEvidence: EvidenceTotals
  readonly reasons: readonly Reason[]
}

export interface PersonHours {
  readonly person: string
  readonly creditedMs: number
  /** Lessons (课时), rounded once at the level that the pack names. */
  readonly lessons: number
  readonly byEvidence: EvidenceTotals
  readonly sessions: readonly SessionHours[]
  /** Absent under a pack of the first format. */
  readonly counted?: Omit<LessonCount, 'lessons'>
  /** Absent under a pack of the first format. */
  readonly attendance?: PersonAttendance
}

/** The `hours` document. With `simulated` none of it is anybody's attendance. */
export interface HoursDocument {
  readonly class: string
  readonly pack: { readonly id: string; readonly sha256: string }
  readonly simulated: boolean
  readonly people: readonly PersonHours[]
  /** Absent under a pack of the first format. */
  readonly attendance?: ClassAttendance
}

/**
 * Verified hours of everybody who ever had a seat in a class, from the ledger's history under one rule pack.
 * Pure: the same history and pack give the same document. An unknown class is `ROSTER_CLASS_UNKNOWN`.
 */
export function computeHours(
  history: AttendanceHistory,
  classId: string,
  given: RulePack,
): Result<HoursDocument> {
  const target = history.classes.get(classId)
  if (target === undefined) {
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger`))
  }
  const pack = rulesForMode(target, given)
  const { id, sha256 } = pack
  const recordsOf = groupRecords(target.records)
  const people = [...target.seats.keys()].map((person) =>
    personHours({ history, target, pack, person, recordsOf: recordsOf.get(person) ?? new Map() }),
  )
  const attendance = pack.more === null ? {} : { attendance: classAttendance(people, pack) }
  return ok({ class: classId, pack: { id, sha256 }, simulated: history.simulated, people, ...attendance })
}

interface PersonCase {
  readonly history: AttendanceHistory
  readonly target: ClassHistory
  readonly pack: RulePack
  readonly person: string
  readonly recordsOf: ReadonlyMap<string, readonly AttendanceRecord[]>
}

function personHours(given: PersonCase): PersonHours {
  let taken: Interval[] = []
  const credits: CreditedSession[] = []
  const inTime = [...given.target.sessions].sort((a, b) => a.start - b.start)
  const byId = new Map<string, SessionHours>()
  for (const session of inTime) {
    // What ended before this session can't overlap it or a later one.
    taken = taken.filter(({ end }) => end > session.start)
    const { hours, credit } = sessionHours(given, session, taken)
    byId.set(session.id, hours)
    if (credit === null) continue
    credits.push({ session, credit })
    taken.push(...credit.intervals)
  }
  const sessions = given.target.sessions.flatMap(({ id }) => byId.get(id) ?? [])
  const { lessons, ...counted } = countLessons(credits, given.pack, given.target.practice ?? null)
  const more =
    given.pack.more === null
      ? {}
      : { counted, attendance: personAttendance(sessions, given.target.sessions, given.pack) }
  return {
    person: given.person,
    creditedMs: sessions.reduce((sum, session) => sum + session.creditedMs, 0),
    lessons,
    byEvidence: addEvidence(sessions.map((session) => session.byEvidence)),
    sessions,
    ...more,
  }
}

function sessionHours(
  given: PersonCase,
  session: Session,
  taken: readonly Interval[],
): { hours: SessionHours; credit: Credit | null } {
  const { history, target, pack } = given
  const nothing = { id: session.id, creditedMs: 0, byEvidence: noEvidence() }
  if (!isOver(session, target, history.watermark)) {
    const inputs = { end: session.end, watermark: history.watermark ?? 0 }
    const reasons = [reason(pack, 'watermark', inputs)]
    return { hours: { ...nothing, state: 'pending', reasons }, credit: null }
  }
  const records = given.recordsOf.get(session.id) ?? []
  const { counted, refused } = sieve(records, given)
  const pairing = pairRecords(counted, pack)
  const credit = creditSession(session, pairing.stays, taken, pack)
  const creditedMs = duration(credit.intervals)
  const enrolled = wasEnrolled(given, session)
  const reasons = [...refused, ...pairing.reasons, ...credit.reasons]
  if (records.length === 0) {
    const { start, end } = session
    reasons.push(reason(pack, enrolled ? 'no-record' : 'not-enrolled', { start, end }))
  }
  const excluded = records.length === 0 ? !enrolled : counted.length === 0
  const recorded = excluded ? 'excluded' : stateOf(creditedMs, credit, pairing)
  const found = { state: recorded, creditedMs, counted }
  const { state, reasons: decided } = standingOf(target, given.person, session, found, pack)
  reasons.push(...decided)
  return { hours: { id: session.id, state, creditedMs, byEvidence: credit.byEvidence, reasons }, credit }
}

/** Records that may count, and a reason for each that may not. */
function sieve(records: readonly AttendanceRecord[], { history, pack }: PersonCase) {
  const counted: AttendanceRecord[] = []
  const refused: Reason[] = []
  for (const recorded of records) {
    const { record, reasons } = settleRecord(recorded, pack)
    refused.push(...reasons)
    if (record === null) continue
    if (!record.seated) refused.push(reason(pack, 'off-roster', { event: record.index }))
    else if (history.simulated) counted.push({ ...record, simulated: true })
    else if (record.simulated) refused.push(reason(pack, 'simulated', { event: record.index }))
    else counted.push(record)
  }
  return { counted, refused }
}

function stateOf(creditedMs: number, credit: Credit, pairing: Pairing): SessionState {
  const said = (rule: ReasonCode) => pairing.reasons.some((given) => given.rule === rule)
  if (creditedMs > 0) {
    if (credit.lateMs > 0) return 'late'
    return credit.earlyMs > 0 ? 'left-early' : 'present'
  }
  if (credit.reasons.some(({ rule }) => rule === 'overlapping-session')) return 'excluded'
  if (said('doubtful') || said('clock')) return 'doubtful'
  if (said('sign-in-without-sign-out') || said('sign-out-without-sign-in')) return 'incomplete'
  return 'absent'
}

function isOver(session: Session, target: ClassHistory, watermark: number | null): boolean {
  return target.closed.has(session.id) || (watermark !== null && watermark >= session.end)
}

function wasEnrolled({ target, person }: PersonCase, session: Session): boolean {
  const periods = target.seats.get(person) ?? []
  return periods.some(({ from, until }) => from < session.end && (until === null || until > session.start))
}

function groupRecords(
  records: readonly AttendanceRecord[],
): ReadonlyMap<string, ReadonlyMap<string, readonly AttendanceRecord[]>> {
  const people = new Map<string, Map<string, AttendanceRecord[]>>()
  for (const record of records) {
    const sessions = people.get(record.person) ?? new Map<string, AttendanceRecord[]>()
    const seat = sessions.get(record.session) ?? []
    seat.push(record)
    sessions.set(record.session, seat)
    people.set(record.person, sessions)
  }
  return people
}
