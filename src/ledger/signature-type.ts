import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/*
 * The signature types that a C2SP signed note can carry, and what each of them signs. Another suite (0x06 ML-DSA-44,
 * 0xff SM2) is one more entry in `signatureTypes`.
 */

/** Assigned bytes of c2sp.org/signed-note. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const

export interface SignatureType {
  /** Bytes of an encoded public key. */
  readonly publicKeyBytes: number
  /** Bytes of a signature behind the key id. */
  readonly signatureBytes: number
  /** Whether the key signed this note text. Total: any bytes of the right lengths give an answer. */
  verify(publicKey: Uint8Array, text: string, signature: Uint8Array): boolean
}

export const signatureTypes: Readonly<Record<number, SignatureType>> = {
  [SIGNATURE_TYPE.ed25519]: {
    publicKeyBytes: 32,
    signatureBytes: 64,
    verify: (publicKey, text, signature) => verifyEd25519(publicKey, encode(text), signature),
  },
  [SIGNATURE_TYPE.cosignature]: {
    publicKeyBytes: 32,
    signatureBytes: 8 + 64,
    verify: (publicKey, text, signature) => {
      const time = cosignatureTime(signature)
      if (time === null) return false
      return verifyEd25519(publicKey, cosignatureMessage(text, time), signature.subarray(8))
    },
  },
}

/** What a cosigner signs, c2sp.org/tlog-cosignature: two lines, then the whole checkpoint text. `time` in seconds. */
export function cosignatureMessage(text: string, time: number): Uint8Array {
  return encode(`cosignature/v1\ntime ${time}\n${text}`)
}

/** Seconds since 1970 from a timestamped signature; null where a number can't hold them exactly. */
export function cosignatureTime(signature: Uint8Array): number | null {
  const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0)
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : null
}

/** Ed25519 of RFC 8032 from a raw 32-byte public key. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, ed25519PublicKey(publicKey), signature)
  } catch {
    return false
  }
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

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
