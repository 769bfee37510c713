import type { HoursDocument } from '../attendance/hours.ts'
import type { RulePack } from '../attendance/rule-pack.ts'
import { Fault } from '../common/fault.ts'
import { archive } from './archive.ts'
import {
  BUNDLE_FORMAT,
  type BundleFile,
  type BundleManifest,
  describeFile,
  jsonBytes,
  LINE_FEED,
} from './bundle-format.ts'

export interface BundleContent {
  readonly hours: HoursDocument
  readonly pack: RulePack
  /** Exact bytes of every event of the station up to the checkpoint. */
  readonly events: readonly Uint8Array[]
  readonly checkpoint: { readonly note: string; readonly origin: string; readonly root: Uint8Array }
  /** Newest receipt among those events, as received. */
  readonly receipt: string | null
  readonly keys: { readonly station: string; readonly witnesses: readonly string[] }
  /** The second tree's checkpoint over these events. */
  readonly gm?: string | null
  /** See bundle-policy.ts. */
  readonly policy?: string
}

/** One file that anybody can check offline with public keys only; see bundle-format.ts. Same input, same bytes. */
export function bundleBytes(content: BundleContent): Uint8Array {
  const { hours, pack, events, checkpoint, receipt, keys } = content
  const text = new TextEncoder()
  const vkeys = [`station ${keys.station}`, ...keys.witnesses.map((vkey) => `witness ${vkey}`)]
  const files = new Map<Exclude<BundleFile, 'manifest.json'>, Uint8Array>()
  files.set('checkpoint.note', text.encode(checkpoint.note))
  if (receipt !== null) files.set('receipt.note', text.encode(receipt))
  files.set('events.ndjson', joinEvents(events))
  files.set('pack.json', pack.bytes)
  files.set('hours.json', jsonBytes(hours))
  files.set('keys.txt', text.encode(`${vkeys.join('\n')}\n`))
  if (content.gm) files.set('checkpoint-gm.note', text.encode(content.gm))
  if (content.policy !== undefined) files.set('policy.txt', text.encode(content.policy))
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    class: hours.class,
    origin: checkpoint.origin,
    size: events.length,
    root: Buffer.from(checkpoint.root).toString('hex'),
    simulated: hours.simulated,
    files: [...files].map(([path, bytes]) => describeFile(path, bytes)),
  }
  return archive(new Map([['manifest.json', jsonBytes(manifest)], ...files]), 'stored')
}

function joinEvents(events: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(events.reduce((sum, body) => sum + body.length + 1, 0))
  let offset = 0
  for (const [index, body] of events.entries()) {
    if (body.includes(LINE_FEED)) {
      throw new Fault('EXPORT_EVENT_BYTES', `record ${index} has a line feed and cannot go into a bundle`)
    }
    joined.set(body, offset)
    joined[offset + body.length] = LINE_FEED
    offset += body.length + 1
  }
  return joined
}
