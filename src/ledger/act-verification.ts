import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { fromHex } from './bytes.ts'
import { verifyEd25519 } from './ed25519.ts'
import type { SignedAct } from './event.ts'

/** Gives the raw public key of a person who acts, 32 bytes hex, or null for a person who isn't enrolled. */
export type PublicKeyOf = (actor: string) => string | null

/**
 * Every signature of the act is of a different enrolled person and true. Total.
 * Faults: `LEDGER_ACT_FORMAT`, `LEDGER_ACT_SIGNER` (nobody's key is enrolled under that id),
 * `LEDGER_ACT_SAME_SIGNER`, `LEDGER_ACT_SIGNATURE`.
 */
export function verifyAct(act: SignedAct, publicKeyOf: PublicKeyOf): Result<true> {
  const { statement, signatures } = act
  if (signatures.length === 0 || !isStatement(statement)) {
    return failed(new Fault('LEDGER_ACT_FORMAT', 'the act has no signature or its statement is not an act'))
  }
  if (new Set(signatures.map(({ actor }) => actor)).size < signatures.length) {
    return failed(new Fault('LEDGER_ACT_SAME_SIGNER', 'one person signed the act twice'))
  }
  for (const { actor, signature } of signatures) {
    const publicKey = publicKeyOf(actor)
    if (publicKey === null) {
      return failed(new Fault('LEDGER_ACT_SIGNER', 'a signer of the act is not enrolled'))
    }
    const [key, bytes] = [fromHex(publicKey), fromHex(signature)]
    if (key === null || bytes === null || !verifyEd25519(key, actMessage(statement), bytes)) {
      return failed(new Fault('LEDGER_ACT_SIGNATURE', 'a signature of the act is false'))
    }
  }
  return ok(true)
}

/** `verifyAct`, by at least two people. Adds the fault `LEDGER_ACT_ONE_SIGNER`. */
export function requireTwoSigners(act: SignedAct, publicKeyOf: PublicKeyOf): Result<true> {
  const verified = verifyAct(act, publicKeyOf)
  if (!verified.ok || act.signatures.length >= 2) return verified
  return failed(new Fault('LEDGER_ACT_ONE_SIGNER', 'the act needs a second signer'))
}

/** What a person signs: one line that says what this is, then the statement as it stands. */
export function actMessage(statement: string): Uint8Array {
  return new TextEncoder().encode(`shidao-act/v1\n${statement}`)
}

function isStatement(text: string): boolean {
  try {
    return typeof (JSON.parse(text) as { act?: unknown } | null)?.act === 'string'
  } catch {
    return false
  }
}
