import { openDoubts } from '../attendance/doubts.ts'
import { type AttendanceRecord, type ClassHistory, projectHistory } from '../attendance/history.ts'
import { manualUse } from '../attendance/manual-cap.ts'
import { findPack } from '../attendance/shipped-packs.ts'
import type { Session } from '../attendance/timetable.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData, EventInput, SignedAct } from '../ledger/event.ts'
import { namesDigest, paperDigest } from '../ledger/signed-list.ts'
import type { StationData } from './data-folder.ts'
import { packFolder } from './setup.ts'
import { countSupervisors, type Signer, type Staff } from './staff.ts'

/*
 * What two people enter by hand about attendance: never an edit, always one more signed record with a reason. Who signs
 * says so with a key of their own; one person cannot do any of it alone, and nobody signs in for somebody else here.
 */

export type TwoSigners = readonly [Signer, Signer]
type Entered = Result<{ index: number; overCap: boolean }>

/** How far from a session a hand-written time may lie. The site's own bound on typing errors, not a rule about lateness. */
const NEAR_MS = 3600_000

/**
 * Decides a doubtful record, one of the two being a supervisor; after the deadline both are, to accept it.
 * Faults: `CLASS_DOUBT_UNKNOWN` (no such record, or not doubtful), `CLASS_DOUBT_RESOLVED`, `CLASS_DOUBT_OVERDUE`,
 * `STATION_NOT_SUPERVISOR`, `ROSTER_CLASS_UNKNOWN`, those of `Staff.sign`.
 */
export function resolveDoubt(
  data: StationData,
  staff: Staff,
  given: Pick<EventData['doubtful.resolved'], 'class' | 'record' | 'decision' | 'reason'>,
  signers: TwoSigners,
  deadlineMs: number,
): Entered {
  const history = historyOf(data, given.class)
  if (!history.ok) return history
  const record = history.value.records.find(({ index }) => index === given.record)
  if (record?.outcome !== 'doubtful') {
    return failed(
      new Fault('CLASS_DOUBT_UNKNOWN', `record ${given.record} is not a doubtful one of this class`),
    )
  }
  if (!openDoubts(history.value).includes(record)) {
    return failed(new Fault('CLASS_DOUBT_RESOLVED', `record ${given.record} was decided already`))
  }
  const late = data.clock.now().wall > record.time.wall + deadlineMs
  const supervisors = countSupervisors(staff, signers)
  if (supervisors === 0) return failed(new Fault('STATION_NOT_SUPERVISOR', 'one of the two is a supervisor'))
  if (late && given.decision === 'accept' && supervisors < 2) {
    const why = 'the deadline has passed: only two supervisors accept it now'
    return failed(new Fault('CLASS_DOUBT_OVERDUE', why))
  }
  const body = { ...given, person: record.person }
  return enter(data, staff, 'doubtful.resolve', body, body, signers, (act) => ({
    type: 'doubtful.resolved',
    data: { ...body, act },
  }))
}

/**
 * Adds a missing sign-in or sign-out, or takes a wrong record out of the count.
 * Faults: `CLASS_CORRECTION` (nothing to do, a time far from the session or in the future, a record of somebody else),
 * `CLASS_SESSION_UNKNOWN`, `ROSTER_PERSON_UNKNOWN`, `CLASS_MANUAL_CAP`, those of `Staff.sign`.
 */
export function correctAttendance(
  data: StationData,
  staff: Staff,
  given: Omit<EventData['attendance.corrected'], 'act' | 'overCap'>,
  signers: TwoSigners,
): Entered {
  const found = seatOf(data, given)
  if (!found.ok) return found
  const { history, session } = found.value
  const wrong = falseCorrection(given, session, history.records, data.clock.now().wall)
  if (wrong !== null) return failed(new Fault('CLASS_CORRECTION', wrong))
  const capped = withinCap(data, staff, history, 1, signers)
  if (!capped.ok) return capped
  const body = { ...given, overCap: capped.value }
  return enter(data, staff, 'attendance.correct', body, body, signers, (act) => ({
    type: 'attendance.corrected',
    data: { ...body, act },
  }))
}

/** Grants leave for whole sessions. Faults as of a correction. */
export function grantLeave(
  data: StationData,
  staff: Staff,
  given: Omit<EventData['leave.granted'], 'act' | 'overCap'>,
  signers: TwoSigners,
): Entered {
  const found = historyOf(data, given.class)
  if (!found.ok) return found
  const stranger = given.sessions.find((session) => sessionIn(found.value, session) === null)
  if (stranger !== undefined) return failed(unknownSession(stranger))
  if (!found.value.seats.has(given.person)) return failed(unknownPerson())
  const capped = withinCap(data, staff, found.value, given.sessions.length, signers)
  if (!capped.ok) return capped
  const body = { ...given, overCap: capped.value }
  const signed = { ...body, sessions: namesDigest(body.sessions) }
  return enter(data, staff, 'leave.grant', signed, body, signers, (act) => ({
    type: 'leave.granted',
    data: { ...body, act },
  }))
}

/**
 * Adds a session for people who missed another one; it has to lie ahead, so that attendance in it is taken at the door.
 * Faults: `CLASS_MAKEUP`, and those of a correction.
 */
