/**
 * The JPEG pictures of a stream that holds nothing else, one after the other (ITU-T T.81, annex B). Walks the segments, so that
 * a thumbnail inside a picture isn't taken for one. What is cut off or no JPEG is left out.
 */
export function splitMjpeg(bytes: Uint8Array): Uint8Array[] {
  const pictures: Uint8Array[] = []
  let position = 0
  while (position + 3 < bytes.length) {
    if (bytes[position] !== 0xff || bytes[position + 1] !== START) {
      position++
      continue
    }
    const end = endOfPicture(bytes, position + 2)
    if (end !== null) pictures.push(bytes.subarray(position, end))
    position = end ?? position + 2
  }
  return pictures
}

const START = 0xd8
const END = 0xd9
const SCAN = 0xda

/** Behind the end marker; null when there is none. */
function endOfPicture(bytes: Uint8Array, start: number): number | null {
  let position = start
  while (position + 1 < bytes.length) {
    if (bytes[position] !== 0xff) return null
    const marker = bytes[position + 1]!
    if (marker === 0xff) position++
    else if (marker === END) return position + 2
    else {
      if (position + 3 >= bytes.length) return null
      const length = bytes[position + 2]! * 256 + bytes[position + 3]!
      if (length < 2) return null
      position += 2 + length
      if (marker === SCAN) position = endOfScan(bytes, position)
    }
  }
  return null
}

/** Where the next marker is that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let position = start
  while (position + 1 < bytes.length) {
    const next = bytes[position + 1]!
    if (bytes[position] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) break
    position++
  }
  return position
}
