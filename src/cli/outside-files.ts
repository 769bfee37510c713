import { readFileSync, statSync } from 'node:fs'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { type Policy, parsePolicy } from '../ledger/policy.ts'
import { findCheckpointNotes } from '../ledger/seen-checkpoints.ts'

/* What a verifier brings along in files. */

/** A C2SP tlog-policy. Faults: `LEDGER_NOT_FOUND`, `LEDGER_POLICY`. */
export function readPolicy(path: string): Policy {
  return unwrap(parsePolicy(readSmall(path)))
}

/**
 * Checkpoints that somebody kept: a text with one or several, or a photograph of the QR code (PNG, JPEG, WebP, SVG).
 * Faults: `LEDGER_NOT_FOUND`, `LEDGER_SEEN` if there is none in it.
 */
export async function readSeen(path: string): Promise<string[]> {
  const bytes = readSmall(path)
  const notes = findCheckpointNotes(isImage(bytes) ? await readQr(bytes) : bytes.toString('utf8'))
  if (notes.length > 0) return notes
  throw new Fault('LEDGER_SEEN', `no checkpoint can be read in ${path}`)
}

function isImage(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 256).toString('latin1')
  return /^(\x89PNG|\xff\xd8\xff|RIFF....WEBP)/s.test(start) || start.includes('<svg')
}

/** The text of the QR code in a picture; empty where none can be read. */
async function readQr(picture: Buffer): Promise<string> {
  const [{ default: sharp }, { default: decodeQR }] = await Promise.all([
    import('sharp'),
    import('qr/decode.js'),
  ])
  try {
    const { data, info } = await sharp(picture, { density: 300, limitInputPixels: 50_000_000 })
      .rotate()
      .resize({ width: 1600, height: 1600, fit: 'inside', kernel: 'nearest' })
      .flatten({ background: '#fff' })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const image = { width: info.width, height: info.height, data: new Uint8Array(data) }
    return decodeQR(image, { effort: Number.POSITIVE_INFINITY, timeLimit: 10_000 })
  } catch {
    return ''
  }
}

const LARGEST = 32 * 1024 * 1024

function readSmall(path: string): Buffer {
  try {
    if (statSync(path).size <= LARGEST) return readFileSync(path)
  } catch (cause) {
    throw new Fault('LEDGER_NOT_FOUND', `${path} cannot be read`, { cause })
  }
  throw new Fault('LEDGER_SEEN', `${path} is over 32 MiB`)
}
