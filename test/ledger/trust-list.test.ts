import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cosignerKey } from '../../src/ledger/cosignature.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { rekey } from '../../src/ledger/rekey.ts'
import { openTrustList, signTrustList, type TrustDocument } from '../../src/ledger/trust-list.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import {
  appendReceipt,
  closing,
  newLedger,
  newWitness,
  type SampleLedger,
  temporaryFolder,
  type Witness,
} from './sample-ledger.ts'

const NOW = Date.UTC(2026, 2, 2)
const DAY = 86_400_000
const newSigner = (name: string) => ed25519Signer(name, generateKeyPairSync('ed25519').privateKey)
const authority = newSigner('trust.example')

let dir: string
let remove: () => void
let sample: SampleLedger
let witness: Witness
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  sample = newLedger(dir)
  witness = newWitness()
  appendReceipt(sample, witness)
})
afterEach(() => {
  sample.ledger.close()
  remove()
})

function list(change: Partial<TrustDocument> = {}): TrustDocument {
  return {
    authority: 'trust.example',
    serial: 7,
    made: NOW - DAY,
    until: NOW + DAY,
    stations: [{ vkey: sample.key.vkey, title: '一号教室' }],
    witnesses: [{ vkey: witness.vkey, title: '省级收集端' }],
    quorum: 1,
    revoked: [],
    ...change,
  }
}
const opened = (note: string, { now = NOW, seen = 0, key = authority.key } = {}) =>
  openTrustList(note, key, { now, seen })
const codeOf = (result: ReturnType<typeof opened>) => (result.ok ? null : result.fault.code)

describe('a trust list', () => {
  test('that is signed and in force lets a ledger rest on a witness', () => {
    const { policy } = unwrap(opened(signTrustList(list(), authority)))
    expect(verifyLog(dir, { policy })).toMatchObject({ ok: true, trust: 'witness' })
  })

  test('that does not know the station leaves its ledger unbelieved', () => {
    const stations = [{ vkey: newSigner('shidao/station/ffffffffffffffff').key.vkey, title: '' }]
    const { policy } = unwrap(opened(signTrustList(list({ stations }), authority)))
    expect(verifyLog(dir, { policy }).problem).toMatchObject({ code: 'wrong-key' })
  })

  test('that revokes the station’s key, or the witness’s, leaves its ledger unbelieved', () => {
    const other = { vkey: newSigner('shidao/station/ffffffffffffffff').key.vkey, title: '' }
    const stations = [...list().stations, other]
    const revokedStation = [{ vkey: sample.key.vkey, since: NOW, reason: '被盗' }]
    const one = unwrap(opened(signTrustList(list({ stations, revoked: revokedStation }), authority)))
    expect(verifyLog(dir, { policy: one.policy }).problem).toMatchObject({ code: 'wrong-key' })
    const spare = generateKeyPairSync('ed25519').privateKey
    const witnesses = [...list().witnesses, { vkey: cosignerKey('w.example/2', spare).vkey, title: '' }]
    const revokedWitness = [{ vkey: witness.vkey, since: NOW, reason: '' }]
    const two = unwrap(opened(signTrustList(list({ witnesses, revoked: revokedWitness }), authority)))
    expect(verifyLog(dir, { policy: two.policy }).problem).toMatchObject({ code: 'wrong-key' })
  })

  test('that revokes a key leaves what a witness saw before that good, and nothing after it', () => {
    const other = { vkey: newSigner('shidao/station/ffffffffffffffff').key.vkey, title: '' }
    const before = sample.ledger.size
    const revoked = (since: number, change: Partial<TrustDocument> = {}) => {
      const stations = [...list().stations, other]
      const entry = { vkey: sample.key.vkey, since, reason: '被盗' }
      return unwrap(opened(signTrustList(list({ stations, revoked: [entry], ...change }), authority))).policy
    }
    // The sample's clock shows a second more at each look; its receipt is of the first seconds of NOW.
    const policy = revoked(NOW + DAY / 2)
    expect(verifyLog(dir, { policy })).toMatchObject({ ok: true, trust: 'witness', size: before })
    expect(verifyLog(dir, { policy: revoked(NOW + DAY / 2, { quorum: 0 }) })).toMatchObject({
      ok: true,
      trust: 'witness',
    })
    expect(verifyLog(dir, { policy: revoked(NOW) }).problem).toMatchObject({ code: 'wrong-key', index: 0 })
    const onlyRevoked = { stations: [], quorum: 1 }
    expect(verifyLog(dir, { policy: revoked(NOW + DAY / 2, onlyRevoked) })).toMatchObject({
      ok: true,
      trust: 'witness',
    })
    expect(verifyLog(dir, { policy: revoked(NOW, onlyRevoked) }).problem?.code).toBe('wrong-key')
    const ofAnother = {
      ...onlyRevoked,
      quorum: 0,
      revoked: [{ ...other, since: NOW, reason: '' }].map(({ title: _, ...each }) => each),
    }
    expect(verifyLog(dir, { policy: revoked(NOW, ofAnother) }).problem).toMatchObject({
      code: 'wrong-key',
      index: 0,
    })
    // A key that stands among the revoked ones only was the authority's once.
    expect(verifyLog(dir, { policy: revoked(NOW + DAY / 2, { stations: [other] }) }).ok).toBe(true)

    sample.ledger.append(closing('unseen'))
    expect(verifyLog(dir, { policy }).problem).toMatchObject({ code: 'wrong-key', index: before })
    const root = Buffer.from(sample.ledger.root).toString('hex')
    const time = NOW + DAY
    const note = witness.cosign(sample.ledger.checkpoint(), time / 1000)
    const name = witness.vkey.split('+')[0]!
    sample.ledger.append({
      type: 'receipt',
      data: { witness: name, size: sample.ledger.size, root, time, note },
    })
    expect(verifyLog(dir, { policy }).problem).toMatchObject({ code: 'wrong-key', index: before })
    expect(verifyLog(dir, { policy: revoked(time + 1) })).toMatchObject({ ok: true, trust: 'witness' })
    expect(verifyLog(dir, { policy: revoked(time) }).problem).toMatchObject({ index: before })
  })

  test('that revokes a witness too leaves nothing that it alone saw', () => {
    const spare = cosignerKey('w.example/2', generateKeyPairSync('ed25519').privateKey).vkey
    const other = { vkey: newSigner('shidao/station/ffffffffffffffff').key.vkey, title: '' }
    const since = NOW + DAY / 2
    const document = list({
      stations: [...list().stations, other],
      witnesses: [...list().witnesses, { vkey: spare, title: '' }],
      revoked: [sample.key.vkey, witness.vkey].map((vkey) => ({ vkey, since, reason: '' })),
    })
    const { policy } = unwrap(opened(signTrustList(document, authority)))
    expect(verifyLog(dir, { policy }).problem).toMatchObject({ code: 'wrong-key', index: 0 })
  })

  test('that revokes the key that a thief changed for another believes neither', () => {
    const thief = rekey(dir, sample.ledger, { reason: 'planned' })
    sample.ledger.append(closing('of the thief'))
    const other = { vkey: newSigner('shidao/station/ffffffffffffffff').key.vkey, title: '' }
    const document = list({
      stations: [...list().stations, other],
      revoked: [{ vkey: sample.key.vkey, since: NOW + DAY / 2, reason: '' }],
    })
    const { policy } = unwrap(opened(signTrustList(document, authority)))
    expect(verifyLog(dir, { policy }).problem).toMatchObject({ code: 'wrong-key', index: 2 })
    const next = { ...document, stations: [...document.stations, { vkey: thief.vkey, title: '' }] }
    const known = unwrap(opened(signTrustList(next, authority)))
    expect(verifyLog(dir, { policy: known.policy }).ok).toBe(true)
  })

  test('that has ended is refused, on its last day it is not', () => {
    const note = signTrustList(list(), authority)
    expect(codeOf(opened(note, { now: NOW + DAY }))).toBeNull()
    expect(codeOf(opened(note, { now: NOW + DAY + 1 }))).toBe('LEDGER_TRUST_EXPIRED')
  })

  test('that is older than one that was seen is refused', () => {
    const note = signTrustList(list(), authority)
    expect(codeOf(opened(note, { seen: 7 }))).toBeNull()
    expect(codeOf(opened(note, { seen: 8 }))).toBe('LEDGER_TRUST_ROLLED_BACK')
  })

  test('of another authority, or forged, is refused', () => {
    const note = signTrustList(list(), authority)
    expect(codeOf(opened(note, { key: newSigner('trust.example').key }))).toBe('LEDGER_TRUST_UNKNOWN')
    const forged = note.replace('"serial":7', '"serial":8')
    expect(codeOf(opened(forged))).toBe('LEDGER_TRUST_SIGNATURE')
    expect(codeOf(opened(''))).toBe('LEDGER_TRUST')
  })

  test.each([
    ['says nothing of any station', () => list({ stations: [] })],
    [
      'revokes a witness and says nothing of any station',
      () => {
        const revoked = [{ vkey: witness.vkey, since: NOW, reason: '' }]
        return list({ stations: [], witnesses: [], quorum: 0, revoked })
      },
    ],
    ['asks for more witnesses than it knows', () => list({ quorum: 2 })],
    ['holds a key twice', () => list({ stations: [...list().stations, ...list().stations] })],
    ['holds a witness among stations', () => list({ stations: list().witnesses })],
    ['is of another authority than its key', () => list({ authority: 'other.example' })],
  ])('that %s is not made', (_, make) => {
    expect(() => signTrustList(make(), authority)).toThrow(expect.objectContaining({ code: 'LEDGER_TRUST' }))
  })
})

