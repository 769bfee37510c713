import { classHours } from '../../src/attendance/class-hours.ts'
import { unwrap } from '../../src/common/result.ts'
import { bundleBytes } from '../../src/export/bundle.ts'
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts'
import { formatEventProof, parseEventProof } from '../../src/ledger/event-proof.ts'
import { signGmCheckpoint } from '../../src/ledger/gm-suite.ts'
import { signNote } from '../../src/ledger/note.ts'
import { proveEvents } from '../../src/ledger/prove-events.ts'
import { forged, policyOf, type VectorFile, valid } from './vector-file.ts'
import { CLASS, gm, ORIGIN, rotatedLedger, station, stranger, type VectorLedger } from './vector-ledger.ts'

/** Of a ledger whose keys were changed, both of them. */
export function afterRotation(): VectorFile[] {
  const ledger = rotatedLedger()
  const bundleOf = (rotated: VectorLedger, change: object = {}) => {
    const { hours, pack } = unwrap(classHours(rotated.recorded, CLASS))
    const content = {
      ...{ hours, pack },
      events: rotated.recorded.map(({ body }) => body),
      checkpoint: { note: rotated.checkpoint(), origin: ORIGIN, root: rotated.tree.root() },
      receipt: ledger.receipt(6),
      keys: { station: station.key.vkey, witnesses: [] },
      gm: rotated.gmCheckpoint(),
      policy: policyOf(rotated),
    }
    return bundleBytes({ ...content, ...change })
  }
  const { size, tree } = ledger
  const by = (signer: typeof station) =>
    signNote(formatCheckpoint({ origin: ORIGIN, size, root: tree.root() }), [signer])
  const checkpoint = { note: by(station), origin: ORIGIN, root: tree.root() }
  const proof = proveEvents(ledger, { kind: 'event', index: size - 1 }).bytes
  const oldProof = { ...unwrap(parseEventProof(proof)), checkpoint: by(station) }
  const withoutChange = unwrap(parseEventProof(proof))
  const rekeyed = withoutChange.bodies.filter((body) => !isOfType(body, 'station.rekeyed'))
  return [
    valid('bundle', 'rotated.zip', bundleOf(ledger)),
    forged(
      'bundle',
      'rotated-by-old.zip',
      'signed by the key that gave way',
      bundleOf(ledger, { checkpoint }),
    ),
    forged(
      'bundle',
      'rotated-by-stranger.zip',
      'the old key did not sign the change',
      bundleOf(rotatedLedger(stranger)),
    ),
    forged(
      'bundle',
      'rotated-gm-old.zip',
      'the second tree is signed by the key that gave way',
      bundleOf(ledger, { gm: signGmCheckpoint(ledger.gmTree, gm).note }),
    ),
    valid('event-proof', 'rotated.shidao-proof', proof),
    forged(
      'event-proof',
      'rotated-by-old.shidao-proof',
      'signed by the key that gave way',
      formatEventProof(oldProof),
    ),
    forged(
      'event-proof',
      'rotated-unsaid.shidao-proof',
      'the change of keys is left out',
      formatEventProof({ ...withoutChange, bodies: rekeyed }),
    ),
  ]
}

function isOfType(body: Uint8Array, type: string): boolean {
  return Buffer.from(body).includes(`"type":"${type}"`)
}
