import { type Hash, nodeHash } from './merkle-hash.ts'

/*
 * One proof for many leaves of an RFC 6962 tree: the roots of the largest subtrees without any of them, from left to
 * right. Forty leaves share most of what forty inclusion proofs would repeat.
 */

/** Places of a subtree's leaves, start ≤ i < end. */
interface Range {
  readonly start: number
  readonly end: number
}

/**
 * The nodes for these leaves (sorted, each once) of the tree of `size` leaves, out of their inclusion proofs: every
 * subtree that is needed is a sibling on the way of some leaf.
 */
export function multiProof(
  indices: readonly number[],
  size: number,
  inclusionProof: (index: number) => readonly Hash[],
): Hash[] {
  const siblings = new Map<number, Map<number, Hash>>()
  for (const index of indices) {
    const ranges = siblingRanges(index, size)
    for (const [i, hash] of inclusionProof(index).entries()) {
      const { start, end } = ranges[i]!
      if (!siblings.has(start)) siblings.set(start, new Map())
      siblings.get(start)!.set(end, hash)
    }
  }
  return [...gaps(indices, { start: 0, end: size })].map(({ start, end }) => siblings.get(start)!.get(end)!)
}

/**
 * The root that these leaves and nodes give, or null if there is a node too few or too many. Total for sorted,
 * distinct indices below `size`; one hash for each node and leaf.
 */
export function multiProofRoot(
  leaves: readonly { readonly index: number; readonly leaf: Hash }[],
  size: number,
  nodes: readonly Hash[],
): Hash | null {
  let used = 0
  const subtree = (from: number, to: number, { start, end }: Range): Hash | null => {
    if (from === to) return nodes[used++] ?? null
    if (end - start === 1) return leaves[from]!.leaf
    const middle = start + splitPoint(end - start)
    let cut = from
    while (cut < to && leaves[cut]!.index < middle) cut++
    const left = subtree(from, cut, { start, end: middle })
    const right = left === null ? null : subtree(cut, to, { start: middle, end })
    return left === null || right === null ? null : nodeHash(left, right)
  }
  const root = leaves.length === 0 ? null : subtree(0, leaves.length, { start: 0, end: size })
  return used === nodes.length ? root : null
}

function* gaps(indices: readonly number[], { start, end }: Range): Generator<Range> {
  if (indices.length === 0) {
    yield { start, end }
    return
  }
  if (end - start === 1) return
  const middle = start + splitPoint(end - start)
  yield* gaps(
    indices.filter((index) => index < middle),
    { start, end: middle },
  )
  yield* gaps(
    indices.filter((index) => index >= middle),
    { start: middle, end },
  )
}

/** Which leaves each sibling of an inclusion proof stands for, from the leaf up. */
function siblingRanges(index: number, size: number): Range[] {
  const ranges: Range[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  return ranges.reverse()
}

/** The largest power of two below n, for n ≥ 2. Without logarithms, which are not exact near 2^53. */
function splitPoint(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}
