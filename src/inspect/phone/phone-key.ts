import { ed25519 } from '@noble/curves/ed25519.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { z } from 'zod'
import { actMessage } from '../../ledger/act-verification.ts'
import { fromHex, toHex } from '../../ledger/bytes.ts'
import { inspectorId, isInspectorKey } from '../../ledger/inspector-id.ts'

/*
 * An inspector's key on a phone: made there, kept under a PIN, and in the very file format that `shidao inspect key`
 * writes (src/inspect/inspector-key.ts, src/ledger/act.ts), so that either can take the other's.
 */

const keyFile = z.strictObject({
  format: z.literal('shidao-inspector-key/v1'),
  actor: z.string(),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
  wrapped: z.strictObject({
    v: z.literal(1),
    kdf: z.strictObject({
      name: z.literal('scrypt'),
      logN: z.int().min(10).max(18),
      r: z.int().min(1).max(16),
      p: z.int().min(1).max(4),
    }),
    salt: z.string().regex(/^[0-9a-f]{32}$/),
    sealed: z.string().regex(/^([0-9a-f]{2}){28,512}$/),
  }),
})
export type PhoneKey = z.infer<typeof keyFile>

/** As short as a PIN may be. */
export const SHORTEST_PIN = 8

/** Reads a key's file; null when it is none, or its id is not that of its key. Total. */
export function readPhoneKey(text: string): PhoneKey | null {
  try {
    const parsed = keyFile.safeParse(JSON.parse(text))
    return parsed.success && isInspectorKey(parsed.data) ? parsed.data : null
  } catch {
    return null
  }
}

export function phoneKeyText(key: PhoneKey): string {
  return `${JSON.stringify(key)}\n`
}

/** A new key under a PIN of at least `SHORTEST_PIN` characters. Takes a second or two on a phone. */
export async function createPhoneKey(pin: string): Promise<PhoneKey> {
  const seed = crypto.getRandomValues(new Uint8Array(32))
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const kdf = { name: 'scrypt', logN: 16, r: 8, p: 1 } as const
  const publicKey = toHex(ed25519.getPublicKey(seed))
  const sealed = await seal(await pinKey(pin, salt, kdf), joined([PKCS8_START, seed]))
  const wrapped = { v: 1, kdf, salt: toHex(salt), sealed: toHex(sealed) } as const
  return { format: 'shidao-inspector-key/v1', actor: inspectorId(publicKey)!, publicKey, wrapped }
}

/** Signs a statement as it stands, hex; null when the PIN is not this key's, or the key is damaged. */
export async function signWithPhoneKey(
  statement: string,
  { wrapped, publicKey }: PhoneKey,
  pin: string,
): Promise<string | null> {
  const key = await pinKey(pin, fromHex(wrapped.salt)!, wrapped.kdf)
  const pkcs8 = await unseal(key, fromHex(wrapped.sealed)!)
  const seed = pkcs8?.subarray(PKCS8_START.length)
  if (seed?.length !== 32 || toHex(ed25519.getPublicKey(seed)) !== publicKey) return null
  return toHex(ed25519.sign(actMessage(statement), seed))
}

/** PKCS #8 of an Ed25519 key up to its 32 bytes, RFC 8410 section 7. */
const PKCS8_START = fromHex('302e020100300506032b657004220420')!
/** See src/ledger/sealing.ts: what the sealed bytes are. */
const CONTEXT = new TextEncoder().encode(JSON.stringify(['shidao-actor-key/v1']))
const NONCE_BYTES = 12
const TAG_BYTES = 16

async function pinKey(pin: string, salt: Uint8Array, { logN, r, p }: PhoneKey['wrapped']['kdf']) {
  const bytes = await scryptAsync(pin.normalize('NFKC'), salt, { N: 2 ** logN, r, p, dkLen: 32 })
  return crypto.subtle.importKey('raw', new Uint8Array(bytes), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function seal(key: CryptoKey, plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const box = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: CONTEXT }, key, plain),
  )
  // WebCrypto puts the tag last, the file has it before the text.
  const text = box.subarray(0, -TAG_BYTES)
  return joined([iv, box.subarray(-TAG_BYTES), text])
}

async function unseal(key: CryptoKey, sealed: Uint8Array): Promise<Uint8Array | null> {
  const iv = new Uint8Array(sealed.subarray(0, NONCE_BYTES))
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  const box = joined([sealed.subarray(NONCE_BYTES + TAG_BYTES), tag])
  try {
    const algorithm = { name: 'AES-GCM', iv, additionalData: CONTEXT }
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, box))
  } catch {
    return null
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
