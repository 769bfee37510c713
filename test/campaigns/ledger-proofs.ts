/*
 * Every inclusion and consistency proof up to a tree size with as many falsified ones, and mutated notes, proof files,
 * event proofs, bundles, changes of keys and trust lists.
 *
 *   npx node test/campaigns/ledger-proofs.ts --size 200 --mutations 1000000 --seed 1
 *
 * Prints one JSON line. Exit 1 if a true proof was refused, a false one accepted, or anything threw.
 */

import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unwrap } from '../../src/common/result.ts'
import { verifyBundle } from '../../src/inspect/verify-bundle.ts'
import { verifyEventProof } from '../../src/inspect/verify-event-proof.ts'
import { formatCheckpoint, openCheckpoint } from '../../src/ledger/checkpoint.ts'
import { cosign, cosignerKey, verifyCosignature } from '../../src/ledger/cosignature.ts'
import { leafHash, MerkleTree, verifyConsistency, verifyInclusion } from '../../src/ledger/merkle.ts'
import { ed25519Signer, parseVkey, signNote } from '../../src/ledger/note.ts'
import { formatProof, parseProof, verifyProof } from '../../src/ledger/proof.ts'
import { openRotation, rotationNote } from '../../src/ledger/rotation.ts'
import { openTrustList, signTrustList } from '../../src/ledger/trust-list.ts'
import { campaignCounts } from './campaign-counts.ts'

const { size: largest, mutations, seed } = campaignCounts({ size: 100, mutations: 20_000, seed: 1 })
let state = (seed % 2_147_483_646) + 1
/** Lehmer, 48271 mod 2^31 − 1: the same numbers for the same seed everywhere. */
function random(bound: number): number {
  state = (state * 48_271) % 2_147_483_647
  return state % bound
}

const LINE_FEED = Buffer.from('\n')
const tally = { inclusion: 0, consistency: 0, mutated: 0, refusedTrue: 0, acceptedFalse: 0, thrown: 0 }
const started = performance.now()

const bodies = Array.from({ length: largest }, (_, i) => Buffer.from(`event ${i}`))
const leaves = bodies.map(leafHash)
const tree = MerkleTree.fromLeaves(leaves)
const spoil = (bytes: Uint8Array) => {
  const spoiled = Uint8Array.from(bytes)
  spoiled[random(spoiled.length)]! ^= 1 + random(255)
  return spoiled
}

for (let size = 1; size <= largest; size++) {
  const root = tree.root(size)
  for (let index = 0; index < size; index++) {
    const proof = tree.inclusionProof(index, size)
    const claim = { index, size, leaf: leaves[index]!, root, proof }
    tally.inclusion++
    if (!verifyInclusion(claim)) tally.refusedTrue++
    const at = random(proof.length + 1)
    const falsified =
      at === proof.length ? { leaf: spoil(claim.leaf) } : { proof: proof.with(at, spoil(proof[at]!)) }
    if (verifyInclusion({ ...claim, ...falsified })) tally.acceptedFalse++
  }
  for (let first = 1; first <= size; first++) {
    const proof = tree.consistencyProof(first, size)
    const claim = { first, second: size, firstRoot: tree.root(first), secondRoot: root, proof }
    tally.consistency++
    if (!verifyConsistency(claim)) tally.refusedTrue++
    const at = random(proof.length + 1)
    const falsified =
      at === proof.length
        ? { firstRoot: spoil(claim.firstRoot) }
        : { proof: proof.with(at, spoil(proof[at]!)) }
    if (verifyConsistency({ ...claim, ...falsified })) tally.acceptedFalse++
  }
}

const signer = ed25519Signer('shidao/station/0123456789abcdef', generateKeyPairSync('ed25519').privateKey)
const { privateKey } = generateKeyPairSync('ed25519')
const witness = { name: 'witness.example/w1', privateKey }
const { vkey } = cosignerKey(witness.name, privateKey)
const plain = signNote(formatCheckpoint({ origin: signer.key.name, size: largest, root: tree.root() }), [
  signer,
])
const checkpoint = Buffer.from(plain)
const cosigned = Buffer.from(plain + cosign(plain, witness, 1_772_409_600))
const index = Math.floor(largest / 2)
const proof = Buffer.from(
  formatProof({ index, siblings: tree.inclusionProof(index), checkpoint: plain, extra: null }),
)

