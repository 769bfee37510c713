import { unwrap } from '../../src/common/result.ts'
import { bundleBytes } from '../../src/export/bundle.ts'
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts'
import { formatEventProof, parseEventProof } from '../../src/ledger/event-proof.ts'
import { signGmCheckpoint } from '../../src/ledger/gm-suite.ts'
import { signNote } from '../../src/ledger/note.ts'
import { proveEvents } from '../../src/ledger/prove-events.ts'
import { besideOf, bundleContent } from './vector-bundle.ts'
import { forged, type VectorFile, valid } from './vector-file.ts'
import { gm, ORIGIN, rotatedLedger, station, stranger, type VectorLedger } from './vector-ledger.ts'

/** Of a ledger whose keys were changed, both of them. */
export function afterRotation(): VectorFile[] {
  const ledger = rotatedLedger()
  const bundleOf = (
    rotated: VectorLedger,
    { gm: second, ...change }: { gm?: string; checkpoint?: string; signer?: typeof station } = {},
  ) => {
    const more = besideOf(rotated, second === undefined ? {} : { gm: second })
    return bundleBytes({ ...bundleContent(rotated), more, ...change })
  }
  const { size, tree } = ledger
  const by = (signer: typeof station) =>
    signNote(formatCheckpoint({ origin: ORIGIN, size, root: tree.root() }), [signer])
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
      bundleOf(ledger, { checkpoint: by(station), signer: station }),
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
