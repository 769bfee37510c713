import { writeWholeFile } from '../export/write-file.ts'
import { checkpointQr, checkpointQrText } from '../ledger/checkpoint-qr.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import { openForProof } from './log-prove.ts'

/** `shidao log checkpoint`: the newest signed checkpoint, to be kept by somebody outside. */
export function checkpoint(words: readonly string[]): number {
  const { values } = readOptions(words, {
    qr: { type: 'string' },
    text: { type: 'boolean', default: false },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const ledger = openForProof(values.data ?? defaultDataFolder())
  try {
    const note = ledger.checkpoint()
    if (values.qr !== undefined) writeWholeFile(values.qr, Buffer.from(checkpointQr(note)))
    const root = Buffer.from(ledger.root).toString('hex')
    const bytes = Buffer.byteLength(note)
    const answer = { origin: ledger.origin, size: ledger.size, root, note, bytes, file: values.qr ?? null }
    const file = values.qr === undefined ? [] : [`QR code in ${values.qr}`]
    const lines = values.text ? [note.trimEnd()] : [checkpointQrText(note), note.trimEnd(), ...file]
    printAnswer(values.json, answer, lines)
    return EXIT.yes
  } finally {
    ledger.close()
  }
}
