import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/*
 * Sealed bytes: AES-256-GCM, as 12 bytes of random nonce || 16 bytes of tag || ciphertext. `context` says what the
 * bytes are and whose; it is authenticated, so that sealed bytes can't be moved to another person or purpose.
 */

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals under a 32-byte key. */
export function seal(key: Uint8Array, plain: Uint8Array, context: readonly string[]): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(JSON.stringify(context)))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** The plain bytes, or null if key, context or bytes are not those of the sealing. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: readonly string[]): Uint8Array | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(JSON.stringify(context)))
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    const plain = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES))
    return new Uint8Array(Buffer.concat([plain, decipher.final()]))
  } catch {
    return null
  }
}
