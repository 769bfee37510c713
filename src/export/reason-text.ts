import type { Reason, ReasonCode } from '../attendance/reason.ts'

/** A reason as a table shows it: one short sentence, times in minutes. */
export function reasonText({ rule, inputs }: Reason): string {
  return sentences[rule].replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = inputs[name] ?? ''
    return name.endsWith('Ms') && typeof value === 'number' ? String(minutesOf(value)) : String(value)
  })
}

/** Minutes to five decimals, which is exact to the millisecond. */
export function minutesOf(ms: number): number {
  return Math.round((ms / 60_000) * 1e5) / 1e5
}

const sentences: Readonly<Record<ReasonCode, string>> = {
  watermark: '课次未结束，暂不认定',
  'no-record': '无签到签退记录',
  'not-enrolled': '该课次期间不在花名册',
  'off-roster': '记录{event}：签到时不在花名册，不计',
  simulated: '记录{event}：模拟设备，不计',
  'sign-in-without-sign-out': '记录{event}：有签到无签退，不计',
  'sign-out-without-sign-in': '记录{event}：有签退无签到，不计',
  doubtful: '记录{in}–{out}：存疑未经两人确认，不计',
  clock: '记录{in}–{out}：时钟不可信，不计',
  'short-stay': '记录{in}–{out}：停留{stayMs}分钟，过短不计',
  'outside-session': '签到签退均在课次时间以外',
  'overlapping-session': '与另一课次重叠{overlapMs}分钟，不重复计',
  late: '迟到{lateMs}分钟',
  'lesson-lost-late': '第{lesson}课时迟到{lateMs}分钟，超过{graceMs}分钟，按缺勤',
  'left-early': '早退{earlyMs}分钟',
  'lesson-lost-left-early': '第{lesson}课时早退{earlyMs}分钟，超过{graceMs}分钟，按缺勤',
  'doubt-accepted': '记录{event}：存疑，两人核对后认可（记录{by}）',
  'doubt-refused': '记录{event}：存疑，两人核对后不认可（记录{by}），不计',
  voided: '记录{event}：已更正（记录{by}），不计',
  corrected: '记录{event}：两人签名补录',
  paper: '记录{event}：纸质签到表，两人签名录入',
  leave: '请假（记录{event}）',
  'makes-up': '补课，对应课次{replaces}',
  'made-up': '已安排补课：课次{by}',
  'not-makeup': '补课课次，本人无须参加',
  cumulative: '累计学时班，该课次未参加',
  'check-seen': '课中抽查（记录{call}）：在场',
  'check-missed': '课中抽查（记录{call}）：未确认在场',
}
