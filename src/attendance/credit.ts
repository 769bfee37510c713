import { type EvidenceTotals, evidenceLevels, noEvidence } from './evidence.ts'
import { clip, duration, type Interval, subtract, union } from './interval.ts'
import type { Stay } from './pairing.ts'
import { type Reason, reason } from './reason.ts'
import type { RulePack } from './rule-pack.ts'
import type { Session } from './timetable.ts'

/** What one session credits to one person. */
export interface Credit {
  readonly byEvidence: EvidenceTotals
  /** Credited time, sorted and disjoint, inside the session. */
  readonly intervals: readonly Interval[]
  /** Credited milliseconds in each lesson slot of the session. */
  readonly lessonMs: readonly number[]
  /** How long after the start the person came and before the end they went; zero for somebody who never came. */
  readonly lateMs: number
  readonly earlyMs: number
  readonly reasons: readonly Reason[]
}

/**
 * Clips stays to the session, takes lessons away that were joined too late or left too early, and counts each
 * moment once: at its strongest evidence, and not again where an overlapping session (`taken`) has it.
 */
export function creditSession(
  session: Session,
  stays: readonly Stay[],
  taken: readonly Interval[],
  pack: RulePack,
): Credit {
  const reasons: Reason[] = []
  const presence = union(clip(stays, session))
  if (stays.length > 0 && presence.length === 0) {
    reasons.push(reason(pack, 'outside-session', { start: session.start, end: session.end }))
  }
  const slots = lessonSlots(session, pack)
  const kept = slots.flatMap((slot, index) => keptInSlot(slot, index, presence, pack, reasons))
  const intervals = subtract(kept, taken)
  const overlapMs = duration(kept) - duration(intervals)
  if (overlapMs > 0) reasons.push(reason(pack, 'overlapping-session', { overlapMs }))

  const lateMs = presence.length === 0 ? 0 : (presence[0]?.start ?? session.start) - session.start
  const earlyMs = presence.length === 0 ? 0 : session.end - (presence.at(-1)?.end ?? session.end)
  if (lateMs > 0) reasons.push(reason(pack, 'late', { lateMs }))
  if (earlyMs > 0) reasons.push(reason(pack, 'left-early', { earlyMs }))
  const lessonMs = slots.map((slot) => duration(clip(intervals, slot)))
  return { byEvidence: splitByEvidence(intervals, stays), intervals, lessonMs, lateMs, earlyMs, reasons }
}

/** Slots of a lesson's length from the session's start; what is left at the end is a shorter slot. */
function lessonSlots(session: Session, pack: RulePack): Interval[] {
  const length = pack.rules.lessonMinutes.value * 60_000
  const slots: Interval[] = []
  for (let start = session.start; start < session.end; start += length) {
    slots.push({ start, end: Math.min(start + length, session.end) })
  }
  return slots
}

function keptInSlot(
  slot: Interval,
  index: number,
  presence: readonly Interval[],
  pack: RulePack,
  reasons: Reason[],
): Interval[] {
  const inSlot = clip(presence, slot)
  const [first] = inSlot
  const last = inSlot.at(-1)
  if (first === undefined || last === undefined) return []
  const { lateGraceMinutes: late, earlyLeaveGraceMinutes: early } = pack.rules
  const lateMs = first.start - slot.start
  const earlyMs = slot.end - last.end
  const lesson = index + 1
  if (late.value !== null && lateMs > late.value * 60_000) {
    reasons.push(reason(pack, 'lesson-lost-late', { lesson, lateMs, graceMs: late.value * 60_000 }))
    return []
  }
  if (early.value !== null && earlyMs > early.value * 60_000) {
    reasons.push(reason(pack, 'lesson-lost-left-early', { lesson, earlyMs, graceMs: early.value * 60_000 }))
    return []
  }
  return inSlot
}

function splitByEvidence(intervals: readonly Interval[], stays: readonly Stay[]): EvidenceTotals {
  const totals = noEvidence()
  let left: readonly Interval[] = intervals
  for (const level of evidenceLevels) {
    const proven = stays.filter((stay) => stay.evidence === level)
    if (proven.length === 0) continue
    const rest = subtract(left, proven)
    totals[level] = duration(left) - duration(rest)
    left = rest
  }
  return totals
}
