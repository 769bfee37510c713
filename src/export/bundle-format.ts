import { z } from 'zod'
import { toHex } from '../ledger/bytes.ts'
import { sha256 as digest } from '../ledger/sha256.ts'

/*
 * A claim bundle, `shidao-bundle/v2`: a zip of stored (uncompressed) entries. `manifest.json` is its index: every other
 * entry but `manifest.note` with path, kind, what it is, size and sha256, in the order in which they lie in the zip.
 * `manifest.note` is a C2SP signed note by the station's key over the index. docs/formats.md lists the entries.
 *
 * Outside `sealed.age` there are no names, no numbers, no pictures: people are random ids, names are masked.
 */

export const BUNDLE_FORMAT = 'shidao-bundle/v2'

/** Entries that every bundle has, beside the index and its signature. */
export const requiredEntries = [
  'checkpoint.note',
  'keys.txt',
  'events.ndjson',
  'pack.json',
  'hours.json',
  'receipts.json',
  'corrections.json',
  'spot-checks.json',
  'anchors.json',
  'names.json',
  'report.html',
] as const

/** Kinds that a verifier of this version computes again, checks by signature, or opens. Others it only hashes. */
export const entryKinds = [
  'checkpoint',
  'checkpoint-gm',
  'policy',
  'receipt',
  'receipts',
  'keys',
  'events',
  'proof',
  'pack',
  'catalogue',
  'hours',
  'claims',
  'corrections',
  'checks',
  'anchors',
  'names',
  'report',
  'sealed',
] as const
export type EntryKind = (typeof entryKinds)[number]

/** A file of an archive with its line in the index. */
export interface ArchiveEntry {
  readonly path: string
  readonly kind: string
  /** What it is, Chinese first. */
  readonly about: string
  readonly bytes: Uint8Array
}

/** Letters, digits, `.`, `_` and `-`, in at most four segments that each begin with a letter or digit: nothing climbs. */
const entryPath = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** How an index describes an entry. */
export const describedEntry = z.strictObject({
  path: entryPath,
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  about: z.string().min(1).max(200),
  bytes: z.int().min(0),
  sha256,
})
export type DescribedEntry = z.infer<typeof describedEntry>

/** Most entries of an archive: a class has at most 5,000 people. */
export const MOST_ENTRIES = 30_000

export const bundleManifest = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  class: z.string().min(1).max(200),
  origin: z.string().min(1).max(200),
  size: z.int().min(0),
  root: sha256,
  simulated: z.boolean(),
  /** Version of `report.html`. */
  report: z.string().min(1).max(64),
  files: z.array(describedEntry).max(MOST_ENTRIES),
})
export type BundleManifest = z.infer<typeof bundleManifest>

export function describeEntry({ path, kind, about, bytes }: ArchiveEntry): DescribedEntry {
  return { path, kind, about, bytes: bytes.length, sha256: toHex(digest(bytes)) }
}

/** The text that `manifest.note` signs: format, origin, tree size, sha256 of `manifest.json`; a line each. */
export function manifestStatement({ origin, size }: BundleManifest, manifest: Uint8Array): string {
  return `${BUNDLE_FORMAT}\n${origin}\n${size}\n${toHex(digest(manifest))}\n`
}

/** JSON as it stands in a bundle: indented by two, a line feed at the end. */
export function jsonBytes(document: object): Uint8Array {
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
