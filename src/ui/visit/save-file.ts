import type { DeskWork, ExportAnswers, KeptFile } from '../../station/protocol.ts'
import type { OfficeAnswer } from '../kiosk.ts'
import { OfficeRefusal } from '../office/act.ts'
import { digestOf } from './nonce.ts'

/**
 * Fetches a file that a visit left, piece by piece, and hands it to the browser's own download. Rejects with an
 * `OfficeRefusal`: the station's, or `VISIT_FILE` when the bytes are not those that the station named.
 */
export async function saveFile(
  office: (work: DeskWork) => Promise<OfficeAnswer>,
  file: KeptFile,
): Promise<void> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  while (offset < file.bytes) {
    const answer = await office({ act: 'files.read', name: file.name, offset })
    if (!answer.ok) throw new OfficeRefusal(answer.code)
    const { base64 } = answer.value as ExportAnswers['files.read']
    const piece = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    if (piece.length === 0) throw new OfficeRefusal('VISIT_FILE')
    pieces.push(piece)
    offset += piece.length
  }
  const whole = new Blob(pieces)
  if ((await digestOf(await whole.arrayBuffer())) !== file.sha256) throw new OfficeRefusal('VISIT_FILE')
  const address = URL.createObjectURL(whole)
  const link = document.createElement('a')
  link.href = address
  link.download = file.name.split('/').at(-1) ?? file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), A_MINUTE_MS)
}

const A_MINUTE_MS = 60_000
