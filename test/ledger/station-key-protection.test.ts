import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createNextGmKey,
  GM_KEY_FILE,
  gmKeyState,
  gmSigner,
  NEXT_GM_KEY_FILE,
  rewrapGmKey,
} from '../../src/ledger/gm-key.ts'
import { systemdVault } from '../../src/ledger/key-vault-systemd.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { finishRekey, rekey } from '../../src/ledger/rekey.ts'
import { loadStationKey } from '../../src/ledger/station-key.ts'
import { CREDENTIAL_FILE, keyFileVault, STATION_KEY_FILE } from '../../src/ledger/station-key-file.ts'
import { protectStationKey, unprotectStationKey } from '../../src/ledger/station-key-protection.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { keyProtection } from '../../src/station/key-protection.ts'
import { describeIf } from '../support/requires.ts'
import { closing, newLedger, type SampleLedger, temporaryFolder } from './sample-ledger.ts'

const PATH = process.env.PATH
const STAND_IN = `#!/bin/sh
# Stands in for systemd-creds: turns the bytes over and back, and opens nothing while a file "gone" lies beside it.
if [ -e "$0.gone" ]; then cat >/dev/null; echo "credential secret is gone" >&2; exit 1; fi
exec tr '\\000-\\377' '\\200-\\377\\000-\\177'
`

let dir: string
let remove: () => void
let sample: SampleLedger
let program: string
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  sample = newLedger(dir)
  mkdirSync(join(dir, 'bin'))
  program = join(dir, 'bin', 'systemd-creds')
  writeFileSync(program, STAND_IN)
  chmodSync(program, 0o700)
  process.env.PATH = `${join(dir, 'bin')}:${PATH}`
})
afterEach(() => {
  process.env.PATH = PATH
  sample.ledger.close()
  remove()
})

const path = (name: string) => join(dir, name)
const withoutSigner = () => ({ ...loadStationKey(dir), signer: null })
const secretsOf = (file: string): string[] => {
  const { privateKey, sealingKey, lookupKey } = JSON.parse(file)
  return [privateKey.split('\n')[1], sealingKey, lookupKey]
}
const fault = (code: string) => expect.objectContaining({ code })

