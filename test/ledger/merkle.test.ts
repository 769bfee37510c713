import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  emptyRoot,
  type Hash,
  leafHash,
  MerkleTree,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/merkle.ts'

/** Inputs and roots of the reference tests of certificate-transparency-go, merkle tree for RFC 6962. */
const REFERENCE_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const REFERENCE_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const SIZES = 64
const leaves = Array.from({ length: SIZES }, (_, i) => leafHash(Uint8Array.of(i)))
const tree = MerkleTree.fromLeaves(leaves)

describe('the tree', () => {
  test('has the reference roots of Certificate Transparency', () => {
    const reference = MerkleTree.fromLeaves(
      REFERENCE_LEAVES.map((leaf) => leafHash(Buffer.from(leaf, 'hex'))),
    )
    const roots = REFERENCE_ROOTS.map((_, i) => hex(reference.root(i + 1)))
    expect(roots).toEqual(REFERENCE_ROOTS)
    expect(hex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(reference.root(0)).toEqual(emptyRoot())
  })

  test('agrees at every size with the recursive definition of RFC 6962', () => {
    for (let size = 0; size <= SIZES; size++)
      expect(tree.root(size)).toEqual(rootByDefinition(leaves.slice(0, size)))
  })

  test('that shed what is inside its blocks while it grew has every root and proof of one that did not', () => {
    const shedding = new MerkleTree()
    for (const [i, leaf] of leaves.entries()) {
      shedding.append(leaf)
      if (i % 5 === 0) shedding.shed((block) => leaves.slice(block * 32, (block + 1) * 32))
    }
    for (let size = 1; size <= SIZES; size++) {
      expect(shedding.root(size)).toEqual(tree.root(size))
      expect(shedding.inclusionProof(size - 1)).toEqual(tree.inclusionProof(size - 1))
      expect(shedding.consistencyProof(size)).toEqual(tree.consistencyProof(size))
    }
  })

  test('that shed its blocks tells leaves that are not those of a block', () => {
    const shedding = MerkleTree.fromLeaves(leaves)
    shedding.shed((block) => leaves.slice(block * 32, (block + 1) * 32).reverse())
    expect(shedding.root()).toEqual(tree.root())
    expect(() => shedding.leaf(3)).toThrow(expect.objectContaining({ code: 'LEDGER_CORRUPT' }))
  })

  test('forgets truncated leaves and grows again to the same root', () => {
    const other = MerkleTree.fromLeaves(leaves.slice(0, 37))
    for (let size = 37; size >= 0; size--) {
      other.truncate(size)
      expect(other.root()).toEqual(tree.root(size))
      const grown = MerkleTree.fromLeaves(leaves.slice(0, 37))
      grown.truncate(size)
      for (const leaf of leaves.slice(size)) grown.append(leaf)
      expect(grown.root()).toEqual(tree.root())
    }
  })

  test('refuses an index or size outside itself with a code', () => {
    for (const misuse of [
      () => tree.root(SIZES + 1),
      () => tree.root(-1),
      () => tree.leaf(SIZES),
      () => tree.inclusionProof(5, 5),
      () => tree.inclusionProof(0.5, 5),
      () => tree.consistencyProof(6, 5),
      () => tree.append(new Uint8Array(31)),
    ]) {
      expect(misuse).toThrow(expect.objectContaining({ code: 'LEDGER_RANGE' }))
    }
  })
})

describe('an inclusion proof', () => {
  test('verifies for every leaf of every tree size, and for no other leaf, index or size', () => {
    for (let size = 1; size <= SIZES; size++) {
      const root = tree.root(size)
      for (let index = 0; index < size; index++) {
        const proof = tree.inclusionProof(index, size)
        const claim = { index, size, leaf: leaves[index]!, root, proof }
        expect(verifyInclusion(claim)).toBe(true)
        expect(verifyInclusion({ ...claim, leaf: leafHash(Buffer.from('other')) })).toBe(false)
        expect(verifyInclusion({ ...claim, index: (index + 1) % size }) && size > 1).toBe(false)
        expect(verifyInclusion({ ...claim, index: index + size })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) }) && size > 1).toBe(false)
        expect(verifyInclusion({ ...claim, root: nodeHash(root, root) })).toBe(false)
      }
    }
  })

  test('never throws and never passes on random claims', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.double(),
        fc.array(fc.uint8Array({ maxLength: 40 })),
        (index, size, proof) => {
          expect(verifyInclusion({ index, size, leaf: leaves[0]!, root: tree.root(), proof })).toBe(false)
          const claim = { first: index, second: size, firstRoot: leaves[0]!, secondRoot: tree.root(), proof }
          expect(verifyConsistency(claim)).toBe(false)
        },
      ),
    )
  })
})

describe('a consistency proof', () => {
  test('verifies between every two sizes, and for no other root or proof', () => {
    for (let second = 0; second <= SIZES; second++) {
      for (let first = 0; first <= second; first++) {
        const proof = tree.consistencyProof(first, second)
        const claim = { first, second, firstRoot: tree.root(first), secondRoot: tree.root(second), proof }
        expect(verifyConsistency(claim)).toBe(true)
        const other = leafHash(Buffer.from('other'))
        expect(verifyConsistency({ ...claim, firstRoot: other })).toBe(false)
        // Nothing ties a tree to the empty one, so there the second root is free.
        if (first > 0) expect(verifyConsistency({ ...claim, secondRoot: other })).toBe(false)
        expect(verifyConsistency({ ...claim, proof: [...proof, other] })).toBe(false)
        if (proof.length > 0) expect(verifyConsistency({ ...claim, proof: proof.slice(1) })).toBe(false)
      }
    }
  })

  test('does not verify for a tree that was rewritten anywhere before', () => {
    for (let first = 1; first <= 20; first++) {
      for (let changed = 0; changed < first; changed++) {
        const forged = MerkleTree.fromLeaves(
          leaves.slice(0, 24).map((leaf, i) => (i === changed ? nodeHash(leaf, leaf) : leaf)),
        )
        const claim = { first, second: 24, firstRoot: tree.root(first), secondRoot: forged.root() }
        expect(verifyConsistency({ ...claim, proof: forged.consistencyProof(first, 24) })).toBe(false)
        expect(verifyConsistency({ ...claim, proof: tree.consistencyProof(first, 24) })).toBe(false)
      }
    }
  })
})

/** MTH of RFC 6962 §2.1, written as it stands there. */
function rootByDefinition(hashes: readonly Hash[]): Hash {
  if (hashes.length === 0) return new Uint8Array(hash('sha256', '', 'buffer'))
  if (hashes.length === 1) return hashes[0]!
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  return nodeHash(rootByDefinition(hashes.slice(0, split)), rootByDefinition(hashes.slice(split)))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
