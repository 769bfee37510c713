import { concatBytes } from './bytes.ts'
import { verifyEd25519 } from './ed25519.ts'
import { SM2_PUBLIC_KEY_BYTES, SM2_SIGNATURE_BYTES, sm2Verify } from './sm2.ts'

/*
 * The signature types that a C2SP signed note can carry, and what each of them signs. Another one (0x06 ML-DSA-44)
 * is one more entry in `signatureTypes`.
 */

/**
 * Assigned bytes of c2sp.org/signed-note. 0xff is for types of one's own, which a longer name tells apart: behind it
 * stands `sm2-sm3`, and only then the key.
 */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04, sm2: 0xff } as const

export interface SignatureType {
  /** What is encoded before a public key: the type's byte and, for a type of one's own, its name. */
  readonly prefix: Uint8Array
  /** Bytes of an encoded public key. */
  readonly publicKeyBytes: number
  /** Bytes of a signature behind the key id. */
  readonly signatureBytes: number
  /** Whether the key signed this note text. Total: any bytes of the right lengths give an answer. */
  verify(publicKey: Uint8Array, text: string, signature: Uint8Array): boolean
}

export const signatureTypes: Readonly<Record<number, SignatureType>> = {
  [SIGNATURE_TYPE.ed25519]: {
    prefix: Uint8Array.of(SIGNATURE_TYPE.ed25519),
    publicKeyBytes: 32,
    signatureBytes: 64,
    verify: (publicKey, text, signature) => verifyEd25519(publicKey, encode(text), signature),
  },
  [SIGNATURE_TYPE.cosignature]: {
    prefix: Uint8Array.of(SIGNATURE_TYPE.cosignature),
    publicKeyBytes: 32,
    signatureBytes: 8 + 64,
    verify: (publicKey, text, signature) => {
      const time = cosignatureTime(signature)
      if (time === null) return false
      return verifyEd25519(publicKey, cosignatureMessage(text, time), signature.subarray(8))
    },
  },
  [SIGNATURE_TYPE.sm2]: {
    prefix: concatBytes(Uint8Array.of(SIGNATURE_TYPE.sm2), encode('sm2-sm3')),
    publicKeyBytes: SM2_PUBLIC_KEY_BYTES,
    signatureBytes: SM2_SIGNATURE_BYTES,
    verify: (publicKey, text, signature) => sm2Verify(publicKey, encode(text), signature),
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

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
