import type { AttendanceRecord, ClassHistory } from './history.ts'
import { type Reason, reason } from './reason.ts'
import type { RulePack } from './rule-pack.ts'
import type { Session } from './timetable.ts'

/* What people decided by hand about a session of a person, put on top of what the door recorded. */

/** A record as two signers left it: counted as it is, counted as proven by hand, or not counted; with why. */
export function settleRecord(
  record: AttendanceRecord,
  pack: RulePack,
): { readonly record: AttendanceRecord | null; readonly reasons: readonly Reason[] } {
  if (record.voided != null) {
    return { record: null, reasons: [reason(pack, 'voided', { event: record.index, by: record.voided })] }
  }
  if (record.outcome !== 'doubtful' || record.resolution == null) return { record, reasons: [] }
  const { decision, event: by } = record.resolution
  const inputs = { event: record.index, by }
  if (decision === 'refuse') return { record: null, reasons: [reason(pack, 'doubt-refused', inputs)] }
  // Two people looked: it is proven by their word, not by the face that was in doubt.
  const witnessed = { ...record, outcome: 'witnessed' as const, portrait: 'none' as const }
  return { record: witnessed, reasons: [reason(pack, 'doubt-accepted', inputs)] }
}

/** The rules as they hold for a class: nobody is late where sessions are only when the door is open. */
export function rulesForMode({ mode }: Pick<ClassHistory, 'mode'>, pack: RulePack): RulePack {
  if (mode !== 'cumulative') return pack
  const { lateGraceMinutes: late, earlyLeaveGraceMinutes: early } = pack.rules
  const rules = {
    ...pack.rules,
    lateGraceMinutes: { ...late, value: null },
    earlyLeaveGraceMinutes: { ...early, value: null },
  }
  return { ...pack, rules }
}

interface Found<State extends string> {
  readonly state: State
  readonly creditedMs: number
  /** Records that may count. */
  readonly counted: readonly AttendanceRecord[]
}

/** The state of a finished session with leave, make-up sessions, corrections, checks and the class's mode in view. */
export function standingOf<State extends string>(
  target: ClassHistory,
  person: string,
  session: Session,
  { state, creditedMs, counted }: Found<State>,
  pack: RulePack,
): {
  readonly state: State | 'present' | 'leave' | 'corrected' | 'excluded'
  readonly reasons: readonly Reason[]
} {
  const { entries } = target
  const leave = entries?.leaves.get(person)?.get(session.id)
  const reasons = [
    ...makeUpReasons(target, person, session, pack),
    ...checkReasons(target, person, session, counted, pack),
  ]
  const makeUp = entries?.makeUps.get(session.id)
  if (creditedMs > 0) {
    const entered = counted.filter(({ origin = 'door' }) => origin !== 'door')
    for (const { index, origin } of entered) {
      reasons.push(reason(pack, origin === 'paper' ? 'paper' : 'corrected', { event: index }))
    }
    if (entered.length > 0) return { state: 'corrected', reasons }
    const punctual = target.mode === 'cumulative' && (state === 'late' || state === 'left-early')
    return { state: punctual ? 'present' : state, reasons }
  }
  if (state !== 'absent' && state !== 'incomplete') return { state, reasons }
  if (leave !== undefined) {
    return {
      state: 'leave',
      reasons: [...reasons, reason(pack, 'leave', { event: leave.event, kind: leave.kind })],
    }
  }
  if (state !== 'absent' || counted.length > 0) return { state, reasons }
  if (makeUp !== undefined && !makeUp.people.has(person)) return { state: 'excluded', reasons }
  if (target.mode === 'cumulative') {
    return { state: 'excluded', reasons: [...reasons, reason(pack, 'cumulative', {})] }
  }
  return { state, reasons }
}

function makeUpReasons(target: ClassHistory, person: string, session: Session, pack: RulePack): Reason[] {
  const makeUps = target.entries?.makeUps ?? new Map()
  const own = makeUps.get(session.id)
  const reasons: Reason[] = []
  if (own !== undefined) {
    const rule = own.people.has(person) ? ('makes-up' as const) : ('not-makeup' as const)
    reasons.push(reason(pack, rule, { event: own.event, replaces: own.replaces }))
  }
  for (const [id, { event, replaces, people }] of makeUps) {
    if (replaces === session.id && people.has(person))
      reasons.push(reason(pack, 'made-up', { event, by: id }))
  }
  return reasons
}

/** Only who was in at the call could have been seen. */
function checkReasons(
  { entries }: ClassHistory,
  person: string,
  { id }: Session,
  counted: readonly AttendanceRecord[],
  pack: RulePack,
): Reason[] {
  const calls = entries?.calls.filter(({ session }) => session === id) ?? []
  return calls.flatMap(({ event, at, answers }) => {
    const before = counted.filter(({ time }) => time.wall <= at).at(-1)
    if (before?.direction !== 'in') return []
    const answer = answers.get(person)
    if (answer?.result === 'seen') return [reason(pack, 'check-seen', { call: event, event: answer.event })]
    return [reason(pack, 'check-missed', { call: event, result: answer?.result ?? 'no-answer' })]
  })
}
