import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { parseInspectorKey } from '../inspect/inspector-key.ts'
import { signAct } from '../ledger/act.ts'
import { verifyAct } from '../ledger/act-verification.ts'
import type { SignedAct } from '../ledger/event.ts'
import type { InspectorProof } from '../station/visit-work.ts'

/**
 * The inspector's own signature under a statement: the one that was made elsewhere, or one that is made now with a key's
 * file. Faults: `INSPECT_SIGNATURE` (not this inspector's signature, or under another statement), `INSPECT_KEY_FORMAT`,
 * `INSPECT_INSPECTOR_OTHER` (the file is another inspector's), `LEDGER_PIN`.
 */
export function inspectorSignature(
  statement: string,
  { actor, publicKey }: { readonly actor: string; readonly publicKey: string },
  proof: InspectorProof,
): Result<SignedAct['signatures'][number]> {
  if (proof.kind === 'signature') {
    const signature = { actor, signature: proof.signature }
    const verified = verifyAct({ statement, signatures: [signature] }, () => publicKey)
    return verified.ok ? ok(signature) : failed(FORGED)
  }
  const key = parseInspectorKey(proof.file)
  if (!key.ok) return key
  if (key.value.publicKey !== publicKey) {
    return failed(new Fault('INSPECT_INSPECTOR_OTHER', 'this is another inspector’s key'))
  }
  return signAct(statement, { actor, wrapped: key.value.wrapped, pin: proof.pin })
}

const FORGED = new Fault('INSPECT_SIGNATURE', 'this is not the inspector’s signature under this statement')
