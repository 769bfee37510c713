import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '../../src/ledger/checkpoint.ts'
import { cosign, cosignerKey, verifyCosignature } from '../../src/ledger/cosignature.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { ed25519Signer, parseVkey, signNote } from '../../src/ledger/note.ts'
import { formatProof, parseProof, type TlogProof, verifyProof } from '../../src/ledger/proof.ts'
import vectors from '../vectors/c2sp.json' with { type: 'json' }

const ORIGIN = 'shidao/station/0123456789abcdef'
const signer = ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey)
const bodies = Array.from({ length: 21 }, (_, i) => Buffer.from(`event ${i}`))
const tree = MerkleTree.fromLeaves(bodies.map(leafHash))
const checkpoint = { origin: ORIGIN, size: tree.size, root: tree.root() }
const signed = signNote(formatCheckpoint(checkpoint), [signer])

describe('a checkpoint', () => {
  test('of a public log verifies with that log’s key', () => {
    const { note, log, size } = vectors.checkpoint
    const opened = unwrap(openCheckpoint(note, [unwrap(parseVkey(log))]))
    expect(opened).toMatchObject({ origin: 'arche2025h1.staging.ct.transparency.dev', size })
  })

  test('of the specification is read and written the same', () => {
    const text = `${vectors.exampleNotes[1]!.split('\n\n')[0]}\n`
    const parsed = unwrap(parseCheckpoint(text))
    expect(parsed).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 })
    expect(formatCheckpoint(parsed)).toBe(text)
  })

  test('may have extension lines', () => {
    expect(unwrap(parseCheckpoint(`${formatCheckpoint(checkpoint)}more\n`))).toEqual(checkpoint)
  })

  test('fits a QR code of 300 bytes', () => {
    expect(Buffer.byteLength(signed)).toBeLessThanOrEqual(300)
  })

  test.each([
    ['a leading zero', formatCheckpoint(checkpoint).replace('\n21\n', '\n021\n')],
    ['a sign', formatCheckpoint(checkpoint).replace('\n21\n', '\n+21\n')],
    ['a size above 2^53', formatCheckpoint(checkpoint).replace('\n21\n', '\n9007199254740992\n')],
    ['a short root', `${ORIGIN}\n21\nAAAA\n`],
    ['an empty origin', `\n21\n${formatCheckpoint(checkpoint).split('\n')[2]}\n`],
    ['two lines', `${ORIGIN}\n21\n`],
    ['no line feed at the end', formatCheckpoint(checkpoint).slice(0, -1)],
    ['an empty extension line', `${formatCheckpoint(checkpoint)}\n`],
  ])('with %s is malformed', (_, text) => {
    expect(codeOf(parseCheckpoint(text))).toBe('LEDGER_CHECKPOINT')
  })

  test('of one ledger signed with the key of another is refused', () => {
    const other = ed25519Signer('shidao/station/fedcba9876543210', generateKeyPairSync('ed25519').privateKey)
    const note = signNote(formatCheckpoint(checkpoint), [other])
    expect(codeOf(openCheckpoint(note, [other.key, signer.key]))).toBe('LEDGER_CHECKPOINT_ORIGIN')
  })
})

