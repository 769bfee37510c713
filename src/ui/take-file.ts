import type { DeskWork, ExportAnswers, KeptFile } from '../station/protocol.ts'
import { OfficeRefusal } from './office/act.ts'
import { digestOf } from './visit/nonce.ts'

/**
 * Fetches a file that an export or a visit left, piece by piece, and hands it to where this browser keeps what is saved
 * (the kiosk's own window asks where to). `onShare` is told how much is there, 0…1. Rejects with an `OfficeRefusal`: the
 * station's, or `VISIT_FILE` when the bytes are not those that the station named.
 */
export async function takeFile(
  ask: (work: DeskWork) => Promise<unknown>,
  { name, bytes, sha256 }: KeptFile,
  onShare: (share: number) => void = () => {},
): Promise<void> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  while (offset < bytes) {
    const { base64 } = (await ask({ act: 'files.read', name, offset })) as ExportAnswers['files.read']
    const piece = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    if (piece.length === 0) throw new OfficeRefusal('VISIT_FILE')
    pieces.push(piece)
    offset += piece.length
    onShare(offset / bytes)
  }
  const whole = new Blob(pieces, { type: 'application/octet-stream' })
  if ((await digestOf(await whole.arrayBuffer())) !== sha256) throw new OfficeRefusal('VISIT_FILE')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(whole)
  link.download = name
  link.click()
  // The browser reads the bytes after the touch is over; a minute is more than any disk here needs.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
