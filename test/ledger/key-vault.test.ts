import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dataProtection, dpapiVault } from '../../src/ledger/key-vault-dpapi.ts'
import { CREDENTIAL_NAME, systemdVault } from '../../src/ledger/key-vault-systemd.ts'
import { compilerAbsence } from '../cards/vendor/compiled-library.ts'
import { describeIf } from '../support/requires.ts'

const secret = new Uint8Array(randomBytes(32))
const LEFT_ALONE = { ...process.env }
afterEach(() => {
  process.env.PATH = LEFT_ALONE.PATH
  delete process.env.CREDENTIALS_DIRECTORY
})

/** Only who may read the host's key can wrap; an account of its own gets the credential from its unit instead. */
function noSystemdCreds(): string | null {
  const obstacle = systemdVault.obstacle()
  if (obstacle !== null) return obstacle
  try {
    systemdVault.wrap(secret)
    return null
  } catch (thrown) {
    return (thrown as Error).message
  }
}

describeIf(noSystemdCreds(), 'the real systemd-creds', () => {
  test('gives back what it wrapped, each time wrapped otherwise', () => {
    const [one, two] = [systemdVault.wrap(secret), systemdVault.wrap(secret)]
    expect(Buffer.from(one).equals(two)).toBe(false)
    expect(Buffer.from(one).includes(Buffer.from(secret))).toBe(false)
    expect(systemdVault.unwrap(one)).toEqual(secret)
    expect(systemdVault.unwrap(two)).toEqual(secret)
    expect(systemdVault.describe(one).heldBy).toMatch(/key file/)
  })

  test('does not open what was changed, or was wrapped under another name', () => {
    const changed = Buffer.from(Buffer.from(systemdVault.wrap(secret)).toString(), 'base64')
    changed[changed.length - 1]! ^= 1
    expect(() => systemdVault.unwrap(Buffer.from(changed.toString('base64')))).toThrow(refusal())
    const other = execFileSync('systemd-creds', ['encrypt', '--name=other', '-', '-'], {
      input: secret,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    expect(() => systemdVault.unwrap(other)).toThrow(refusal())
  })
})

describe('a systemd-creds that is not what it should be', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shidao-vault-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const script = (text: string) => {
    writeFileSync(join(folder, 'systemd-creds'), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, 'systemd-creds'), 0o700)
    process.env.PATH = `${folder}:${LEFT_ALONE.PATH}`
  }

  test('is absent: said so, with a code', () => {
    process.env.PATH = folder
    expect(systemdVault.obstacle()).not.toBeNull()
    expect(() => systemdVault.wrap(secret)).toThrow(expect.objectContaining({ code: 'LEDGER_KEY_VAULT' }))
    expect(() => systemdVault.unwrap(secret)).toThrow(refusal())
  })

  test.skipIf(process.platform === 'win32')('refuses, or says nothing: its last line is passed on', () => {
    script('cat >/dev/null; echo first >&2; echo "No TPM here" >&2; exit 1')
    expect(() => systemdVault.unwrap(secret)).toThrow(/No TPM here/)
    script('cat >/dev/null; exit 0')
    expect(() => systemdVault.wrap(secret)).toThrow(/exit 0/)
  })

  test('is not asked where the unit has been given the secret', () => {
    process.env.PATH = folder
    process.env.CREDENTIALS_DIRECTORY = folder
    writeFileSync(join(folder, CREDENTIAL_NAME), secret)
    expect(systemdVault.unwrap(Buffer.from('whatever'))).toEqual(secret)
  })
})

describe('DPAPI where there is no Windows', () => {
  test('is said not to be there, and a key that it wraps does not open', () => {
    const vault = dpapiVault()
    expect(vault.obstacle() === null).toBe(process.platform === 'win32')
    const broken = dpapiVault(() => {
      throw new Error('no library')
    })
    expect(() => broken.wrap(secret)).toThrow(expect.objectContaining({ code: 'LEDGER_KEY_VAULT' }))
    expect(() => broken.unwrap(secret)).toThrow(refusal())
  })
})

describeIf(compilerAbsence(), 'the calls of DPAPI, to a library with its prototypes', () => {
  let folder: string
  let file: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shidao-crypt32-'))
    file = join(folder, 'crypt32.so')
    const source = join(import.meta.dirname, 'fake-crypt32.c')
    execFileSync('cc', ['-shared', '-fPIC', '-Wall', '-Wextra', '-o', file, source])
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('take and give bytes, free what was handed out, and say no with a code', () => {
    const vault = dpapiVault(() => dataProtection({ crypt32: file, kernel32: file }))
    const wrapped = vault.wrap(secret)
    expect(wrapped).toHaveLength(34)
    expect(vault.unwrap(wrapped)).toEqual(secret)
    expect(() => vault.unwrap(secret.with(0, 0))).toThrow(refusal())
    expect(koffi.load(file).func('int timesFreed()')()).toBe(2)
  })
})

test('the unit in native-config hands the secret over by the name that the program asks for', () => {
  const unit = readFileSync(
    join(import.meta.dirname, '../../native-config/kiosk/shidao-station.service'),
    'utf8',
  )
  expect(unit).toContain(`LoadCredentialEncrypted=${CREDENTIAL_NAME}:`)
  expect(unit).toMatch(/^User=shidao$/m)
  expect(unit).toMatch(/^LimitCORE=0$/m)
})

function refusal() {
  return expect.objectContaining({ code: 'LEDGER_KEY_UNWRAP' })
}
