import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { createActorKey, openWrappedKey, type WrappedKey } from '../ledger/act.ts'
import { fromHex } from '../ledger/bytes.ts'
import { ed25519Signer, type NoteSigner, parseVkey, verifierKey } from '../ledger/note.ts'
import { SIGNATURE_TYPE } from '../ledger/signature-type.ts'
import { wrappedKey } from './wrapped-key.ts'

/* The key with which an authority signs its lists of inspectors: a file that stays offline, under a PIN. */

const keyFile = z.strictObject({
  format: z.literal('shidao-authority-key/v1'),
  vkey: z.string().min(1).max(400),
  wrapped: wrappedKey,
})

export interface AuthorityKey {
  /** What everybody else gets. */
  readonly vkey: string
  readonly wrapped: WrappedKey
}

/**
 * Makes a key and the text of its file. `name` stands in every list, without spaces and `+`, such as
 * `hrss.example.gov/inspectors`. Faults: `INSPECT_PIN_SHORT` (fewer than twelve characters), `INSPECT_AUTHORITY_NAME`.
 */
export function createAuthorityKey(
  name: string,
  pin: string,
): Result<{ readonly key: AuthorityKey; readonly text: string }> {
  if (!/^[^\s+\p{Cc}]{3,100}$/u.test(name))
    return failed(new Fault('INSPECT_AUTHORITY_NAME', 'a name has 3 to 100 characters, no space and no +'))
  if (pin.length < 12)
    return failed(new Fault('INSPECT_PIN_SHORT', 'the PIN of an authority’s key has at least 12 characters'))
  const { publicKey, wrapped } = createActorKey(pin)
  const { vkey } = verifierKey(name, SIGNATURE_TYPE.ed25519, fromHex(publicKey)!)
  const key = { vkey, wrapped }
  return ok({ key, text: `${JSON.stringify({ format: 'shidao-authority-key/v1', ...key })}\n` })
}

/** Reads a key's file. Total. Fault `INSPECT_KEY_FORMAT`. */
export function parseAuthorityKey(text: string): Result<AuthorityKey> {
  const parsed = keyFile.safeParse(jsonOf(text))
  if (parsed.success && parseVkey(parsed.data.vkey).ok) {
    const { vkey, wrapped } = parsed.data
    return ok({ vkey, wrapped })
  }
  return failed(new Fault('INSPECT_KEY_FORMAT', 'this is not an authority’s key, or a damaged one'))
}

/** Opens the key. Faults `LEDGER_PIN`, and `INSPECT_KEY_FORMAT` where the file names another public key than it holds. */
export function authoritySigner({ vkey, wrapped }: AuthorityKey, pin: string): Result<NoteSigner> {
  const opened = openWrappedKey(wrapped, pin)
  if (!opened.ok) return opened
  const known = parseVkey(vkey)
  const signer = known.ok ? ed25519Signer(known.value.name, opened.value) : null
  if (signer?.key.vkey === vkey) return ok(signer)
  return failed(new Fault('INSPECT_KEY_FORMAT', 'the file names another public key than it holds'))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
