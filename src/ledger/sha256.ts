import { hash } from 'node:crypto'

/** SHA-256 of FIPS 180-4, 32 bytes. The browser's verifier page brings its own module in this one's place. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}