export function scheduleMakeUp(
  data: StationData,
  staff: Staff,
  given: Omit<EventData['makeup.scheduled'], 'act' | 'overCap'>,
  signers: TwoSigners,
): Entered {
  const found = historyOf(data, given.class)
  if (!found.ok) return found
  const { session, replaces, people } = given
  if (sessionIn(found.value, replaces) === null) return failed(unknownSession(replaces))
  if (people.some((person) => !found.value.seats.has(person))) return failed(unknownPerson())
  if (session.end <= session.start || session.start < data.clock.now().wall) {
    return failed(new Fault('CLASS_MAKEUP', 'a make-up session lies ahead and ends after it starts'))
  }
  if (sessionIn(found.value, session.id) !== null) {
    return failed(new Fault('CLASS_MAKEUP', `the class has a session ${session.id} already`))
  }
  const capped = withinCap(data, staff, found.value, people.length, signers)
  if (!capped.ok) return capped
  const body = { ...given, overCap: capped.value }
  const signed = { ...body, people: namesDigest(people) }
  return enter(data, staff, 'makeup.schedule', signed, body, signers, (act) => ({
    type: 'makeup.scheduled',
    data: { ...body, act },
  }))
}

/**
 * Enters a sheet that was signed on paper while the kiosk was dead. Its times count as proven by two people's word only.
 * Faults: `CLASS_PAPER` (a time far from the session, in the future, out before in, a person twice), and those of a correction.
 */
export function enterPaper(
  data: StationData,
  staff: Staff,
  given: Omit<EventData['paper.entered'], 'act'>,
  signers: TwoSigners,
): Entered {
  const found = historyOf(data, given.class)
  if (!found.ok) return found
  const session = sessionIn(found.value, given.session)
  if (session === null) return failed(unknownSession(given.session))
  if (given.entries.some(({ person }) => !found.value.seats.has(person))) return failed(unknownPerson())
  if (new Set(given.entries.map(({ person }) => person)).size !== given.entries.length) {
    return failed(new Fault('CLASS_PAPER', 'a person stands once on a sheet'))
  }
  const { wall } = data.clock.now()
  const wrong = given.entries.some(({ in: came, out: went }) => {
    const times = [came, went].filter((time) => time !== null)
    const ordered = came === null || went === null || came < went
    return times.length === 0 || !ordered || times.some((time) => !isNear(time, session) || time > wall)
  })
  if (wrong) {
    const why = 'a line has no time, one far from the session or ahead, or an end before its start'
    return failed(new Fault('CLASS_PAPER', why))
  }
  const signed = { ...given, entries: paperDigest(given.entries) }
  return enter(data, staff, 'paper.enter', signed, given, signers, (act) => ({
    type: 'paper.entered',
    data: { ...given, act },
  }))
}

/** The class as the ledger tells it now. `ROSTER_CLASS_UNKNOWN`. */
export function historyOf({ ledger }: Pick<StationData, 'ledger'>, id: string): Result<ClassHistory> {
  const events = [...ledger.events()].map(({ event }) => event)
  const history = projectHistory(events).classes.get(id)
  if (history !== undefined) return ok(history)
  return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${id}" in this ledger`))
}

function enter(
  data: StationData,
  staff: Staff,
  act: string,
  statement: Readonly<Record<string, unknown>>,
  body: object,
  signers: TwoSigners,
  input: (act: SignedAct) => EventInput,
): Entered {
  const signed = staff.sign({ act, ...statement }, signers)
  if (!signed.ok) return signed
  const overCap = 'overCap' in body && body.overCap === true
  return ok({ index: data.ledger.append(input(signed.value)).index, overCap })
}

/** Whether the act goes beyond the cap; then it needs two supervisors, else `CLASS_MANUAL_CAP`. */
function withinCap(
  data: StationData,
  staff: Staff,
  history: ClassHistory,
  seats: number,
  signers: TwoSigners,
): Result<boolean> {
  const pack = findPack(history.pack.sha256, [packFolder(data.dir)])
  if (!pack.ok) return pack
  const { used, allowed } = manualUse(history, pack.value, data.clock.now().wall)
  const beyond = allowed !== null && used + seats > allowed
  if (!beyond || countSupervisors(staff, signers) === 2) return ok(beyond)
  const why = `${used} of ${allowed} manual entries of this month are used: two supervisors have to sign`
  return failed(new Fault('CLASS_MANUAL_CAP', why))
}

function seatOf(
  data: StationData,
  given: { readonly class: string; readonly session: string; readonly person: string },
): Result<{ history: ClassHistory; session: Session }> {
  const history = historyOf(data, given.class)
  if (!history.ok) return history
  const session = sessionIn(history.value, given.session)
  if (session === null) return failed(unknownSession(given.session))
  if (!history.value.seats.has(given.person)) return failed(unknownPerson())
  return ok({ history: history.value, session })
}

function falseCorrection(
  { add, void: voids, person, session: id }: Omit<EventData['attendance.corrected'], 'act' | 'overCap'>,
  session: Session,
  records: readonly AttendanceRecord[],
  now: number,
): string | null {
  if (add === null && voids === null) return 'a correction adds a time, or takes a record out of the count'
  if (add !== null && (!isNear(add.at, session) || add.at > now)) {
    return 'the time is far from the session, or ahead'
  }
  const target = voids === null ? null : records.find(({ index }) => index === voids)
  if (target === undefined || (target !== null && (target.person !== person || target.session !== id))) {
    return 'this record is not one of this person in this session'
  }
  return target?.voided == null ? null : 'this record does not count already'
}

function sessionIn({ sessions }: ClassHistory, id: string): Session | null {
  return sessions.find((session) => session.id === id) ?? null
}

function isNear(time: number, { start, end }: Session): boolean {
  return time >= start - NEAR_MS && time <= end + NEAR_MS
}

function unknownSession(id: string): Fault {
  return new Fault('CLASS_SESSION_UNKNOWN', `the class has no session ${id}`)
}

function unknownPerson(): Fault {
  return new Fault('ROSTER_PERSON_UNKNOWN', 'nobody of this class has this id')
}