describe('on the command line', () => {
  const shidao = join(import.meta.dirname, '../../src/cli/shidao.js')
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'inspector-'))
  })
  afterEach(() => rmSync(home, { recursive: true }))
  const env = () => ({ ...process.env, XDG_DATA_HOME: home, LOCALAPPDATA: home, HOME: home })
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [shidao, ...words], { env: env(), encoding: 'utf8' })
  const make = (change: Partial<TrustDocument>) => {
    const until = Date.now() + DAY
    writeFileSync(join(home, 'list.json'), JSON.stringify(list({ until, ...change })))
    const words = ['trust', 'make', join(home, 'list.json'), '--key', join(home, 'authority.key'), '--json']
    const out = join(home, `${change.serial}.trust`)
    const said = execFileSync(process.execPath, [shidao, ...words, '--out', out], {
      env: env(),
      encoding: 'utf8',
    })
    return { out, vkey: (JSON.parse(said) as { vkey: string }).vkey }
  }

  test('an inspector’s verification rests on the list, and an older list than the last is refused', () => {
    sample.ledger.close()
    const [older, newer] = [make({ serial: 1 }), make({ serial: 2 })]
    const verify = (file: string) =>
      run('log', 'verify', dir, '--trust', file, '--trust-key', older.vkey, '--json')
    expect(JSON.parse(verify(newer.out).stdout)).toMatchObject({ ok: true, trust: 'witness' })
    const refused = verify(older.out)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('LEDGER_TRUST_ROLLED_BACK')
    expect(run('trust', 'show', older.out).stdout).toContain('not verified')
  }, 60_000)
})
