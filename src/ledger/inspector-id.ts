import { fromHex, toHex } from './bytes.ts'
import { sha256 } from './sha256.ts'

/**
 * The id under which an inspector signs: the first 16 bytes of SHA-256 over the raw Ed25519 key, hex. Nobody can bring
 * another key under it, and it stands in no register of the station. Null if it isn't 32 bytes in hex.
 */
export function inspectorId(publicKey: string): string | null {
  const key = fromHex(publicKey)
  return key?.length === 32 ? toHex(sha256(key)).slice(0, 32) : null
}

/** Whether an id is that of a key. */
export function isInspectorKey({
  actor,
  publicKey,
}: {
  readonly actor: string
  readonly publicKey: string
}): boolean {
  return inspectorId(publicKey) === actor
}