const files = join(import.meta.dirname, '../vectors/files')
const eventProof = readFileSync(join(files, 'anna.shidao-proof'))
const bundle = readFileSync(join(files, 'class.zip'))
/** With a change of both keys, the second tree's checkpoint and a policy. */
const rotatedBundle = readFileSync(join(files, 'rotated.zip'))
const rotatedProof = readFileSync(join(files, 'rotated.shidao-proof'))
const gmNote = readFileSync(join(files, 'checkpoint-gm.note'))
const vectors = JSON.parse(readFileSync(join(files, 'index.json'), 'utf8'))
const gmKey = unwrap(parseVkey(vectors.keys.gm))
const proved = JSON.stringify(verifyEventProof(eventProof))
const bundled = JSON.stringify(verifyBundle(bundle))
const rotatedBundled = JSON.stringify(verifyBundle(rotatedBundle))
const rotatedProved = JSON.stringify(verifyEventProof(rotatedProof))
const nextSigner = ed25519Signer(signer.key.name, generateKeyPairSync('ed25519').privateKey)
const rotated = rotationNote({ size: largest, root: tree.root(), reason: 'planned' }, signer, nextSigner)
const authority = ed25519Signer('trust.example', generateKeyPairSync('ed25519').privateKey)
const trusted = signTrustList(
  {
    ...{
      authority: 'trust.example',
      serial: 1,
      made: 0,
      until: 1_000,
      quorum: 0,
      witnesses: [],
      revoked: [],
    },
    stations: [{ vkey: signer.key.vkey, title: '' }],
  },
  authority,
)

/** A mutant is accepted only if it is the original, or says nothing else than it. */
const attacks: readonly (() => boolean)[] = [
  () => openCheckpoint(mutate(checkpoint), [signer.key]).ok,
  () => {
    const said = verifyCosignature(mutate(cosigned), vkey)
    return said.ok && (said.value.time !== 1_772_409_600 || said.value.checkpoint.size !== largest)
  },
  () => {
    const parsed = parseProof(mutate(proof))
    if (!parsed.ok || !verifyProof(parsed.value, bodies[index]!, [signer.key]).ok) return false
    return parsed.value.index !== index
  },
  () => {
    const said = verifyEventProof(mutateBytes(eventProof))
    return said.ok && said.value.ok && JSON.stringify(said) !== proved
  },
  () => {
    const said = verifyBundle(mutateBytes(bundle))
    return said.ok && said.value.ok && JSON.stringify(said) !== bundled
  },
  () => {
    const said = verifyBundle(mutateBytes(rotatedBundle))
    return said.ok && said.value.ok && JSON.stringify(said) !== rotatedBundled
  },
  () => {
    const said = verifyEventProof(mutateBytes(rotatedProof))
    return said.ok && said.value.ok && JSON.stringify(said) !== rotatedProved
  },
  () => openCheckpoint(mutate(gmNote), [gmKey]).ok,
  () => {
    const said = openRotation(mutate(Buffer.from(rotated)))
    return said.ok && (said.value.size !== largest || said.value.next.vkey !== nextSigner.key.vkey)
  },
  () => {
    const said = openTrustList(mutate(Buffer.from(trusted)), authority.key, { now: 0, seen: 0 })
    return said.ok && said.value.document.serial !== 1
  },
]

const mutating = performance.now()
for (let i = 0; i < mutations; i++) {
  tally.mutated++
  try {
    if (attacks[i % attacks.length]!()) tally.acceptedFalse++
  } catch {
    tally.thrown++
  }
}

/** Changes, drops, doubles or splices bytes; never gives the original back. */
function mutate(bytes: Buffer): string {
  return mutateBytes(bytes).toString('utf8')
}

function mutateBytes(bytes: Buffer): Buffer {
  const mutant = Buffer.from(bytes)
  const at = random(bytes.length)
  switch (random(4)) {
    case 0:
      mutant[at]! ^= 1 + random(255)
      return mutant
    case 1:
      return Buffer.concat([mutant.subarray(0, at), mutant.subarray(at + 1 + random(8))])
    case 2:
      return Buffer.concat([mutant.subarray(0, at), mutant.subarray(random(bytes.length)), LINE_FEED])
    default:
      return Buffer.concat([mutant.subarray(0, at), Buffer.of(random(256)), mutant.subarray(at)])
  }
}

const perSecond = Math.round(mutations / ((performance.now() - mutating) / 1000))
const seconds = Math.round((performance.now() - started) / 1000)
process.stdout.write(`${JSON.stringify({ seed, size: largest, ...tally, perSecond, seconds })}\n`)
process.exitCode = tally.refusedTrue + tally.acceptedFalse + tally.thrown === 0 ? 0 : 1
