import { type Zippable, zipSync } from 'fflate'

/**
 * A zip whose bytes depend on its files alone: the given order, the earliest time that a zip can hold, no
 * attributes. The time is built from local fields because zip stores local fields.
 */
export function archive(
  files: ReadonlyMap<string, Uint8Array>,
  compression: 'stored' | 'deflated',
): Uint8Array {
  const level = compression === 'stored' ? 0 : 6
  const entries: Zippable = {}
  for (const [path, bytes] of files) entries[path] = [bytes, { level, mtime: new Date(1980, 0, 1) }]
  return zipSync(entries)
}

/**
 * A zip with every file's time set to the earliest one, in place: what was packed once isn't packed again for its
 * clock. Both headers of a file hold it (APPNOTE 4.3.7, 4.3.12). A zip64 archive, or bytes that are none, throw.
 */
export function withoutTimes(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const end = zip.length - END_BYTES
  if (end < 0 || view.getUint32(end, true) !== END) throw new RangeError('no zip without a comment')
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const local = view.getUint32(at + 42, true)
    if (view.getUint32(at, true) !== CENTRAL || view.getUint32(local, true) !== LOCAL) {
      throw new RangeError('a zip whose directory points elsewhere')
    }
    view.setUint32(at + 12, EARLIEST, true)
    view.setUint32(local + 10, EARLIEST, true)
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return zip
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_BYTES = 22
/** MS-DOS time and date: midnight on 1 January 1980. */
const EARLIEST = ((1 << 5) | 1) << 16
