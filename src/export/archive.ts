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
