import { expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyAct } from '../../src/ledger/act.ts'
import { openCheckpoint } from '../../src/ledger/checkpoint.ts'
import { verifyCosignature } from '../../src/ledger/cosignature.ts'
import { decodeEvent } from '../../src/ledger/event.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { parseVkey } from '../../src/ledger/note.ts'
import { parseProof, verifyProof } from '../../src/ledger/proof.ts'
import vectors from '../vectors/ledger.json' with { type: 'json' }

/* The worked example of docs/formats.md: what other implementations verify has to stay what this one writes. */

const station = unwrap(parseVkey(vectors.stationVkey))
const bodies = vectors.events.map(({ body }) => Buffer.from(body))

test('the example’s bodies are events and have its leaves and root', () => {
  for (const [i, body] of bodies.entries()) {
    expect(unwrap(decodeEvent(body)).index).toBe(i)
    expect(hex(leafHash(body))).toBe(vectors.events[i]!.leaf)
  }
  expect(hex(MerkleTree.fromLeaves(bodies.map(leafHash)).root())).toBe(vectors.root)
})

test('the example’s checkpoint, receipt, proof and act verify', () => {
  expect(hex(unwrap(openCheckpoint(vectors.checkpoint, [station])).root)).toBe(vectors.root)
  const receipt = unwrap(verifyCosignature(vectors.receipt.note, vectors.witnessVkey))
  expect([receipt.time, receipt.checkpoint.size]).toEqual([vectors.receipt.time, 3])
  const proof = unwrap(parseProof(vectors.proof))
  expect(Buffer.from(proof.extra!)).toEqual(bodies[2])
  expect(verifyProof(proof, proof.extra!, [station]).ok).toBe(true)
  const { statement, signature, publicKey } = vectors.act
  expect(
    verifyAct({ statement, signatures: [{ actor: '00'.repeat(16), signature }] }, () => publicKey).ok,
  ).toBe(true)
})

test('the example’s forgeries don’t', () => {
  const proof = unwrap(parseProof(vectors.proof))
  expect(verifyProof(proof, Buffer.from(vectors.forged.body), [station]).ok).toBe(false)
  expect(openCheckpoint(vectors.forged.checkpoint, [station]).ok).toBe(false)
})

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
