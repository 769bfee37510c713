import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { createActorKey, signAct, type WrappedKey } from '../ledger/act.ts'
import type { SignedAct } from '../ledger/event.ts'
import { inspectorId, isInspectorKey } from '../ledger/inspector-id.ts'
import { wrappedKey } from './wrapped-key.ts'

/* An inspector's own key: a file on a stick that is theirs, under a PIN. No station ever has it. */

const keyFile = z.strictObject({
  format: z.literal('shidao-inspector-key/v1'),
  actor: z.string().regex(/^[0-9a-f]{32}$/),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
  wrapped: wrappedKey,
})

export interface InspectorKey {
  /** `inspectorId` of the public key. */
  readonly actor: string
  /** Raw Ed25519, hex. */
  readonly publicKey: string
  readonly wrapped: WrappedKey
}

/** Makes a key and the text of its file. Fault `INSPECT_PIN_SHORT`: fewer than eight characters. */
export function createInspectorKey(
  pin: string,
): Result<{ readonly key: InspectorKey; readonly text: string }> {
  if (pin.length < 8)
    return failed(new Fault('INSPECT_PIN_SHORT', 'an inspector’s PIN has at least 8 characters'))
  const { publicKey, wrapped } = createActorKey(pin)
  const key = { actor: inspectorId(publicKey)!, publicKey, wrapped }
  return ok({ key, text: `${JSON.stringify({ format: 'shidao-inspector-key/v1', ...key })}\n` })
}

/** Reads a key's file. Total. Fault `INSPECT_KEY_FORMAT`. */
export function parseInspectorKey(text: string): Result<InspectorKey> {
  const parsed = keyFile.safeParse(jsonOf(text))
  if (parsed.success && isInspectorKey(parsed.data)) {
    const { actor, publicKey, wrapped } = parsed.data
    return ok({ actor, publicKey, wrapped })
  }
  return failed(new Fault('INSPECT_KEY_FORMAT', 'this is not an inspector’s key, or a damaged one'))
}

/** Signs one statement alone, or beside those who have signed it already. Fault `LEDGER_PIN`. */
export function signAsInspector(
  statement: string,
  key: InspectorKey,
  pin: string,
  others: SignedAct['signatures'] = [],
): Result<SignedAct> {
  const signed = signAct(statement, { actor: key.actor, wrapped: key.wrapped, pin })
  return signed.ok ? ok({ statement, signatures: [signed.value, ...others] }) : signed
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
