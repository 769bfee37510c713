/**
 * Standard base64 of RFC 4648 §4 with padding; null for anything else. Only the one canonical spelling of the bytes is
 * read, so that nobody can make a second valid text from a signed one.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? new Uint8Array(bytes) : null
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
