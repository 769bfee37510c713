import { gunzipSync } from 'node:zlib'
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { signNote } from '../../src/ledger/note.ts'
import { makeBatch } from '../../src/upload/batch.ts'
import type { TestStation } from '../upload/test-station.ts'

/** The document of `POST /v1/batch`. */
export interface BatchDocument {
  origin: string
  old: { size: number; root: string }
  events: string[]
  proof: string[]
  checkpoint: string
}

/** What the station's uploader would send for the events from tree size `from` to `to`, to be tampered with. */
export async function batchOf(
  station: TestStation,
  from: number,
  to = station.ledger.size,
): Promise<BatchDocument> {
  const { body } = await makeBatch(station.ledger, station.key, { from, to, most: 2000 })
  return JSON.parse(gunzipSync(body).toString('utf8'))
}

/**
 * A first batch that an honest ledger would never make, rightly signed by the station: each event is the station's
 * first one with something changed.
 */
export function forgedBatch(station: TestStation, changes: readonly object[]): BatchDocument {
  const { origin, signer } = station.key
  const first = JSON.parse(station.bodies()[0]!)
  const bodies = changes.map((change, index) => Buffer.from(JSON.stringify({ ...first, index, ...change })))
  const tree = MerkleTree.fromLeaves(bodies.map(leafHash))
  const checkpoint = signNote(formatCheckpoint({ origin, size: tree.size, root: tree.root() }), [signer])
  return {
    origin,
    old: { size: 0, root: Buffer.from(new MerkleTree().root()).toString('hex') },
    events: bodies.map((body) => body.toString('base64')),
    proof: [],
    checkpoint,
  }
}
