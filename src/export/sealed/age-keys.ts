import { randomBytes } from 'node:crypto'
import { x25519 } from '@noble/curves/ed25519.js'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { decodeBech32, encodeBech32 } from './bech32.ts'

/*
 * An auditor's key: X25519, written as age writes it (c2sp.org/age), so that age's own programs make and use it too.
 */

const RECIPIENT = 'age'
const IDENTITY = 'age-secret-key-'

export interface AuditorKey {
  /** `age1…`: the public half, for stations. */
  readonly recipient: string
  /** `AGE-SECRET-KEY-1…`: the secret half, for the auditor alone. */
  readonly identity: string
}

export function createAuditorKey(secret: Uint8Array = randomBytes(32)): AuditorKey {
  const recipient = encodeBech32(RECIPIENT, x25519.getPublicKey(secret))
  return { recipient, identity: encodeBech32(IDENTITY, secret).toUpperCase() }
}

/** The key's file as `age-keygen` writes it: comments, then the secret half. */
export function formatKeyFile({ recipient, identity }: AuditorKey, created: string): string {
  return `# created: ${created}\n# public key: ${recipient}\n${identity}\n`
}

/** The 32 bytes of a public half. Fault `EXPORT_AUDITOR_KEY`. */
export function parseRecipient(text: string): Result<Uint8Array> {
  const key = decodeBech32(RECIPIENT, text.trim())
  if (key?.length === 32) return ok(key)
  return failed(
    new Fault('EXPORT_AUDITOR_KEY', 'an auditor’s public key is age1…, as "shidao key auditor" shows it'),
  )
}

/** The secret halves in a key's file; lines that begin with # are comments. Fault `PROOF_OPENING_KEY`. */
export function parseKeyFile(text: string): Result<readonly Uint8Array[]> {
  const lines = text.split('\n').map((line) => line.trim())
  const keys = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => decodeBech32(IDENTITY, line))
  const secrets = keys.filter((key) => key?.length === 32) as Uint8Array[]
  if (secrets.length > 0 && secrets.length === keys.length) return ok(secrets)
  return failed(
    new Fault('PROOF_OPENING_KEY', 'this is no auditor’s key: a line AGE-SECRET-KEY-1… is missing'),
  )
}
