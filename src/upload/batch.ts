import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Ledger } from '../ledger/ledger.ts'
import { emptyRoot, type Hash, nodeHash } from '../ledger/merkle.ts'
import type { StationKey } from '../ledger/station-key.ts'

/** The part of the ledger that uploading reads. */
export type Outbox = Pick<
  Ledger,
  | 'append'
  | 'checkpointAt'
  | 'consistencyProof'
  | 'events'
  | 'inclusionProof'
  | 'newestReceipt'
  | 'size'
  | 'unsent'
>

/** A batch ends with the event that takes its bodies over this many bytes. */
const BATCH_BYTES = 2 * 1024 * 1024

export interface OutgoingBatch {
  /** Tree size and root after the last event of the batch. */
  readonly size: number
  readonly root: Hash
  /** The station's signed checkpoint at `size`. */
  readonly checkpoint: string
  /** Body of the request, JSON in gzip. */
  readonly body: Uint8Array
}

/**
 * The events from tree size `from` on, as many as fit, up to tree size `to` and `most` events, with the proof that
 * they extend the tree at `from`. With `from` equal to `to` it is the checkpoint alone, to be cosigned once more.
 */
export async function makeBatch(
  outbox: Outbox,
  key: StationKey,
  { from, to, most }: { from: number; to: number; most: number },
): Promise<OutgoingBatch> {
  const events: string[] = []
  let bytes = 0
  for (const { body, event } of outbox.events(from, Math.min(to, from + most))) {
    // A new key may have to wait for a person; what the old one signed doesn't.
    if (event.type === 'station.rekeyed' && events.length > 0) break
    events.push(Buffer.from(body).toString('base64'))
    bytes += body.length
    if (bytes > BATCH_BYTES) break
  }
  const size = from + events.length
  const root = rootAt(outbox, size)
  const checkpoint = outbox.checkpointAt(size)
  const request = {
    origin: key.origin,
    old: { size: from, root: hexOf(rootAt(outbox, from)) },
    events,
    proof: from === 0 ? [] : outbox.consistencyProof(from, size).map(hexOf),
    checkpoint,
  }
  return { size, root, checkpoint, body: await promisify(gzip)(JSON.stringify(request)) }
}

/**
 * Root of the ledger's tree when it held `size` leaves. Everything in the inclusion proof of the last leaf stands
 * to its left (RFC 9162 §2.1.3.1), so folding it over that leaf gives the root.
 */
export function rootAt(outbox: Outbox, size: number): Hash {
  if (size === 0) return emptyRoot()
  const [last] = [...outbox.events(size - 1, size)]
  return outbox.inclusionProof(size - 1, size).reduce((right, left) => nodeHash(left, right), last!.leaf)
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
