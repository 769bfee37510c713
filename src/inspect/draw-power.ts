import type { EventData } from '../ledger/event.ts'

type Strata = EventData['draw.committed']['strata']

/** By number of false seats: the chance that a draw finds at least one of them, 0 to 1. */
export type DrawPower = Readonly<Record<string, number>>

/** Numbers of false seats for which a draw's power is shown, as far as the class has that many. */
export const FALSE_SEATS = [1, 2, 3, 5, 10] as const

/**
 * The power of a draw of k, for each number of false seats in `FALSE_SEATS`. With equal weights it is
 * hypergeometric: 1 − C(N−f, k) / C(N, k). With strata it is the lowest that any spread of the false seats over them
 * gives, because nobody knows where they are.
 */
export function drawPower(strata: Strata, k: number): DrawPower {
  const n = strata.reduce((sum, { people }) => sum + people, 0)
  const shown = FALSE_SEATS.filter((seats) => seats <= n)
  return Object.fromEntries(shown.map((seats) => [seats, lowestPower(strata, k, seats)]))
}

/** 1 − C(n−f, k) / C(n, k): the chance to find at least one of f among n by drawing k of them, each as likely. */
export function hypergeometricPower(n: number, k: number, seats: number): number {
  let missed = 1
  for (let i = 0; i < k; i++) missed *= Math.max(0, n - seats - i) / (n - i)
  return 1 - missed
}

function lowestPower(strata: Strata, k: number, seats: number): number {
  const [first = EMPTY, second = EMPTY] = strata
  if (first.weight === second.weight || first.people === 0 || second.people === 0) {
    return hypergeometricPower(first.people + second.people, k, seats)
  }
  let lowest = 1
  for (let inFirst = 0; inFirst <= Math.min(seats, first.people); inFirst++) {
    if (seats - inFirst > second.people) continue
    lowest = Math.min(lowest, 1 - missChance(first, second, k, [inFirst, seats - inFirst]))
  }
  return lowest
}

const EMPTY: Strata[number] = { name: 'other', weight: 1, people: 0 }

/** The chance that k steps take true seats only: by how many of them came from the first stratum so far. */
function missChance(
  first: Strata[number],
  second: Strata[number],
  k: number,
  [inFirst, inSecond]: readonly [number, number],
): number {
  let chances = [1]
  for (let step = 0; step < k; step++) {
    const next = new Array<number>(step + 2).fill(0)
    for (const [taken, chance] of chances.entries()) {
      const others = step - taken
      const total = first.weight * (first.people - taken) + second.weight * (second.people - others)
      const fromFirst = first.weight * Math.max(0, first.people - inFirst - taken)
      const fromSecond = second.weight * Math.max(0, second.people - inSecond - others)
      if (total <= 0) continue
      next[taken + 1]! += (chance * fromFirst) / total
      next[taken]! += (chance * fromSecond) / total
    }
    chances = next
  }
  return chances.reduce((sum, chance) => sum + chance, 0)
}
