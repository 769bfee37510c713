import { type Candidate, drawOrder } from '../../src/inspect/draw-order.ts'
import { sha256 } from '../../src/ledger/sha256.ts'
import { chiSquare, chiSquareTail } from './chi-square.ts'

export interface Uniformity {
  readonly name: string
  readonly draws: number
  readonly statistic: number
  readonly degrees: number
  /** Chance of a statistic as large as this if the draws are uniform. */
  readonly p: number
}

export function candidates(n: number, weightOf: (i: number) => number = () => 1): Candidate[] {
  return Array.from({ length: n }, (_, i) => ({
    person: i.toString(16).padStart(32, '0'),
    weight: weightOf(i),
  }))
}

/** Seed and nonce number i of a run: the same for the same run. */
export function randomOf(run: number, i: number): { seed: Uint8Array; nonce: Uint8Array } {
  const seed = sha256(new TextEncoder().encode(`seed ${run} ${i}`))
  return { seed, nonce: sha256(new TextEncoder().encode(`nonce ${run} ${i}`)).slice(0, 16 + (i % 17)) }
}

/**
 * Three looks at as many draws: every ordered draw of 3 of 5 (60 of them), who is drawn by 5 of 50, and who is called
 * first. In the second one the cells are not independent: the statistic is scaled by (N − 1) / (N − k).
 */
export function uniformity(draws: number, run: number): Uniformity[] {
  const orders = new Map<string, number>()
  const drawn = new Map<string, number>()
  const first = new Map<string, number>()
  const [five, fifty] = [candidates(5), candidates(50)]
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (let i = 0; i < draws; i++) {
    const random = randomOf(run, i)
    count(orders, drawOrder(five, 3, random).join())
    const order = drawOrder(fifty, 5, random)
    count(first, order[0]!)
    for (const person of order) count(drawn, person)
  }
  const cells = (counts: Map<string, number>, size: number) => {
    if (counts.size > size) throw new Error(`${counts.size} outcomes where ${size} are possible`)
    return [...counts.values(), ...new Array<number>(size - counts.size).fill(0)]
  }
  const look = (name: string, statistic: number, degrees: number): Uniformity => {
    return { name, draws, statistic, degrees, p: chiSquareTail(statistic, degrees) }
  }
  return [
    look('ordered draws of 3 of 5', chiSquare(cells(orders, 60), draws / 60), 59),
    look('who is drawn by 5 of 50', (chiSquare(cells(drawn, 50), draws / 10) * 49) / 45, 49),
    look('who is called first of 50', chiSquare(cells(first, 50), draws / 50), 49),
  ]
}
