import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import {
  ed25519Signer,
  openNote,
  parseVkey,
  signNote,
  splitNote,
  verifierKey,
} from '../../src/ledger/note.ts'
import vectors from '../vectors/c2sp.json' with { type: 'json' }

const signer = ed25519Signer('example.org/log', generateKeyPairSync('ed25519').privateKey)
const note = signNote('one\n\ntwo\n', [signer])

describe('a signed note', () => {
  test.each(vectors.notes)('of $source verifies', ({ vkey, note }) => {
    const key = unwrap(parseVkey(vkey))
    const opened = unwrap(openNote(note, [key]))
    expect(opened.text).toBe(note.slice(0, note.indexOf('\n\n') + 1))
    expect(opened.verified.map(({ key }) => key.vkey)).toEqual([vkey])
  })

  test('is signed byte for byte as the reference implementation does', () => {
    const vector = vectors.notes[1]!
    const [text] = vector.note.split('\n\n') as [string]
    expect(signNote(`${text}\n`, [ed25519Signer('PeterNeumann', privateKeyFromSeed(vector.seed!))])).toBe(
      vector.note,
    )
  })

  test('may have empty lines in its text and signatures of unknown keys', () => {
    for (const example of vectors.exampleNotes) expect(splitNote(example).ok).toBe(true)
    expect(unwrap(splitNote(vectors.exampleNotes[0]!)).text).toContain('sole:\n\ned è subito')
    expect(unwrap(openNote(note, [signer.key])).text).toBe('one\n\ntwo\n')
  })

  test('that no known key signed is refused, though another key shares the name', () => {
    const namesake = ed25519Signer('example.org/log', generateKeyPairSync('ed25519').privateKey)
    expect(codeOf(openNote(note, [namesake.key]))).toBe('LEDGER_NOTE_UNKNOWN')
    expect(codeOf(openNote(note, []))).toBe('LEDGER_NOTE_UNKNOWN')
  })

  test('is refused as a whole when one known key’s signature is false', () => {
    const other = ed25519Signer('example.org/other', generateKeyPairSync('ed25519').privateKey)
    const both = signNote('one\n', [signer, other])
    const [line] = signNote('two\n', [other]).split('\n').slice(-2) as [string]
    const spoiled = `${both.split('\n').slice(0, 3).join('\n')}\n${line}\n`
    expect(openNote(both, [signer.key, other.key]).ok).toBe(true)
    expect(openNote(spoiled, [signer.key]).ok).toBe(true)
    expect(codeOf(openNote(spoiled, [signer.key, other.key]))).toBe('LEDGER_NOTE_SIGNATURE')
  })

  test('accepts at least 16 signatures', () => {
    const signers = Array.from({ length: 16 }, (_, i) =>
      ed25519Signer(`signer${i}`, generateKeyPairSync('ed25519').privateKey),
    )
    const opened = unwrap(
      openNote(
        signNote('x\n', signers),
        signers.map(({ key }) => key),
      ),
    )
    expect(opened.verified).toHaveLength(16)
  })

  test.each([
    ['no signature', 'one\n'],
    ['no empty line', note.replaceAll('\n\n', '\n')],
    ['no line feed at the end', note.slice(0, -1)],
    ['a carriage return', note.replace('one\n', 'one\r\n')],
    ['a lone surrogate', note.replace('one', '\ud800')],
    ['a hyphen for the dash', note.replace('—', '-')],
    [
      'base64 with bits to spare',
      note.replace(/(.)=\n$/, (_, c: string) => `${String.fromCharCode(c.charCodeAt(0) + 1)}=\n`),
    ],
    ['a word too many', note.replace(/\n$/, ' x\n')],
  ])('with %s is malformed', (_, text) => {
    expect(text).not.toBe(note)
    expect(codeOf(openNote(text, [signer.key]))).toBe('LEDGER_NOTE_FORMAT')
  })

  test('with any byte changed never verifies and never throws', () => {
    const bytes = Buffer.from(note)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes)
        changed[at]! ^= change
        expect(openNote(changed.toString('utf8'), [signer.key]).ok).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is not made of a text that no note may have', () => {
    for (const text of ['', 'no line feed', 'tab\t\n', 'lone \udc00\n']) {
      expect(() => signNote(text, [signer])).toThrow(expect.objectContaining({ code: 'LEDGER_NOTE_FORMAT' }))
    }
  })
})

describe('a verifier key', () => {
  test('is read and written as published', () => {
    for (const vkey of [
      ...vectors.notes.map(({ vkey }) => vkey),
      vectors.checkpoint.log,
      vectors.checkpoint.witness,
    ]) {
      expect(unwrap(parseVkey(vkey)).vkey).toBe(vkey)
    }
  })

  test.each(vectors.badVkeys)('%s is refused', (vkey) => {
    expect(codeOf(parseVkey(vkey))).toBe('LEDGER_VKEY')
  })

  test('cut anywhere or with any character changed is refused', () => {
    const { vkey } = vectors.notes[1]!
    for (let start = 0; start <= vkey.length; start++) {
      for (let end = start + 1; end <= vkey.length; end++) {
        if (end - start < vkey.length) expect(parseVkey(vkey.slice(start, end)).ok).toBe(false)
      }
      const next = String.fromCharCode((vkey.charCodeAt(start) || 0) + 1)
      expect(parseVkey(vkey.slice(0, start) + next + vkey.slice(start + 1)).ok).toBe(false)
    }
  })

  test('has no name with a space or a plus', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u3000b', 'a\nb']) {
      expect(() => verifierKey(name, 1, new Uint8Array(32))).toThrow(
        expect.objectContaining({ code: 'LEDGER_VKEY' }),
      )
    }
  })
})

/** The seed of a Go note key is the private key behind one byte of type. */
function privateKeyFromSeed(encoded: string) {
  const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
  const seed = Buffer.from(encoded, 'base64').subarray(1)
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
}

function codeOf(result: { ok: boolean; fault?: { code: string } }): string | undefined {
  return result.fault?.code
}
