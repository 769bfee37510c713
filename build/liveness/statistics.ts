import { type ShareInterval, wilsonInterval } from '../../src/common/proportion.ts'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'

export interface Share {
  readonly hits: number
  readonly trials: number
  /** Wilson, 95 %. */
  readonly interval: ShareInterval
}

export function shareOf<Item>(items: readonly Item[], isHit: (item: Item) => boolean): Share {
  const hits = items.filter(isHit).length
  return { hits, trials: items.length, interval: wilsonInterval(hits, items.length) }
}

export interface Area {
  readonly auc: number
  readonly interval: readonly [number, number]
}

const DRAWS = 500

/**
 * Area under the ROC curve (the chance that a bona fide score is above an attack's), with the 95 % interval over clips
 * drawn anew. Null without either.
 */
export function areaUnder(bonaFide: readonly number[], attack: readonly number[]): Area | null {
  if (bonaFide.length === 0 || attack.length === 0) return null
  const random = pseudoRandom(20_251_122)
  const redraw = (scores: readonly number[]) =>
    scores.map(() => scores[Math.floor(random() * scores.length)]!)
  const draws = Array.from({ length: DRAWS }, () => auc(redraw(bonaFide), redraw(attack))).sort(
    (a, b) => a - b,
  )
  const at = (share: number) => draws[Math.floor(share * (DRAWS - 1))]!
  return { auc: auc(bonaFide, attack), interval: [at(0.025), at(0.975)] }
}

/** Mann-Whitney by ranks; equal scores count half. */
function auc(bonaFide: readonly number[], attack: readonly number[]): number {
  const all = [
    ...bonaFide.map((score) => ({ score, isBonaFide: true })),
    ...attack.map((score) => ({ score, isBonaFide: false })),
  ].sort((a, b) => a.score - b.score)
  let rankSum = 0
  for (let i = 0; i < all.length; ) {
    let end = i
    while (end < all.length && all[end]!.score === all[i]!.score) end++
    const rank = (i + end + 1) / 2
    for (let j = i; j < end; j++) if (all[j]!.isBonaFide) rankSum += rank
    i = end
  }
  const n = bonaFide.length
  return (rankSum - (n * (n + 1)) / 2) / (n * attack.length)
}

/** The value below which `share` of the scores lie. */
export function quantile(scores: readonly number[], share: number): number {
  const ascending = scores.toSorted((a, b) => a - b)
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))]!
}