describeIf(process.platform === 'win32' ? 'the stand-in is a shell script' : null, 'a station key', () => {
  test('that is wrapped is the same key, signs on, and stands nowhere in the clear', () => {
    const before = withoutSigner()
    const secrets = secretsOf(readFileSync(path(STATION_KEY_FILE), 'utf8'))
    protectStationKey(dir, systemdVault)
    expect(withoutSigner()).toEqual(before)
    for (const name of readdirSync(dir).filter((each) => statSync(path(each)).isFile())) {
      const bytes = readFileSync(path(name))
      for (const secret of secrets) {
        expect(bytes.includes(secret), name).toBe(false)
        expect(bytes.includes(Buffer.from(secret, 'hex')) && /^[0-9a-f]{64}$/.test(secret), name).toBe(false)
      }
    }
    for (const name of [STATION_KEY_FILE, CREDENTIAL_FILE])
      expect(statSync(path(name)).mode & 0o777).toBe(0o600)
    expect(keyFileVault(dir)?.vault.name).toBe('systemd-creds')
    sample.ledger.append(closing('after'))
    expect(verifyLog(dir, { key: before.vkey })).toMatchObject({ ok: true, size: 2 })
  })

  test('takes the second tree’s key with it when it is wrapped, and out again', () => {
    const { origin } = loadStationKey(dir)
    const gm = gmSigner(dir, origin).key.vkey
    const secret = JSON.parse(readFileSync(path(GM_KEY_FILE), 'utf8')).privateKey
    protectStationKey(dir, systemdVault)
    const sealed = readFileSync(path(GM_KEY_FILE))
    expect([sealed.includes(secret), gmKeyState(dir)]).toEqual([false, 'wrapped'])
    expect(gmSigner(dir, origin).key.vkey).toBe(gm)
    expect(keyProtection(dir).secondTree).toContain('wrapped')
    unprotectStationKey(dir)
    expect([gmKeyState(dir), gmSigner(dir, origin).key.vkey]).toEqual(['clear', gm])
  })

  test('that is wrapped wraps a second tree’s key that is born, is left over or comes next', () => {
    const { origin } = loadStationKey(dir)
    protectStationKey(dir, systemdVault)
    const gm = gmSigner(dir, origin).key.vkey
    expect(gmKeyState(dir)).toBe('wrapped')
    rewrapGmKey(dir, origin, null)
    protectStationKey(dir, systemdVault)
    expect([gmKeyState(dir), gmSigner(dir, origin).key.vkey]).toEqual(['wrapped', gm])
    expect(() => protectStationKey(dir, systemdVault)).toThrow(fault('LEDGER_KEY_PROTECTED'))
    createNextGmKey(dir, origin, { size: 1, root: new Uint8Array(32), reason: 'planned' })
    expect(readFileSync(path(NEXT_GM_KEY_FILE), 'utf8')).not.toContain('privateKey')
  })

  test('of another station does not open a second tree’s key', () => {
    const { origin } = loadStationKey(dir)
    protectStationKey(dir, systemdVault)
    gmSigner(dir, origin)
    expect(() => gmSigner(dir, `${origin.slice(0, -1)}x`)).toThrow(fault('LEDGER_KEY_UNWRAP'))
  })

  test('that root wraps still belongs to the station’s account', () => {
    const owner = process.getuid?.() === 0 ? 12_345 : (process.getuid?.() ?? 0)
    chownSync(path(STATION_KEY_FILE), owner, -1)
    protectStationKey(dir, systemdVault)
    for (const name of [STATION_KEY_FILE, CREDENTIAL_FILE]) expect(statSync(path(name)).uid).toBe(owner)
  })

  test('is taken out again as it was, and each way only once', () => {
    const before = readFileSync(path(STATION_KEY_FILE), 'utf8')
    expect(() => unprotectStationKey(dir)).toThrow(fault('LEDGER_KEY_PROTECTED'))
    protectStationKey(dir, systemdVault)
    expect(() => protectStationKey(dir, systemdVault)).toThrow(fault('LEDGER_KEY_PROTECTED'))
    unprotectStationKey(dir)
    expect(JSON.parse(readFileSync(path(STATION_KEY_FILE), 'utf8'))).toEqual(JSON.parse(before))
    expect(existsSync(path(CREDENTIAL_FILE))).toBe(false)
  })

  test('that is changed stays wrapped, and a change that was broken off is finished', () => {
    protectStationKey(dir, systemdVault)
    const { vkey } = rekey(dir, sample.ledger, { reason: 'planned' })
    sample.ledger.close()
    expect(JSON.parse(readFileSync(path(STATION_KEY_FILE), 'utf8'))).toMatchObject({ v: 2 })
    const { signer, keys } = loadStationKey(dir)
    expect(signer.key.vkey).toBe(vkey)
    const ledger = Ledger.open({ dir, signer, keys, now: sample.now })
    sample = { ...sample, ledger }
    writeFileSync(path('station.key.next'), readFileSync(path(STATION_KEY_FILE)))
    ledger.close()
    finishRekey(dir)
    expect(loadStationKey(dir).vkey).toBe(vkey)
  })

  test('stays as it is where the system does not give back what it wrapped', () => {
    const before = readFileSync(path(STATION_KEY_FILE), 'utf8')
    const forgetful = { ...systemdVault, wrap: (secret: Uint8Array) => secret }
    expect(() => protectStationKey(dir, forgetful)).toThrow(fault('LEDGER_KEY_UNWRAP'))
    writeFileSync(`${program}.gone`, '')
    expect(() => protectStationKey(dir, systemdVault)).toThrow(fault('LEDGER_KEY_VAULT'))
    expect(readFileSync(path(STATION_KEY_FILE), 'utf8')).toBe(before)
    expect(readdirSync(dir).filter((name) => name.endsWith('.new'))).toEqual([])
    rmSync(`${program}.gone`)
    protectStationKey(dir, systemdVault)
    expect(loadStationKey(dir).vkey).toBe(sample.key.vkey)
  })

  test('whose wrapping is gone or changed, or that was put into another file, has a code of its own', () => {
    protectStationKey(dir, systemdVault)
    const file = readFileSync(path(STATION_KEY_FILE), 'utf8')
    const credential = readFileSync(path(CREDENTIAL_FILE))
    const code = () => {
      try {
        loadStationKey(dir)
        return null
      } catch (thrown) {
        return (thrown as { code: string }).code
      }
    }
    writeFileSync(`${program}.gone`, '')
    expect(code()).toBe('LEDGER_KEY_UNWRAP')
    rmSync(`${program}.gone`)
    expect(code()).toBeNull()
    writeFileSync(path(CREDENTIAL_FILE), credential.subarray(1))
    expect(code()).toBe('LEDGER_KEY_UNWRAP')
    rmSync(path(CREDENTIAL_FILE))
    expect(code()).toBe('LEDGER_KEY_UNWRAP')
    writeFileSync(path(CREDENTIAL_FILE), credential)
    writeFileSync(path(STATION_KEY_FILE), file.replace('"simulated": true', '"simulated": false'))
    expect(code()).toBe('LEDGER_KEY_UNWRAP')
    writeFileSync(path(STATION_KEY_FILE), file.replace('"vault": "systemd-creds"', '"vault": "other"'))
    expect(code()).toBe('LEDGER_KEY_CORRUPT')
  })
})

describeIf(
  process.platform === 'win32' ? 'a shell script stands in' : null,
  'a power cut while a key is wrapped',
  () => {
    test('leaves a key that opens, wherever it was', () => {
      const clear = readFileSync(path(STATION_KEY_FILE))
      protectStationKey(dir, systemdVault)
      const sealed = readFileSync(path(STATION_KEY_FILE))
      const credential = readFileSync(path(CREDENTIAL_FILE))
      // The credential alone; the draft beside it; a stale credential of an attempt before.
      writeFileSync(path(STATION_KEY_FILE), clear)
      expect(loadStationKey(dir).vkey).toBe(sample.key.vkey)
      writeFileSync(path(`${STATION_KEY_FILE}.new`), sealed.subarray(0, 20))
      writeFileSync(path(CREDENTIAL_FILE), credential.subarray(0, 3))
      expect(loadStationKey(dir).vkey).toBe(sample.key.vkey)
      protectStationKey(dir, systemdVault)
      expect(loadStationKey(dir).vkey).toBe(sample.key.vkey)
    })
  },
)
