/*
 * Intervals of a share: `hits` of `trials`, both counts, 0 ≤ hits ≤ trials. All are two-sided, 95 %.
 */

/** Bounds of a share, 0 … 1. */
export type ShareInterval = readonly [low: number, high: number]

/** Φ⁻¹(0.975) */
const DEVIATIONS = 1.959963984540054
const TAIL = 0.025

/**
 * Wilson's score interval (E. B. Wilson, JASA 1927): keeps its level near 0 and 1, where the usual one fails.
 * `designEffect` (≥ 1; Kish 1965) is how much less the trials say than independent ones would: they count as
 * trials / designEffect. [0, 1] without trials.
 */
export function wilsonInterval(hits: number, trials: number, designEffect = 1): ShareInterval {
  if (trials === 0) return [0, 1]
  const n = trials / Math.max(1, designEffect)
  const share = hits / trials
  const z2 = DEVIATIONS ** 2
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n)
  const half = (DEVIATIONS / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  // Exact where rounding would leave 1e-17.
  return [hits === 0 ? 0 : Math.max(0, middle - half), hits === trials ? 1 : Math.min(1, middle + half)]
}

/**
 * The exact interval (Clopper & Pearson, Biometrika 1934) for independent trials: never below its level, so wider than
 * Wilson's. With no hit its upper end is 1 − 0.025^(1/n), the "rule of three" made two-sided. [0, 1] without trials.
 */
export function clopperPearson(hits: number, trials: number): ShareInterval {
  if (trials === 0) return [0, 1]
  const low = hits === 0 ? 0 : betaQuantile(TAIL, hits, trials - hits + 1)
  const high = hits === trials ? 1 : betaQuantile(1 - TAIL, hits + 1, trials - hits)
  return [low, high]
}

/**
 * How much less clustered trials say than independent ones, from the trials and hits of each cluster (a person):
 * variance of the ratio estimator between clusters over the binomial one (Rao & Scott 1992). Between 1 and the mean number
 * of trials of a cluster; with no hit or nothing but hits, where it can't be seen, the latter, which is the careful end.
 */
export function designEffectOf(
  clusters: readonly { readonly hits: number; readonly trials: number }[],
): number {
  const counted = clusters.filter(({ trials }) => trials > 0)
  const trials = counted.reduce((sum, cluster) => sum + cluster.trials, 0)
  const hits = counted.reduce((sum, cluster) => sum + cluster.hits, 0)
  if (trials === 0) return 1
  const largest = trials / counted.length
  if (hits === 0 || hits === trials || counted.length < 2) return largest
  const share = hits / trials
  const between = counted.reduce((sum, cluster) => sum + (cluster.hits - share * cluster.trials) ** 2, 0)
  const variance = ((counted.length / (counted.length - 1)) * between) / trials ** 2
  const effect = variance / ((share * (1 - share)) / trials)
  return Math.min(Math.max(1, effect), Math.max(1, largest))
}

/** By halving: the regularised incomplete beta function rises. */
function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2
    if (regularisedBeta(middle, a, b) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** I_x(a, b) by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method. */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a)
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  )
  const tiny = 1e-300
  let c = 1
  let d = 1 / nonzero(1 - ((a + b) * x) / (a + 1), tiny)
  let fraction = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonzero(1 + even * d, tiny)
    c = nonzero(1 + even / c, tiny)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonzero(1 + odd * d, tiny)
    c = nonzero(1 + odd / c, tiny)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return front * fraction
}

function nonzero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value
}

/** ln Γ(x), x ≥ 1, by Stirling's series (DLMF 5.11.1) after shifting x above 12; relative error below 1e-14. */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  for (; z < 12; z++) shift += Math.log(z)
  const inverse = 1 / (z * z)
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}
