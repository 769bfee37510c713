import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyEventProof } from '../../src/inspect/verify-event-proof.ts'
import { openCheckpoint, parseCheckpoint } from '../../src/ledger/checkpoint.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { ed25519Signer, splitNote } from '../../src/ledger/note.ts'
import { proveEvents } from '../../src/ledger/prove-events.ts'
import { finishRekey, rekey } from '../../src/ledger/rekey.ts'
import { openRotation, rotationNote } from '../../src/ledger/rotation.ts'
import { loadStationKey, NEXT_KEY_FILE, STATION_KEY_FILE } from '../../src/ledger/station-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import {
  appendReceipt,
  closing,
  newLedger,
  newWitness,
  type SampleLedger,
  temporaryFolder,
} from './sample-ledger.ts'

let dir: string
let remove: () => void
let sample: SampleLedger
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  sample = newLedger(dir)
  for (let i = 0; i < 5; i++) sample.ledger.append(closing(`before-${i}`))
})
afterEach(() => {
  sample.ledger.close()
  remove()
})

const planned = { reason: 'planned' } as const
const reopened = (): Ledger => {
  const { signer, keys } = loadStationKey(dir)
  return Ledger.open({ dir, signer, keys, now: sample.now })
}

describe('a ledger whose key was changed', () => {
  test('goes on with the next key, verifies by either key, and by no other', () => {
    const next = rekey(dir, sample.ledger, planned)
    sample.ledger.append(closing('after'))
    sample.ledger.close()
    expect(next.vkey).not.toBe(sample.key.vkey)
    for (const key of [sample.key.vkey, next.vkey]) {
      expect(verifyLog(dir, { key })).toMatchObject({ ok: true, trust: 'key', problem: null, size: 8 })
    }
    const stranger = newLedger(temporaryFolder().dir)
    expect(verifyLog(dir, { key: stranger.key.vkey }).problem).toMatchObject({ code: 'wrong-key', index: 0 })
    stranger.ledger.close()
    sample = { ...sample, ledger: reopened() }
    sample.ledger.append(closing('later'))
    expect(verifyLog(dir)).toMatchObject({ ok: true, size: 9 })
  })

  test('is signed by the old key before, by the next key from the change on', () => {
    rekey(dir, sample.ledger, planned)
    const { keys } = sample.ledger
    const signed = (size: number) =>
      keys.keys.map((key) => openCheckpoint(sample.ledger.checkpointAt(size), [key]).ok)
    expect(signed(6)).toEqual([true, false])
    expect(signed(7)).toEqual([false, true])
    expect(unwrap(keys.open(sample.ledger.checkpointAt(6))).size).toBe(6)
  })

  test('takes receipts for trees from before and after it, and can be changed again', () => {
    const witness = newWitness()
    appendReceipt(sample, witness)
    rekey(dir, sample.ledger, planned)
    appendReceipt(sample, witness)
    const third = rekey(dir, sample.ledger, { reason: 'compromised' })
    expect(third.keys.keys).toHaveLength(3)
    expect(verifyLog(dir, { key: third.vkey, witness: witness.vkey })).toMatchObject({
      ok: true,
      trust: 'witness',
    })
  })

  test('proves its events by a file that leads from one key to the next', () => {
    rekey(dir, sample.ledger, planned)
    sample.ledger.append(closing('after'))
    const { bytes, shown } = proveEvents(sample.ledger, { kind: 'event', index: 7 })
    expect(shown).toEqual([0, 6, 7])
    for (const key of sample.ledger.keys.keys) {
      expect(unwrap(verifyEventProof(bytes, { key }))).toMatchObject({ ok: true, trust: 'key' })
    }
  })

  test('that somebody goes on writing with the old key is found', () => {
    const old = sample.key.signer
    rekey(dir, sample.ledger, planned)
    sample.ledger.close()
    expect(() => Ledger.open({ dir, signer: old, now: sample.now })).toThrow(
      expect.objectContaining({ code: 'LEDGER_WRONG_KEY' }),
    )
    sample = { ...sample, ledger: reopened() }
  })
})

