import { Fault } from '../common/fault.ts'
import type { BlockRow, LedgerStore } from './ledger-store.ts'
import { type Hash, MerkleTree, sameHash } from './merkle.ts'
import { BLOCK_LEAVES, BLOCK_LEVELS } from './merkle-blocks.ts'

/**
 * The tree of a stored ledger. Where every complete block has its stored root, only those roots and the leaves after
 * them are read: a million events open in a moment. Older files lack roots; then every leaf is read.
 * Whether the tree is the signed one is for the caller to check, and with it the roots are true.
 */
export function loadTree(store: LedgerStore): MerkleTree {
  const size = store.size()
  const roots = store.blockRoots()
  const blocks = Math.floor(size / BLOCK_LEAVES)
  if (roots.length !== blocks) return checked(MerkleTree.fromLeaves(store.leaves(0, size)), roots)
  const leaves = (block: number): Hash[] => store.leavesOf(block * BLOCK_LEAVES, (block + 1) * BLOCK_LEAVES)
  const tree = MerkleTree.fromBlocks(roots, leaves)
  for (const leaf of store.leaves(blocks * BLOCK_LEAVES, size)) tree.append(leaf)
  return tree
}

/** Stores the block roots that an older file lacks. The tree must be the signed one. */
export function storeMissingBlocks(store: LedgerStore, tree: MerkleTree): void {
  const stored = store.blockRoots().length
  const missing = blocksFrom(tree, stored)
  if (missing.length > 0) {
    store.addBlocks(
      stored,
      missing.map(({ root }) => root),
    )
  }
}

/** Blocks that became complete since the tree had `before` leaves. */
export function completedBlocks(tree: MerkleTree, before: number): BlockRow[] {
  return blocksFrom(tree, Math.floor(before / BLOCK_LEAVES))
}

function blocksFrom(tree: MerkleTree, first: number): BlockRow[] {
  const rows: BlockRow[] = []
  for (let number = first; (number + 1) * BLOCK_LEAVES <= tree.size; number++) {
    rows.push({ number, root: tree.completeSubtree(BLOCK_LEVELS, number) })
  }
  return rows
}

function checked(tree: MerkleTree, roots: readonly Hash[]): MerkleTree {
  const isTrue = (root: Hash, block: number) =>
    (block + 1) * BLOCK_LEAVES <= tree.size && sameHash(root, tree.completeSubtree(BLOCK_LEVELS, block))
  if (roots.every(isTrue)) return tree
  throw new Fault('LEDGER_CORRUPT', 'the events are not those of the signed head; run "shidao log verify"')
}