describe('a cosignature', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const name = 'witness.example/w1'
  const { vkey } = cosignerKey(name, createPublicKey(privateKey))

  test('of a public witness verifies and tells its time', () => {
    const { note, witness, size, time } = vectors.checkpoint
    const said = unwrap(verifyCosignature(note, witness))
    expect(said.time).toBe(time)
    expect(said.checkpoint.size).toBe(size)
  })

  test('tells checkpoint and time, and leaves the log’s signature valid', () => {
    const note = signed + cosign(signed, { name, privateKey }, 1_772_409_600)
    expect(unwrap(verifyCosignature(note, vkey))).toEqual({ checkpoint, time: 1_772_409_600 })
    expect(openCheckpoint(note, [signer.key]).ok).toBe(true)
  })

  test('does not verify over another tree or with another time', () => {
    const line = cosign(signed, { name, privateKey }, 1_772_409_600)
    const earlier = signNote(formatCheckpoint({ ...checkpoint, size: 20, root: tree.root(20) }), [signer])
    expect(codeOf(verifyCosignature(earlier + line, vkey))).toBe('LEDGER_NOTE_SIGNATURE')
    const bytes = Buffer.from(line.split(' ')[2]!, 'base64')
    bytes[4 + 7]! ^= 1
    const postdated = `${signed}— ${name} ${bytes.toString('base64')}\n`
    expect(codeOf(verifyCosignature(postdated, vkey))).toBe('LEDGER_NOTE_SIGNATURE')
  })

  test('is not a checkpoint’s own signature, nor the other way round', () => {
    const asLog = ed25519Signer(name, privateKey).key
    const note = signed + cosign(signed, { name, privateKey }, 1)
    expect(codeOf(openCheckpoint(note, [asLog]))).toBe('LEDGER_NOTE_UNKNOWN')
    expect(codeOf(verifyCosignature(note, signer.key.vkey))).toBe('LEDGER_VKEY')
    // A cosigner's key given where a log's key belongs proves no checkpoint of that log.
    expect(codeOf(openCheckpoint(note, [cosignerKey(name, privateKey)]))).toBe('LEDGER_CHECKPOINT_ORIGIN')
  })

  test('is only made over a checkpoint', () => {
    expect(() => cosign('text\n', { name, privateKey }, 1)).toThrow(
      expect.objectContaining({ code: 'LEDGER_NOTE_FORMAT' }),
    )
    expect(() => cosign(signNote('text\n', [signer]), { name, privateKey }, 1)).toThrow(
      expect.objectContaining({ code: 'LEDGER_CHECKPOINT' }),
    )
  })
})

describe('a proof file', () => {
  const proof: TlogProof = {
    index: 13,
    siblings: tree.inclusionProof(13),
    checkpoint: signed,
    extra: new Uint8Array(bodies[13]!),
  }

  test('is written, read and verified', () => {
    const text = formatProof(proof)
    expect(text).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra [A-Za-z0-9+/=]+\nindex 13\n/)
    const parsed = unwrap(parseProof(text))
    expect(parsed).toEqual(proof)
    expect(unwrap(verifyProof(parsed, bodies[13]!, [signer.key]))).toEqual({ index: 13, checkpoint })
  })

  test('does without extra data and, in a tree of one leaf, without siblings', () => {
    const single = MerkleTree.fromLeaves([leafHash(bodies[0]!)])
    const note = signNote(formatCheckpoint({ origin: ORIGIN, size: 1, root: single.root() }), [signer])
    const text = formatProof({ index: 0, siblings: [], checkpoint: note, extra: null })
    expect(text.startsWith(`c2sp.org/tlog-proof@v1\nindex 0\n\n${ORIGIN}\n`)).toBe(true)
    expect(verifyProof(unwrap(parseProof(text)), bodies[0]!, [signer.key]).ok).toBe(true)
  })

  test('does not prove another event, place or checkpoint', () => {
    expect(codeOf(verifyProof(proof, bodies[12]!, [signer.key]))).toBe('LEDGER_PROOF_FALSE')
    expect(codeOf(verifyProof({ ...proof, index: 12 }, bodies[13]!, [signer.key]))).toBe('LEDGER_PROOF_FALSE')
    expect(codeOf(verifyProof(proof, bodies[13]!, []))).toBe('LEDGER_NOTE_UNKNOWN')
  })

  test('with any byte changed is never accepted for another claim and never throws', () => {
    const bytes = Buffer.from(formatProof({ ...proof, extra: null }))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes)
        changed[at]! ^= change
        const parsed = parseProof(changed.toString('utf8'))
        expect(parsed.ok && verifyProof(parsed.value, bodies[13]!, [signer.key]).ok).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

function codeOf(result: { ok: boolean; fault?: { code: string } }): string | undefined {
  return result.fault?.code
}
