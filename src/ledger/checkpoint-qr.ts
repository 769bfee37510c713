import encodeQR from 'qr'
import { Fault } from '../common/fault.ts'

/** Room for a checkpoint in a QR code that any phone reads from a screen or a sheet. */
export const MAX_QR_BYTES = 300

/**
 * A checkpoint note as an SVG image of a QR code (byte mode, UTF-8, error correction M: 15 % may be smudged). What a
 * phone reads is the note itself, which it can keep and show again. Throws `LEDGER_RANGE` above 300 bytes.
 */
export function checkpointQr(note: string): string {
  return encodeQR(fitting(note), 'svg', { ecc: 'medium', border: 4 })
}

/** The same for a terminal. */
export function checkpointQrText(note: string): string {
  return encodeQR(fitting(note), 'term', { ecc: 'medium', border: 4 })
}

function fitting(note: string): string {
  if (new TextEncoder().encode(note).length <= MAX_QR_BYTES) return note
  throw new Fault('LEDGER_RANGE', 'the checkpoint is longer than a QR code of 300 bytes')
}
