import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  scryptSync,
  timingSafeEqual,
} from 'node:crypto'
import { x25519 } from '@noble/curves/ed25519.js'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'

/*
 * age version 1 (c2sp.org/age): a header that gives a file key to X25519 keys or to a passphrase, and the content in
 * ChaCha20-Poly1305 by chunks of 64 KiB. Any other age program opens what this seals, and the other way round.
 *
 * Same input, same bytes: what age draws at random is derived from the content and a secret of whoever seals. Without the
 * secret nobody can try whether a guessed content gives the same file.
 */

/** To whom: one or more X25519 public keys (32 bytes each), or one passphrase. */
export type Recipients =
  | { readonly keys: readonly Uint8Array[] }
  | { readonly passphrase: string; readonly logN?: number }

/** By what: X25519 secret keys, or a passphrase. */
export type Opener = { readonly keys: readonly Uint8Array[] } | { readonly passphrase: string }

export const AGE_HEAD = 'age-encryption.org/v1\n'

/** Seals. `secret`: at least 16 bytes that nobody else knows, other ones for other contents. */
export function sealAge(content: Uint8Array, to: Recipients, secret: Uint8Array): Uint8Array {
  const seed = createHmac('sha256', secret).update(SEED_LABEL).update(content).digest()
  const draw = (label: string, bytes: number) => hkdf(seed, new Uint8Array(), `${SEED_LABEL} ${label}`, bytes)
  const fileKey = draw('file key', 16)
  const stanzas =
    'keys' in to
      ? to.keys.map((key) => x25519Stanza(fileKey, key, draw(`ephemeral ${hex(key)}`, 32)))
      : [scryptStanza(fileKey, to.passphrase, draw('scrypt salt', 16), to.logN ?? SCRYPT_LOG_N)]
  if (stanzas.length === 0)
    throw new Fault('EXPORT_AUDITOR_KEY', 'a sealed edition needs somebody to open it')
  const head = `${AGE_HEAD}${stanzas.join('')}---`
  const nonce = draw('nonce', 16)
  const payload = streamSeal(hkdf(fileKey, nonce, 'payload', 32), content)
  return Buffer.concat([Buffer.from(`${head} ${base64(headMac(fileKey, head))}\n`), nonce, payload])
}

/**
 * Opens an age file. Total. Faults: `PROOF_SEALED_FORMAT` (no age file, or cut off), `PROOF_OPENING_KEY` (for somebody
 * else), `PROOF_SEALED_ALTERED`.
 */
export function openAge(bytes: Uint8Array, opener: Opener): Result<Uint8Array> {
  const head = readHead(bytes)
  if (head === null) return fault('PROOF_SEALED_FORMAT', 'the sealed entry is no age file')
  const fileKey = 'keys' in opener ? byKeys(head, opener.keys) : byPassphrase(head, opener.passphrase)
  if (fileKey === null) return fault('PROOF_OPENING_KEY', 'the sealed entry is for another key or passphrase')
  if (!timingSafeEqual(headMac(fileKey, head.text), head.mac)) return altered()
  const payload = bytes.subarray(head.end)
  if (payload.length < 16) return fault('PROOF_SEALED_FORMAT', 'the sealed entry is cut off')
  const content = streamOpen(hkdf(fileKey, payload.subarray(0, 16), 'payload', 32), payload.subarray(16))
  return content === null ? altered() : ok(content)
}

interface Head {
  readonly stanzas: readonly { readonly args: readonly string[]; readonly body: Uint8Array }[]
  /** What the MAC is over. */
  readonly text: string
  readonly mac: Uint8Array
  /** Where the payload begins. */
  readonly end: number
}

const SEED_LABEL = 'shidao-sealed/v1'
const SCRYPT_LOG_N = 16
/** 2^18 × 8 × 128 bytes is 256 MiB, what age itself takes for a passphrase: a stranger's file gets no more. */
const MOST_LOG_N = 18
const CHUNK = 64 * 1024
const TAG = 16
const MAX_HEAD = 64 * 1024

function x25519Stanza(fileKey: Uint8Array, recipient: Uint8Array, secret: Uint8Array): string {
  const share = x25519.getPublicKey(secret)
  const shared = x25519.getSharedSecret(secret, recipient)
  const wrap = hkdf(shared, Buffer.concat([share, recipient]), 'age-encryption.org/v1/X25519', 32)
  return `-> X25519 ${base64(share)}\n${base64(sealChunk(wrap, new Uint8Array(12), fileKey))}\n`
}

function scryptStanza(fileKey: Uint8Array, passphrase: string, salt: Uint8Array, logN: number): string {
  const body = sealChunk(scryptKey(passphrase, salt, logN), new Uint8Array(12), fileKey)
  return `-> scrypt ${base64(salt)} ${logN}\n${base64(body)}\n`
}

function scryptKey(passphrase: string, salt: Uint8Array, logN: number): Uint8Array {
  const salted = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt])
  const N = 2 ** logN
  return scryptSync(Buffer.from(passphrase.normalize('NFC')), salted, 32, {
    N,
    r: 8,
    p: 1,
    maxmem: N * 1024 * 2,
  })
}

