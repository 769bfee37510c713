import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { toHex } from '../ledger/bytes.ts'
import { decodeEvent } from '../ledger/event.ts'
import { parseProof, verifyProof } from '../ledger/proof.ts'
import { problem } from './problem.ts'
import { type EventProofVerification, type ProofTrust, witnessing } from './verify-event-proof.ts'

/** Whether bytes from outside are meant to be a C2SP proof file. */
export function looksLikeTlogProof(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 19)) === 'c2sp.org/tlog-proof'
}

/**
 * Checks one event in a C2SP proof file with the event's bytes as extra data. Such a file doesn't hold the station's
 * key, so that one has to be known: fault `PROOF_KEY` without. Others: `LEDGER_PROOF_FORMAT`.
 */
export function verifyTlogProof(bytes: Uint8Array, outside: ProofTrust = {}): Result<EventProofVerification> {
  const keys = [...(outside.key === undefined ? [] : [outside.key]), ...(outside.policy?.logs ?? [])]
  if (keys.length === 0) {
    const message = 'a tlog-proof does not hold the station’s key; give the one that you know'
    return failed(new Fault('PROOF_KEY', message))
  }
  const proof = parseProof(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  if (!proof.ok) return proof
  const { index, extra, checkpoint: note } = proof.value
  const body = extra ?? new Uint8Array()
  const nothing: EventProofVerification = {
    ok: false,
    about: { kind: 'event', index },
    origin: '',
    size: 0,
    root: '',
    simulated: false,
    trust: 'self',
    bounds: { after: null, before: null },
    witnesses: [],
    events: [],
    problem: null,
  }
  const verified = verifyProof(proof.value, body, keys)
  if (!verified.ok) {
    const isTree = verified.fault.code === 'LEDGER_PROOF_FALSE'
    return ok({
      ...nothing,
      problem: problem(isTree ? 'altered' : 'wrong-key', index, verified.fault.message),
    })
  }
  const { origin, size, root } = verified.value.checkpoint
  const tree = { origin, size, root: toHex(root) }
  const event = decodeEvent(body)
  if (!event.ok || event.value.index !== index || event.value.origin !== origin) {
    return ok({
      ...nothing,
      ...tree,
      problem: problem('altered', index, 'the bytes are not the event of this place'),
    })
  }
  const simulated = event.value.time.trust === 'simulated'
  const proved = { ...nothing, ...tree, simulated, trust: 'key', events: [event.value] } as const
  const witnessed = witnessing(note, outside)
  if (!witnessed.ok) return ok({ ...proved, problem: witnessed.fault })
  const { names, before } = witnessed.value
  const trust = names.length > 0 ? 'witness' : 'key'
  return ok({ ...proved, ok: true, trust, witnesses: names, bounds: { after: null, before } })
}
