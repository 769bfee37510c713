/* The inspector's number of a draw: 32 random bytes of this window, or what they wrote themselves. */

/** 64 hex digits from the browser's generator. */
export function randomNonce(): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(32)))
}

/** Mixes a touch's moment and fresh random bytes into a number: no worse than either alone. */
export function stirred(nonce: string, moment: number): Promise<string> {
  return digestOf(`${nonce} ${moment} ${randomNonce()}`)
}

/**
 * The nonce of what an inspector wrote: as it stands when it is hex of 16 to 64 bytes, else the SHA-256 of its UTF-8
 * bytes, which anybody can compute again from the same words.
 */
export async function nonceOf(written: string): Promise<string> {
  const plain = written.trim().toLowerCase()
  return /^([0-9a-f]{2}){16,64}$/.test(plain) ? plain : digestOf(written.trim())
}

/** First digits for people to compare, in fours. */
export function shortHex(hex: string): string {
  return (hex.slice(0, 16).match(/.{4}/g) ?? []).join(' ')
}

/** SHA-256 of text or bytes, hex. */
export async function digestOf(content: string | ArrayBuffer): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
