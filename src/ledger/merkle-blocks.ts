import { Fault } from '../common/fault.ts'
import { HASH_BYTES, type Hash, nodeHash, sameHash } from './merkle-hash.ts'

/*
 * The older part of a tree that isn't held in memory: complete blocks of 32 leaves, of which only the roots are known.
 * A tree over millions of leaves can be opened from those roots alone; the leaves of a block are read when a proof or
 * an event asks for them, and only if they give its root.
 */

/** Levels of a block: 2^5 = 32 leaves, so that reading one costs about 40 µs of hashing. */
export const BLOCK_LEVELS = 5
export const BLOCK_LEAVES = 2 ** BLOCK_LEVELS

/** Blocks kept after they were read: a walk over the events or a class's proofs stay within a few. */
const MOST_IN_MEMORY = 256

/** The 32 leaf hashes of a block as they are stored; what is false is found when they are read. */
export type StoredLeaves = (block: number) => readonly Hash[]

/** Hashes of complete subtrees inside stored blocks. Throws `LEDGER_CORRUPT` where leaves don't give their block's root. */
export class BlockReader {
  readonly #root: (block: number) => Hash
  readonly #leaves: StoredLeaves
  readonly #read = new Map<number, readonly (readonly Hash[])[]>()

  /** `root` is the true one of a block. */
  constructor(root: (block: number) => Hash, leaves: StoredLeaves) {
    this.#root = root
    this.#leaves = leaves
  }

  /** The subtree of 2^level leaves at a position, level < 5. */
  node(level: number, position: number): Hash {
    const perBlock = 2 ** (BLOCK_LEVELS - level)
    return this.#levels(Math.floor(position / perBlock))[level]![position % perBlock]!
  }

  #levels(block: number): readonly (readonly Hash[])[] {
    const known = this.#read.get(block)
    if (known !== undefined) return known
    const levels = blockLevels(this.#leaves(block))
    const root = levels?.[BLOCK_LEVELS]?.[0]
    if (levels === null || !sameHash(root!, this.#root(block))) {
      const [first, last] = [block * BLOCK_LEAVES, (block + 1) * BLOCK_LEAVES - 1]
      throw new Fault(
        'LEDGER_CORRUPT',
        `one of the events ${first} to ${last} is not what was recorded; run "shidao log verify"`,
      )
    }
    if (this.#read.size >= MOST_IN_MEMORY) this.#read.delete(this.#read.keys().next().value!)
    this.#read.set(block, levels)
    return levels
  }
}

/** Every level of a block from its leaves up; null if they are not 32 hashes. */
function blockLevels(leaves: readonly Hash[]): (readonly Hash[])[] | null {
  if (leaves.length !== BLOCK_LEAVES || leaves.some(({ length }) => length !== HASH_BYTES)) return null
  const levels = [leaves]
  for (let below = leaves; below.length > 1; ) {
    const above: Hash[] = []
    for (let i = 0; i < below.length; i += 2) above.push(nodeHash(below[i]!, below[i + 1]!))
    levels.push(above)
    below = above
  }
  return levels
}
