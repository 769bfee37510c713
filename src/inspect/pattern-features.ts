/** One sign-in or sign-out at the door. */
export interface Mark {
  readonly person: string
  /** Station's clock, milliseconds. */
  readonly at: number
  /** Which reader, empty where none was used. */
  readonly reader: string
}

/** What the door recorded of one session. */
export interface PatternSession {
  /** People who had a seat. */
  readonly expected: number
  /** Each person's first sign-in and last sign-out, in the order of time. */
  readonly ins: readonly Mark[]
  readonly outs: readonly Mark[]
}

/**
 * One thing about a class's records that people do by chance and scripts do not. `ordinary` is where points begin,
 * `strange` where a script is; both were set by eye on simulated classes, and each is a number to argue with.
 */
export interface PatternFeature {
  readonly name: 'even-gaps' | 'cards-in-seconds' | 'same-order' | 'equal-durations' | 'all-in-all-out'
  readonly ordinary: number
  readonly strange: number
  /** Null where there is too little to measure. */
  measure(sessions: readonly PatternSession[]): number | null
  explain(value: number): string
}

/** Fewer marks than this in a session say nothing about it. */
const FEWEST_MARKS = 6
/** Nobody walks up, holds out a card and looks up faster. */
const HAND_MS = 3000
/** What a queue needs for each person, with room for some who are slow. */
const QUEUE_MS_EACH = 8000

export const patternFeatures: readonly PatternFeature[] = [
  {
    name: 'even-gaps',
    ordinary: 0.28,
    strange: 0.16,
    measure: (sessions) => medianOf(sessions, ({ ins }) => gapVariation(ins)),
    explain: (value) =>
      `the gaps between sign-ins vary by ${percent(value)} of their mean; a queue of people varies by about half of it`,
  },
  {
    name: 'cards-in-seconds',
    ordinary: 0.25,
    strange: 0.6,
    measure: (sessions) => medianOf(sessions, ({ ins }) => shareFed(ins)),
    explain: (value) =>
      `${percent(value)} of the sign-ins came within 3 s of the one before at the same reader`,
  },
  {
    name: 'same-order',
    ordinary: 0.04,
    strange: 0.012,
    measure: (sessions) => meanInversions(sessions),
    explain: (value) =>
      `from one session to the next ${percent(value)} of all pairs of people came in the other order; by chance it is half of them`,
  },
  {
    name: 'equal-durations',
    ordinary: 0.4,
    strange: 0.7,
    measure: (sessions) => medianOf(sessions, gapsAgree),
    explain: (value) =>
      `the gaps with which people came and those with which they left agree by ${value.toFixed(2)} (rank correlation): 0 is chance, 1 means that everybody stayed equally long`,
  },
  {
    name: 'all-in-all-out',
    ordinary: 0.4,
    strange: 0.75,
    measure: (sessions) =>
      sessions.length === 0 ? null : sessions.filter(isAllAtOnce).length / sessions.length,
    explain: (value) =>
      `in ${percent(value)} of the sessions everybody came and everybody left, with nobody late and nobody missing at the end`,
  },
]

/** Coefficient of variation of the gaps, the longest tenth left out: a break doesn't hide an even beat. */
function gapVariation(marks: readonly Mark[]): number | null {
  if (marks.length < FEWEST_MARKS) return null
  const gaps = gapsOf(marks).sort((a, b) => a - b)
  const kept = gaps.slice(0, Math.ceil(gaps.length * 0.9))
  const mean = kept.reduce((sum, gap) => sum + gap, 0) / kept.length
  const variance = kept.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / kept.length
  return mean === 0 ? 0 : Math.sqrt(variance) / mean
}

function shareFed(marks: readonly Mark[]): number | null {
  if (marks.length < FEWEST_MARKS) return null
  const last = new Map<string, number>()
  let fed = 0
  for (const { reader, at } of marks) {
    const before = last.get(reader)
    if (before !== undefined && at - before < HAND_MS) fed++
    last.set(reader, at)
  }
  return fed / marks.length
}

/** Of all pairs of people who came to two sessions in a row, the share that came in the other order. */
function meanInversions(sessions: readonly PatternSession[]): number | null {
  const rates: number[] = []
  for (const [i, { ins }] of sessions.entries()) {
    const places = new Map(sessions[i - 1]?.ins.map(({ person }, place) => [person, place]))
    const order = ins.flatMap(({ person }) => places.get(person) ?? [])
    if (order.length < FEWEST_MARKS) continue
    rates.push(inversions(order) / ((order.length * (order.length - 1)) / 2))
  }
  return rates.length < 2 ? null : rates.reduce((sum, rate) => sum + rate, 0) / rates.length
}

function inversions(order: readonly number[]): number {
  let count = 0
  for (const [i, place] of order.entries()) {
    for (let j = 0; j < i; j++) if (order[j]! > place) count++
  }
  return count
}

/**
 * Spearman's rank correlation between the gaps of coming and of leaving, of people who came one after the other. Equal
 * stays copy every gap. People who are called in and out by a roll stay about equally long too, but their gaps don't agree.
 */
function gapsAgree({ ins, outs }: PatternSession): number | null {
  const leftAt = new Map(outs.map(({ person, at }) => [person, at]))
  const both = ins.flatMap(({ person, at }) =>
    leftAt.has(person) ? [{ came: at, left: leftAt.get(person)! }] : [],
  )
  if (both.length <= FEWEST_MARKS) return null
  const coming = both.slice(1).map(({ came }, i) => came - both[i]!.came)
  const leaving = both.slice(1).map(({ left }, i) => left - both[i]!.left)
  return correlation(ranks(coming), ranks(leaving))
}

function ranks(values: readonly number[]): number[] {
  const rising = [...values].sort((a, b) => a - b)
  // Equal values share the middle of their places.
  return values.map((value) => (rising.indexOf(value) + rising.lastIndexOf(value)) / 2)
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (a.length - 1) / 2
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + (value - mean) * (y[i]! - mean), 0)
  const scale = Math.sqrt(product(a, a) * product(b, b))
  return scale === 0 ? 0 : product(a, b) / scale
}

function isAllAtOnce({ expected, ins, outs }: PatternSession): boolean {
  const isTogether = (marks: readonly Mark[]) =>
    marks.length >= expected && marks.at(-1)!.at - marks[0]!.at <= marks.length * QUEUE_MS_EACH
  return expected >= FEWEST_MARKS && isTogether(ins) && isTogether(outs)
}

function gapsOf(marks: readonly Mark[]): number[] {
  return marks.slice(1).map(({ at }, i) => at - marks[i]!.at)
}

function medianOf(
  sessions: readonly PatternSession[],
  measure: (session: PatternSession) => number | null,
): number | null {
  const values = sessions.map(measure).filter((value) => value !== null)
  return values.length === 0
    ? null
    : quantile(
        values.sort((a, b) => a - b),
        0.5,
      )
}

/** Of rising values, at least one. */
function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))]!
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}
