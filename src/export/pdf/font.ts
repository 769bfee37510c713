import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../common/fault.ts'
import lock from '../fonts.lock.json' with { type: 'json' }

/** Where the font lies in a checkout and in a build. */
const FONT_FILE = join(import.meta.dirname, '../fonts', lock.file)

/**
 * The one typeface of every PDF, checked against fonts.lock.json: the bytes checked are the bytes embedded, so that a
 * page looks the same on every machine. Throws `EXPORT_FONT_MISSING` or `EXPORT_FONT_ALTERED`.
 */
export function readFont(file = FONT_FILE): Buffer {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new Fault('EXPORT_FONT_MISSING', `${lock.file} can't be read`, { cause })
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 === lock.sha256) return bytes
  throw new Fault('EXPORT_FONT_ALTERED', `${lock.file} has sha256 ${sha256}, not ${lock.sha256}`)
}