describe('a change that a power cut broke off', () => {
  test('after the ledger named the next key is finished', () => {
    const before = readFileSync(join(dir, STATION_KEY_FILE))
    const { vkey } = rekey(dir, sample.ledger, planned)
    const after = readFileSync(join(dir, STATION_KEY_FILE))
    sample.ledger.close()
    writeFileSync(join(dir, STATION_KEY_FILE), before)
    writeFileSync(join(dir, NEXT_KEY_FILE), after)
    finishRekey(dir)
    expect(loadStationKey(dir).vkey).toBe(vkey)
    expect(existsSync(join(dir, NEXT_KEY_FILE))).toBe(false)
  })

  test('before the ledger named it is taken back', () => {
    sample.ledger.close()
    const { vkey } = sample.key
    const other = temporaryFolder()
    const elsewhere = newLedger(other.dir)
    rekey(other.dir, elsewhere.ledger, planned)
    writeFileSync(join(dir, NEXT_KEY_FILE), readFileSync(join(other.dir, STATION_KEY_FILE)))
    elsewhere.ledger.close()
    other.remove()
    finishRekey(dir)
    expect(loadStationKey(dir).vkey).toBe(vkey)
    sample = { ...sample, ledger: reopened() }
    sample.ledger.append(closing('on'))
    expect(verifyLog(dir).ok).toBe(true)
  })

  test('by a person who gives the wrong PIN changes nothing', () => {
    const sign = () => {
      throw new Error('wrong PIN')
    }
    expect(() => rekey(dir, sample.ledger, { reason: 'planned', sign })).toThrow('wrong PIN')
    expect(existsSync(join(dir, NEXT_KEY_FILE))).toBe(false)
    sample.ledger.append(closing('on'))
    expect(loadStationKey(dir).vkey).toBe(sample.key.vkey)
  })
})

describe('a rotation note', () => {
  const origin = 'shidao/station/0123456789abcdef'
  const signer = (name = origin) => ed25519Signer(name, generateKeyPairSync('ed25519').privateKey)
  const at = { size: 7, root: new Uint8Array(32).fill(1), reason: 'planned' } as const

  test('says which key gives way to which, at which place of which history', () => {
    const [old, next] = [signer(), signer()]
    const rotation = unwrap(openRotation(rotationNote(at, old, next)))
    expect(rotation).toMatchObject({ origin, size: 7, root: '01'.repeat(32), reason: 'planned' })
    expect([rotation.old.vkey, rotation.next.vkey]).toEqual([old.key.vkey, next.key.vkey])
  })

  test('without one of its two signatures, changed, to itself, or of another name is refused', () => {
    const [old, next] = [signer(), signer()]
    const note = rotationNote(at, old, next)
    const { text } = unwrap(splitNote(note))
    const [one = '', two = ''] = note.slice(text.length + 1).split('\n')
    const bad = [
      `${text}\n${one}\n`,
      `${text}\n${two}\n`,
      note.replace('"size":7', '"size":8'),
      rotationNote(at, old, old),
      rotationNote(at, old, signer('shidao/station/ffffffffffffffff')),
      '',
    ]
    for (const each of bad) expect(openRotation(each)).toMatchObject({ fault: { code: 'LEDGER_ROTATION' } })
  })

  test('of another place or key is not taken into a ledger', () => {
    const next = signer(sample.ledger.origin)
    const note = rotationNote({ ...at, size: 3 }, sample.key.signer, next)
    const size = sample.ledger.size
    expect(() => sample.ledger.rekey(next, { reason: 'planned', note, act: null })).toThrow(
      expect.objectContaining({ code: 'LEDGER_ROTATION' }),
    )
    const data = { vkey: next.key.vkey, reason: 'planned' as const, note, act: null }
    expect(() => sample.ledger.append({ type: 'station.rekeyed', data })).toThrow(
      expect.objectContaining({ code: 'LEDGER_ROTATION' }),
    )
    expect(sample.ledger.size).toBe(size)
    expect(unwrap(parseCheckpoint(unwrap(splitNote(sample.ledger.checkpoint())).text)).size).toBe(size)
    sample.ledger.append(closing('on'))
    expect(verifyLog(dir).ok).toBe(true)
  })
})
