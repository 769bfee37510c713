/**
 * Standard base64 of RFC 4648 §4 with padding; null for anything else. Only the one canonical spelling of the bytes is
 * read, so that nobody can make a second valid text from a signed one.
 */
export function decodeBase64(text: string): Uint8Array | null {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return encodeBase64(bytes) === text ? bytes : null
}

export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
