import { gunzipSync } from 'node:zlib'

const BLOCK = 512

/**
 * Files of a gzipped tar archive as npm packs them (ustar): path → bytes.
 * Only the wanted paths are kept; one that is absent throws.
 */
export function readTarball(archive: Uint8Array, wanted: readonly string[]): Map<string, Uint8Array> {
  const tar = gunzipSync(archive)
  const files = new Map<string, Uint8Array>()
  for (let offset = 0; offset + BLOCK <= tar.length; ) {
    const header = tar.subarray(offset, offset + BLOCK)
    const name = textField(header, 0, 100)
    if (name === '') break
    const prefix = textField(header, 345, 155)
    const size = Number.parseInt(textField(header, 124, 12), 8)
    const path = prefix === '' ? name : `${prefix}/${name}`
    if (wanted.includes(path)) files.set(path, tar.subarray(offset + BLOCK, offset + BLOCK + size))
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  for (const path of wanted) if (!files.has(path)) throw new Error(`archive has no ${path}`)
  return files
}

function textField(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return Buffer.from(end === -1 ? field : field.subarray(0, end))
    .toString('latin1')
    .trim()
}
