import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/* Ed25519 of RFC 8032. The browser's verifier page brings its own module in this one's place. */

/** Whether the raw 32-byte public key signed the message. Total: any bytes give an answer. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, ed25519PublicKey(publicKey), signature)
  } catch {
    return false
  }
}

/** 64 bytes. */
export function signEd25519(privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, message, privateKey))
}

/** Raw 32 bytes of an Ed25519 key, public or private. */
export function rawEd25519(key: KeyObject): Uint8Array {
  const { x = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return new Uint8Array(Buffer.from(x, 'base64url'))
}

// Making a key object costs as much as using it, and a ledger asks for the same few keys thousands of times.
const keyObjects = new WeakMap<Uint8Array, KeyObject>()

function ed25519PublicKey(raw: Uint8Array): KeyObject {
  const known = keyObjects.get(raw)
  if (known !== undefined) return known
  const x = Buffer.from(raw).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  keyObjects.set(raw, key)
  return key
}
