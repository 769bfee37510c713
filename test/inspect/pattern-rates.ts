import { PATTERN_THRESHOLD, scorePattern } from '../../src/inspect/class-pattern.ts'
import { type Fraud, frauds, fraudulentClass, honestClass } from './simulated-classes.ts'

/** A share with Wilson's 95 % interval. */
export interface Rate {
  readonly flagged: number
  readonly of: number
  readonly share: number
  readonly interval95: readonly [number, number]
}

export interface PatternRates {
  readonly threshold: number
  readonly falseAlarms: Rate
  readonly falseAlarmsByKind: Readonly<Record<string, Rate>>
  readonly detection: Readonly<Record<Fraud, Rate>>
}

/** Scores simulated classes: `honest` ones, and `each` of every fraud. */
export function patternRates(
  { honest, each, seed }: { honest: number; each: number; seed: number },
  threshold = PATTERN_THRESHOLD,
): PatternRates {
  const isFlagged = (score: number | null) => score !== null && score >= threshold
  const kinds = new Map<string, { flagged: number; of: number }>()
  for (let i = 0; i < honest; i++) {
    const { kind, sessions } = honestClass(seed * 1_000_003 + i)
    const counted = kinds.get(kind) ?? { flagged: 0, of: 0 }
    counted.of++
    if (isFlagged(scorePattern(sessions).score)) counted.flagged++
    kinds.set(kind, counted)
  }
  const detection = frauds.map((fraud) => {
    const seeds = Array.from({ length: each }, (_, i) => seed * 1_000_003 + 500_000 + i)
    const flagged = seeds.filter((one) => isFlagged(scorePattern(fraudulentClass(fraud, one)).score)).length
    return [fraud, rate(flagged, each)] as const
  })
  const all = [...kinds.values()]
  const total = (name: 'flagged' | 'of') => all.reduce((sum, counted) => sum + counted[name], 0)
  return {
    threshold,
    falseAlarms: rate(total('flagged'), total('of')),
    falseAlarmsByKind: Object.fromEntries(
      [...kinds].map(([kind, { flagged, of }]) => [kind, rate(flagged, of)]),
    ),
    detection: Object.fromEntries(detection) as Record<Fraud, Rate>,
  }
}

/** Wilson, Probable inference, J. Am. Stat. Assoc. 22 (1927). */
function rate(flagged: number, of: number): Rate {
  const z = 1.959964
  const share = flagged / of
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  return { flagged, of, share, interval95: [Math.max(0, middle - half), Math.min(1, middle + half)] }
}
