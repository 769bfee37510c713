import { ed25519 } from '@noble/curves/ed25519.js'

/** In the place of `src/ledger/ed25519.ts`: not every browser's WebCrypto has Ed25519. By RFC 8032, not ZIP 215. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

/** A page that verifies has no private key. */
export function signEd25519(): never {
  throw new Error('this page cannot sign')
}

export function rawEd25519(): never {
  throw new Error('this page has no keys of its own')
}
