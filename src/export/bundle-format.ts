import { z } from 'zod'
import type { HoursDocument } from '../attendance/hours.ts'
import { toHex } from '../ledger/bytes.ts'
import { sha256 as digest } from '../ledger/sha256.ts'

/*
 * A proof bundle, `shidao-bundle/v1`: a zip of stored (uncompressed) entries, these files and no others.
 *
 *   manifest.json    what is inside: class, origin, tree size, root, and size and sha256 of every other file
 *   checkpoint.note  the station's signed checkpoint over the tree of `size` leaves (C2SP tlog-checkpoint)
 *   receipt.note     the newest receipt in those leaves: an earlier checkpoint with a collector's cosignature
 *                    (C2SP tlog-cosignature); absent where nothing was ever receipted
 *   events.ndjson    the exact bytes of every event 0 … size−1, each followed by one line feed (0x0A). An event
 *                    is JSON text without a line feed inside, so the bytes between two are what was hashed:
 *                    leaf hash = SHA-256(0x00 || line)
 *   pack.json        the exact bytes of the rule pack that the class named when it opened
 *   hours.json       the `hours` document, which anybody can compute again from the events and the pack
 *   keys.txt         public keys, one line each: `station <vkey>`, `witness <vkey>` (C2SP signed-note)
 *   checkpoint-gm.note  the second tree's checkpoint over the same leaves; absent where there is no second tree
 *   policy.txt       C2SP tlog-policy of the keys that the events name; absent in bundles from before it
 *
 * No names, no numbers, no pictures: people are random ids.
 */

export const BUNDLE_FORMAT = 'shidao-bundle/v1'

export const bundleFiles = [
  'manifest.json',
  'checkpoint.note',
  'receipt.note',
  'events.ndjson',
  'pack.json',
  'hours.json',
  'keys.txt',
  'checkpoint-gm.note',
  'policy.txt',
] as const
export type BundleFile = (typeof bundleFiles)[number]

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const bundleManifest = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  class: z.string().min(1).max(200),
  origin: z.string().min(1).max(200),
  size: z.int().min(0),
  root: sha256,
  simulated: z.boolean(),
  files: z
    .array(
      z.strictObject({
        path: z.enum(bundleFiles).exclude(['manifest.json']),
        bytes: z.int().min(0),
        sha256,
      }),
    )
    .max(bundleFiles.length),
})
export type BundleManifest = z.infer<typeof bundleManifest>

export function describeFile(path: Exclude<BundleFile, 'manifest.json'>, bytes: Uint8Array) {
  return { path, bytes: bytes.length, sha256: toHex(digest(bytes)) }
}

/** JSON as it stands in a bundle: indented by two, a line feed at the end. */
export function jsonBytes(document: BundleManifest | HoursDocument): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`)
}

/** Event bodies from `events.ndjson`; null when the last line has no line feed. Views, not copies. */
export function splitEvents(bytes: Uint8Array): Uint8Array[] | null {
  const bodies: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start)
    if (end < 0) return null
    bodies.push(bytes.subarray(start, end))
    start = end + 1
  }
  return bodies
}

export const LINE_FEED = 0x0a
