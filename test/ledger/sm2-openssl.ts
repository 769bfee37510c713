import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/* The openssl command as a second oracle for SM2: its own library, not Node's, with the user ID that it is told. */

/** Why the command can't be asked on this machine, or null. */
export const noOpenssl: string | null =
  spawnSync('openssl', ['list', '-signature-algorithms'], { encoding: 'utf8' }).stdout?.includes('SM2') ===
  true
    ? null
    : 'no openssl command with SM2'

const DISTINGUISHED = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678']

export interface OpensslKey {
  /** PEM file of the private key. */
  readonly file: string
  readonly privateKey: Uint8Array
  /** x || y. */
  readonly publicKey: Uint8Array
}

export function opensslKey(): OpensslKey {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-sm2-'))
  const file = join(folder, 'key.pem')
  execFileSync('openssl', ['genpkey', '-algorithm', 'SM2', '-out', file], { stdio: 'pipe' })
  const spki = execFileSync('openssl', ['pkey', '-in', file, '-pubout', '-outform', 'DER'], { stdio: 'pipe' })
  const text = execFileSync('openssl', ['pkey', '-in', file, '-noout', '-text'], { encoding: 'utf8' })
  const digits = /priv:([\s0-9a-f:]+)pub:/.exec(text)![1]!.replaceAll(/[\s:]/g, '')
  const privateKey = new Uint8Array(Buffer.from(digits.padStart(64, '0').slice(-64), 'hex'))
  return { file, privateKey, publicKey: new Uint8Array(spki.subarray(-64)) }
}

/** r || s by openssl. */
export function opensslSign(key: OpensslKey, message: Uint8Array): Uint8Array {
  const input = join(mkdtempSync(join(tmpdir(), 'shidao-sm2-')), 'message')
  writeFileSync(input, message)
  const words = ['pkeyutl', '-sign', '-inkey', key.file, '-in', input, ...DISTINGUISHED]
  return fromDer(execFileSync('openssl', words, { stdio: 'pipe' }))
}

export function opensslVerify(key: OpensslKey, message: Uint8Array, signature: Uint8Array): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-sm2-'))
  const [input, sigfile] = [join(folder, 'message'), join(folder, 'signature')]
  writeFileSync(input, message)
  writeFileSync(sigfile, toDer(signature))
  const words = [
    'pkeyutl',
    '-verify',
    '-inkey',
    key.file,
    '-in',
    input,
    '-sigfile',
    sigfile,
    ...DISTINGUISHED,
  ]
  return spawnSync('openssl', words).status === 0
}

/** SEQUENCE of two INTEGERs → r || s, 32 bytes each. */
function fromDer(der: Uint8Array): Uint8Array {
  const joined = new Uint8Array(64)
  let offset = 2
  for (const end of [32, 64]) {
    const length = der[offset + 1]!
    const integer = der.subarray(offset + 2, offset + 2 + length)
    const digits = integer.length > 32 ? integer.subarray(integer.length - 32) : integer
    joined.set(digits, end - digits.length)
    offset += 2 + length
  }
  return joined
}

function toDer(signature: Uint8Array): Uint8Array {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((digits) => {
    let start = 0
    while (start < 31 && digits[start] === 0) start++
    const body = [...digits.subarray(start)]
    if (body[0]! >= 0x80) body.unshift(0)
    return [2, body.length, ...body]
  })
  const content = integers.flat()
  return Uint8Array.of(0x30, content.length, ...content)
}