function byKeys({ stanzas }: Head, secrets: readonly Uint8Array[]): Uint8Array | null {
  for (const { args, body } of stanzas) {
    const share = args[0] === 'X25519' && args.length === 2 ? unbase64(args[1] ?? '') : null
    if (share?.length !== 32) continue
    for (const secret of secrets) {
      const fileKey = unwrapX25519(share, secret, body)
      if (fileKey !== null) return fileKey
    }
  }
  return null
}

function unwrapX25519(share: Uint8Array, secret: Uint8Array, body: Uint8Array): Uint8Array | null {
  try {
    const salt = Buffer.concat([share, x25519.getPublicKey(secret)])
    const wrap = hkdf(x25519.getSharedSecret(secret, share), salt, 'age-encryption.org/v1/X25519', 32)
    return fileKeyOf(openChunk(wrap, new Uint8Array(12), body))
  } catch {
    // A share of low order: nobody's key.
    return null
  }
}

/** A passphrase stands alone in a header: the specification refuses it beside others. */
function byPassphrase({ stanzas }: Head, passphrase: string): Uint8Array | null {
  const [stanza] = stanzas
  const [kind, salt = '', logN = ''] = stanza?.args ?? []
  if (stanzas.length !== 1 || stanza === undefined || kind !== 'scrypt' || !/^[1-9][0-9]?$/.test(logN))
    return null
  const raw = unbase64(salt)
  if (raw?.length !== 16 || Number(logN) > MOST_LOG_N) return null
  return fileKeyOf(openChunk(scryptKey(passphrase, raw, Number(logN)), new Uint8Array(12), stanza.body))
}

function fileKeyOf(opened: Uint8Array | null): Uint8Array | null {
  return opened?.length === 16 ? opened : null
}

function readHead(bytes: Uint8Array): Head | null {
  const text = Buffer.from(bytes.subarray(0, MAX_HEAD)).toString('latin1')
  if (!text.startsWith(AGE_HEAD)) return null
  const footer = /\n--- ([A-Za-z0-9+/]{43})\n/.exec(text)
  if (footer === null) return null
  const mac = unbase64(footer[1] ?? '')
  const stanzas = readStanzas(text.slice(AGE_HEAD.length, footer.index + 1))
  if (mac === null || stanzas === null) return null
  return { stanzas, text: text.slice(0, footer.index + 4), mac, end: footer.index + footer[0].length }
}

function readStanzas(text: string): Head['stanzas'] | null {
  const stanzas: { args: string[]; body: Uint8Array }[] = []
  const lines = text.split('\n').slice(0, -1)
  for (let at = 0; at < lines.length; ) {
    const line = lines[at++] ?? ''
    if (!/^-> [!-~]+( [!-~]+)*$/.test(line)) return null
    let encoded = ''
    for (let full = true; full; ) {
      const next = lines[at++]
      if (next === undefined || next.length > 64) return null
      encoded += next
      full = next.length === 64
    }
    const body = unbase64(encoded)
    if (body === null) return null
    stanzas.push({ args: line.slice(3).split(' '), body })
  }
  return stanzas.length === 0 ? null : stanzas
}

function headMac(fileKey: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', hkdf(fileKey, new Uint8Array(), 'header', 32))
    .update(text, 'latin1')
    .digest()
}

function streamSeal(key: Uint8Array, content: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = []
  const last = Math.max(0, Math.ceil(content.length / CHUNK) - 1)
  for (let count = 0; count <= last; count++) {
    const chunk = content.subarray(count * CHUNK, (count + 1) * CHUNK)
    chunks.push(sealChunk(key, chunkNonce(count, count === last), chunk))
  }
  return Buffer.concat(chunks)
}

function streamOpen(key: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  const chunks: Uint8Array[] = []
  const size = CHUNK + TAG
  const last = Math.ceil(sealed.length / size) - 1
  for (let count = 0; count <= last; count++) {
    const chunk = sealed.subarray(count * size, (count + 1) * size)
    const opened = openChunk(key, chunkNonce(count, count === last), chunk)
    // An empty last chunk stands for empty content only.
    if (opened === null || (opened.length === 0 && count > 0)) return null
    chunks.push(opened)
  }
  return last < 0 ? null : Buffer.concat(chunks)
}

function chunkNonce(count: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(count, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function sealChunk(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function openChunk(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < TAG) return null
  try {
    const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()])
  } catch {
    return null
  }
}

function hkdf(secret: Uint8Array, salt: Uint8Array, info: string, bytes: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, bytes))
}

/** Without padding, as age has it. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}

/** Canonical only: what encodes to another text is not what it says. */
function unbase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64')
  return base64(bytes) === text ? new Uint8Array(bytes) : null
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function altered() {
  return fault('PROOF_SEALED_ALTERED', 'the sealed entry was changed')
}

function fault(code: Fault['code'], message: string) {
  return failed(new Fault(code, message))
}
