/** Beyond this a network's certainty says nothing more: one frame must not outvote all others. */
const MOST = 6

/** Natural logarithm of p : 1 − p, −6 … 6. */
export function logOdds(probability: number): number {
  const odds = Math.log(probability / (1 - probability))
  return Math.min(MOST, Math.max(-MOST, odds))
}

/** The probability back, 0 … 1. */
export function probabilityOf(logOddsValue: number): number {
  return 1 / (1 + Math.exp(-logOddsValue))
}
