import { clauseOf, type RulePack, type Rules } from './rule-pack.ts'

/** Why an hour counts, does not count, or cannot be said yet. */
export interface Reason {
  readonly rule: ReasonCode
  /** The pack's value behind it and where that comes from. */
  readonly clause: string
  /** What the rule was applied to: leaf indexes, instants and spans in milliseconds, limits. */
  readonly inputs: Readonly<Record<string, string | number>>
}

/** Each situation, and the entry of the rule pack that decides it. */
const decidedBy = {
  watermark: 'absence',
  'no-record': 'absence',
  'not-enrolled': 'offRosterRecords',
  'off-roster': 'offRosterRecords',
  simulated: 'simulatedRecords',
  'sign-in-without-sign-out': 'signPolicy',
  'sign-out-without-sign-in': 'signPolicy',
  doubtful: 'unresolvedDoubt',
  clock: 'clockToleranceSeconds',
  'short-stay': 'minimumStayMinutes',
  'outside-session': 'signPolicy',
  'overlapping-session': 'signPolicy',
  late: 'lateGraceMinutes',
  'lesson-lost-late': 'lateGraceMinutes',
  'left-early': 'earlyLeaveGraceMinutes',
  'lesson-lost-left-early': 'earlyLeaveGraceMinutes',
  'doubt-accepted': 'unresolvedDoubt',
  'doubt-refused': 'unresolvedDoubt',
  voided: 'signPolicy',
  corrected: 'signPolicy',
  paper: 'signPolicy',
  leave: 'absence',
  'makes-up': 'absence',
  'made-up': 'absence',
  'not-makeup': 'absence',
  cumulative: 'absence',
  'check-seen': 'signPolicy',
  'check-missed': 'signPolicy',
} as const satisfies Record<string, keyof Rules>

export type ReasonCode = keyof typeof decidedBy

export function reason(pack: RulePack, rule: ReasonCode, inputs: Reason['inputs']): Reason {
  return { rule, clause: clauseOf(pack, decidedBy[rule]), inputs }
}
