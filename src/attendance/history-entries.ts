import type { LedgerEvent } from '../ledger/event.ts'
import type { AttendanceRecord, GrowingClass } from './history.ts'

/**
 * Applies what people entered by hand to the class that it is about: resolutions, corrections, leave, make-up
 * sessions, paper sheets, checks, teachers. An entry about something that is not there changes nothing.
 */
export function applyEntry(target: GrowingClass, event: LedgerEvent): void {
  switch (event.type) {
    case 'doubtful.resolved': {
      const { record, person, decision } = event.data
      const doubted = target.records.find(({ index }) => index === record)
      if (doubted?.outcome !== 'doubtful' || doubted.person !== person || doubted.resolution != null) return
      doubted.resolution = { decision, event: event.index }
      return
    }
    case 'attendance.corrected':
      applyCorrection(target, event)
      return
    case 'leave.granted': {
      const { person, sessions, kind, overCap } = event.data
      const leaves = target.entries.leaves.get(person) ?? new Map()
      for (const session of sessions) leaves.set(session, { event: event.index, kind })
      target.entries.leaves.set(person, leaves)
      countAct(target, event, sessions.length, overCap)
      return
    }
    case 'makeup.scheduled': {
      const { session, replaces, people, overCap } = event.data
      if (target.sessions.some(({ id }) => id === session.id)) return
      target.sessions = [...target.sessions, session]
      target.entries.makeUps.set(session.id, { event: event.index, replaces, people: new Set(people) })
      countAct(target, event, people.length, overCap)
      return
    }
    case 'paper.entered':
      for (const { person, in: came, out: went } of event.data.entries) {
        if (came !== null) enter(target, event, { person, direction: 'in', at: came, origin: 'paper' })
        if (went !== null) enter(target, event, { person, direction: 'out', at: went, origin: 'paper' })
      }
      return
    case 'check.called': {
      const { session, until } = event.data
      const { index, time } = event
      target.entries.calls.push({ event: index, session, at: time.wall, until, answers: new Map() })
      return
    }
    case 'check.answered': {
      const { call, person, result } = event.data
      const called = target.entries.calls.find((one) => one.event === call)
      if (called === undefined || event.time.wall > called.until) return
      if (called.answers.get(person)?.result !== 'seen')
        called.answers.set(person, { result, event: event.index })
      return
    }
    case 'teacher.attendance': {
      const { session, actor, direction, substitutes } = event.data
      const { index, time } = event
      target.entries.teachers.push({ index, session, actor, direction, substitutes, time })
      return
    }
  }
}

function applyCorrection(
  target: GrowingClass,
  event: Extract<LedgerEvent, { readonly type: 'attendance.corrected' }>,
): void {
  const { person, session, add, void: voids, overCap } = event.data
  if (voids !== null) {
    const record = target.records.find(({ index }) => index === voids)
    if (record?.person === person && record.session === session) record.voided ??= event.index
  }
  if (add !== null) enter(target, event, { person, ...add, origin: 'corrected' })
  countAct(target, event, 1, overCap)
}

type SessionEvent = Extract<LedgerEvent, { readonly type: 'attendance.corrected' | 'paper.entered' }>

/**
 * A record that was entered afterwards stands where its time puts it among the person's others. Its clock is nobody's
 * boot time: only the wall clock that the signers wrote down is left to measure by.
 */
function enter(
  { records, seats }: GrowingClass,
  { index, time, data: { session } }: SessionEvent,
  entry: {
    readonly person: string
    readonly direction: 'in' | 'out'
    readonly at: number
    readonly origin: 'corrected' | 'paper'
  },
): void {
  const { person, direction, at, origin } = entry
  const periods = seats.get(person) ?? []
  const record: AttendanceRecord = {
    ...{ index, session, person, direction, origin, outcome: 'witnessed', portrait: 'none' },
    simulated: time.trust === 'simulated',
    seated: periods.some(({ from, until }) => at >= from && (until === null || at < until)),
    time: { ...time, wall: at, boot: `entered/${index}/${direction}` },
  }
  const after = records.findIndex(
    (other) => other.person === person && other.session === session && other.time.wall > at,
  )
  records.splice(after < 0 ? records.length : after, 0, record)
}

function countAct(target: GrowingClass, { index, time }: LedgerEvent, seats: number, overCap: boolean): void {
  target.entries.manualActs.push({ event: index, at: time.wall, seats, overCap })
}
