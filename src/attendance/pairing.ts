import { type Evidence, evidenceOf } from './evidence.ts'
import type { AttendanceRecord } from './history.ts'
import type { Interval } from './interval.ts'
import { type Reason, reason } from './reason.ts'
import type { RulePack } from './rule-pack.ts'

/** A time between a sign-in and the sign-out that belongs to it. */
export interface Stay extends Interval {
  readonly evidence: Evidence
}

export interface Pairing {
  /** Stays that may count. */
  readonly stays: readonly Stay[]
  readonly reasons: readonly Reason[]
}

/**
 * Pairs one person's records of one session by their logged direction, never by alternation, in ledger order.
 * A sign-in that another one follows has no sign-out and credits nothing: to pay from the first of two would
 * pay for a forgotten sign-out. A sign-out without a sign-in adds nothing. A repeat within the pack's window is
 * the same act, and a certain sign-in replaces a doubtful one there.
 */
export function pairRecords(records: readonly AttendanceRecord[], pack: RulePack): Pairing {
  const stays: Stay[] = []
  const reasons: Reason[] = []
  let open: AttendanceRecord | null = null
  let signedOut: AttendanceRecord | null = null
  for (const record of records) {
    if (record.direction === 'in') {
      if (open !== null && isRepeat(open, record, pack)) {
        if (open.outcome === 'doubtful') open = record
        continue
      }
      if (open !== null) reasons.push(reason(pack, 'sign-in-without-sign-out', { event: open.index }))
      open = record
    } else if (open !== null) {
      const stay = measureStay(open, record, pack)
      if ('rule' in stay) reasons.push(stay)
      else stays.push(stay)
      signedOut = record
      open = null
    } else if (signedOut === null || !isRepeat(signedOut, record, pack)) {
      reasons.push(reason(pack, 'sign-out-without-sign-in', { event: record.index }))
    }
  }
  if (open !== null) reasons.push(reason(pack, 'sign-in-without-sign-out', { event: open.index }))
  return { stays, reasons }
}

function isRepeat(before: AttendanceRecord, after: AttendanceRecord, pack: RulePack): boolean {
  const apart = Math.abs(after.time.wall - before.time.wall)
  return apart <= pack.rules.duplicateWindowSeconds.value * 1000
}

/** The stay between two records, or why it counts nothing. */
function measureStay(signIn: AttendanceRecord, signOut: AttendanceRecord, pack: RulePack): Stay | Reason {
  const events = { in: signIn.index, out: signOut.index }
  if (signIn.outcome === 'doubtful' || signOut.outcome === 'doubtful') return reason(pack, 'doubtful', events)
  const elapsed = elapsedBetween(signIn, signOut, pack)
  if (!elapsed.trusted) return reason(pack, 'clock', { ...events, ...elapsed.inputs })
  const least = pack.rules.minimumStayMinutes.value * 60_000
  if (elapsed.ms < least) return reason(pack, 'short-stay', { ...events, stayMs: elapsed.ms, leastMs: least })
  const start = signIn.time.wall
  return { start, end: start + elapsed.ms, evidence: evidenceOf(signIn, signOut) }
}

type Elapsed = { trusted: true; ms: number } | { trusted: false; inputs: Record<string, number> }

/**
 * Inside one boot the kernel's boot time measures and the wall clock has to agree, so that setting the clock
 * makes nobody's day longer. Across boots only the wall clock is there. A simulated clock has no boot time.
 */
function elapsedBetween(signIn: AttendanceRecord, signOut: AttendanceRecord, pack: RulePack): Elapsed {
  const wallMs = signOut.time.wall - signIn.time.wall
  const simulated = signIn.time.trust === 'simulated' || signOut.time.trust === 'simulated'
  if (simulated || signIn.time.boot !== signOut.time.boot) {
    return wallMs < 0 ? { trusted: false, inputs: { wallMs } } : { trusted: true, ms: wallMs }
  }
  const boottimeMs = signOut.time.boottime - signIn.time.boottime
  const toleranceMs = pack.rules.clockToleranceSeconds.value * 1000
  const agrees = boottimeMs >= 0 && Math.abs(boottimeMs - wallMs) <= toleranceMs
  return agrees
    ? { trusted: true, ms: boottimeMs }
    : { trusted: false, inputs: { wallMs, boottimeMs, toleranceMs } }
}
