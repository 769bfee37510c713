import { pseudoRandom } from '../common/pseudo-random.ts'

/** Scores of picture pairs; a person is an index, the same in both kinds. A failed picture scores −1. */
export interface PairScores {
  readonly people: number
  readonly genuine: { readonly scores: Float32Array; readonly person: Uint32Array }
  /** Every cross-person pair, `personA[i]` ≠ `personB[i]`. */
  readonly impostor: {
    readonly scores: Float32Array
    readonly personA: Uint32Array
    readonly personB: Uint32Array
  }
}

export const FAR_LEVELS = ['1e-2', '1e-3', '1e-4', '1e-5'] as const
export type FarLevel = (typeof FAR_LEVELS)[number]

export type Interval = readonly [low: number, high: number]

export interface Rates {
  /** Equal error rate, 0 … 1. */
  readonly eer: number
  /** Share of genuine pairs at or above the threshold; null where fewer than ten impostor pairs would decide. */
  readonly tar: Readonly<Record<FarLevel, number | null>>
  /** Lowest score whose false accept rate is at most the level. */
  readonly thresholds: Readonly<Record<FarLevel, number | null>>
  /** 95 % of the TAR at that threshold, resampling people. */
  readonly interval95: Readonly<Record<FarLevel, Interval | null>>
}

/** Error rates over all pairs (ISO/IEC 19795-1: verification transactions of one attempt, no policy). */
export function measureRates(pairs: PairScores): Rates {
  const genuine = pairs.genuine.scores.toSorted()
  const impostor = pairs.impostor.scores.toSorted()
  const threshold = (level: FarLevel) => thresholdAt(impostor, Number(level))
  const each = <T>(value: (threshold: number) => T) =>
    Object.fromEntries(
      FAR_LEVELS.map((level) => {
        const at = threshold(level)
        return [level, at === null ? null : value(at)]
      }),
    ) as Record<FarLevel, T | null>
  return {
    eer: equalErrorRate(genuine, impostor),
    tar: each((at) => shareAtLeast(genuine, at)),
    thresholds: each((at) => at),
    interval95: each((at) => tarInterval(pairs, at)),
  }
}

/** More than single precision rounds a score. */
const JUST_ABOVE = 1e-6

/** Share of ascending scores that are at least `threshold`, 0 … 1. */
export function shareAtLeast(ascending: Float32Array, threshold: number): number {
  return (ascending.length - firstAtLeast(ascending, threshold)) / ascending.length
}

/** Lowest threshold whose false accept rate is at most `far`, or null below the resolution of ten pairs. */
export function thresholdAt(ascendingImpostor: Float32Array, far: number): number | null {
  const allowed = Math.floor(ascendingImpostor.length * far)
  if (allowed < 10) return null
  const highestRefused = ascendingImpostor[ascendingImpostor.length - 1 - allowed]!
  return highestRefused + JUST_ABOVE
}

/** 95 % interval of the TAR at a threshold: people are drawn anew with their pairs, because a person's pairs fail together. */
export function tarInterval({ people, genuine }: PairScores, threshold: number): Interval {
  const accepted = new Float64Array(people)
  const total = new Float64Array(people)
  genuine.scores.forEach((score, i) => {
    const person = genuine.person[i]!
    total[person]! += 1
    if (score >= threshold) accepted[person]! += 1
  })
  return bootstrap(people, (weight) => {
    let hits = 0
    let pairs = 0
    for (let person = 0; person < people; person++) {
      hits += weight[person]! * accepted[person]!
      pairs += weight[person]! * total[person]!
    }
    return hits / pairs
  })
}

/** False match rate at a threshold with its 95 % interval, people drawn anew on both sides of a pair. */
export function falseMatchRate(
  { people, impostor }: PairScores,
  threshold: number,
): { rate: number; interval95: Interval } {
  const { scores, personA, personB } = impostor
  const pictures = pairCounts(people, impostor)
  const accepted: number[] = []
  scores.forEach((score, i) => {
    if (score >= threshold) accepted.push(i)
  })
  const interval95 = bootstrap(people, (weight) => {
    let hits = 0
    for (const i of accepted) hits += weight[personA[i]!]! * weight[personB[i]!]!
    let pairs = 0
    for (const [a, b, count] of pictures) pairs += count * weight[a]! * weight[b]!
    return hits / pairs
  })
  return { rate: accepted.length / scores.length, interval95 }
}

/** How many impostor pairs each pair of people has. */
function pairCounts(
  people: number,
  { personA, personB }: PairScores['impostor'],
): [number, number, number][] {
  const counts = new Map<number, number>()
  personA.forEach((a, i) => {
    const key = a * people + personB[i]!
    counts.set(key, (counts.get(key) ?? 0) + 1)
  })
  return Array.from(counts, ([key, count]) => [Math.floor(key / people), key % people, count])
}

const DRAWS = 1000

function bootstrap(people: number, statistic: (weight: Float64Array) => number): Interval {
  const random = pseudoRandom(20_250_101)
  const weight = new Float64Array(people)
  const values = Float64Array.from({ length: DRAWS }, () => {
    weight.fill(0)
    for (let i = 0; i < people; i++) weight[Math.floor(random() * people)]! += 1
    return statistic(weight)
  })
    .filter(Number.isFinite)
    .sort()
  const at = (share: number) => values[Math.floor(share * (values.length - 1))] ?? 0
  return [at(0.025), at(0.975)]
}

/** Mean of both error rates at the threshold where they differ least. Both ascending. */
function equalErrorRate(genuine: Float32Array, impostor: Float32Array): number {
  const ratesAt = (rank: number) => {
    const threshold = impostor[rank] ?? impostor[impostor.length - 1]! + JUST_ABOVE
    return { reject: 1 - shareAtLeast(genuine, threshold), accept: shareAtLeast(impostor, threshold) }
  }
  // With a rising threshold one rate rises and the other falls: they cross once, and halving finds where.
  let low = 0
  let high = impostor.length
  while (low < high) {
    const middle = (low + high) >> 1
    const { reject, accept } = ratesAt(middle)
    if (reject < accept) low = middle + 1
    else high = middle
  }
  const [after, before] = [ratesAt(low), ratesAt(Math.max(0, low - 1))]
  const gap = (rates: typeof after) => Math.abs(rates.reject - rates.accept)
  const nearest = gap(after) <= gap(before) ? after : before
  return (nearest.reject + nearest.accept) / 2
}

function firstAtLeast(ascending: Float32Array, threshold: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! >= threshold) high = middle
    else low = middle + 1
  }
  return low
}
