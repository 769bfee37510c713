/*
 * How rare a high impostor score is beyond what was measured: the excesses over a high score u follow a generalised Pareto
 * distribution (Balkema & de Haan 1974, Pickands 1975), fitted by probability-weighted moments (Hosking & Wallis,
 * Technometrics 1987). What it says beyond the highest score seen is extrapolation.
 */

/** P(score > u + y) = share · (1 + shape · y / scale)^(−1/shape); exponential at shape 0. */
export interface ImpostorTail {
  /** Where the tail begins. */
  readonly from: number
  /** Share of pairs above `from`, 0 … 1. */
  readonly share: number
  /** ξ: below 0 the tail ends at from − scale/shape. */
  readonly shape: number
  /** σ, in score. */
  readonly scale: number
  /** Excesses that it was fitted to. */
  readonly excesses: number
}

/**
 * Fits the tail of `pairs` scores to those above `from`. `weights` are how often each score counts (a bootstrap of people),
 * 1 each when absent. Null with fewer than 20 excesses, or where they are all the same.
 */
export function fitImpostorTail(
  above: { readonly scores: ArrayLike<number>; readonly weights?: ArrayLike<number> },
  from: number,
  pairs: number,
): ImpostorTail | null {
  const { scores, weights } = above
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let n = 0
  for (const i of order) n += weights?.[i] ?? 1
  if (n < 20) return null
  let mean = 0
  let weighted = 0
  let rank = 0
  for (const i of order) {
    const weight = weights?.[i] ?? 1
    if (weight === 0) continue
    const excess = scores[i]! - from
    // Tied copies share the middle of their ranks; (rank − 0.35)/n is Hosking & Wallis's plotting position.
    const position = (rank + (weight + 1) / 2 - 0.35) / n
    mean += (weight * excess) / n
    weighted += (weight * excess * (1 - position)) / n
    rank += weight
  }
  const spread = mean - 2 * weighted
  if (!(spread > 0)) return null
  const shape = 2 - mean / spread
  return { from, share: n / pairs, shape, scale: (2 * mean * weighted) / spread, excesses: Math.round(n) }
}

/** The score that a share `rate` of pairs exceeds by the fit; `rate` is at most `tail.share`. At most 1. */
export function scoreAtRate({ from, share, shape, scale }: ImpostorTail, rate: number): number {
  const times = Math.log(share / rate)
  const excess = Math.abs(shape) < 1e-9 ? scale * times : (scale * Math.expm1(shape * times)) / shape
  return Math.min(1, from + excess)
}

/** Share of pairs above `score` by the fit, for a score at or above `tail.from`. */
export function rateAtScore({ from, share, shape, scale }: ImpostorTail, score: number): number {
  const excess = (score - from) / scale
  if (Math.abs(shape) < 1e-9) return share * Math.exp(-excess)
  const inside = 1 + shape * excess
  return inside <= 0 ? 0 : share * inside ** (-1 / shape)
}
