import type { ScanFinding } from '../cards/codec/scan-text.ts'
import { openSerialScanner, type Scanner } from '../cards/driver/scanner.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'

export const scanUsage =
  'shidao card scan --port PATH [--baud N] [--timeout MS] [--reveal] [--json]     one code from a serial scanner'

/** Waits for one code and says how long it is; what it says only with `--reveal`, because it may be somebody's card. */
export async function scan(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    port: { type: 'string' },
    baud: { type: 'string', default: '9600' },
    timeout: { type: 'string', default: '10000' },
    reveal: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  })
  if (values.port === undefined) throw new Fault('USAGE_PORT', 'card scan needs --port PATH')
  const baudRate = positiveInteger(values.baud, '--baud')
  const timeoutMs = positiveInteger(values.timeout, '--timeout')
  const scanner = unwrap(await openSerialScanner({ port: values.port, baudRate }))
  try {
    const finding = await firstCode(scanner, timeoutMs)
    if (finding.kind === 'unreadable')
      throw new Fault('CARD_CODE_TEXT', `what came is no code: ${finding.why}`)
    const shown = {
      text: values.reveal ? finding.text : null,
      characters: [...finding.text].length,
      simulated: scanner.simulated,
      reader: { profile: scanner.identity.profile, port: scanner.identity.port },
    }
    const mark = shown.simulated ? '  (simulated)' : ''
    printAnswer(values.json, shown, [shown.text ?? `a code of ${shown.characters} characters${mark}`])
  } finally {
    await scanner.close()
  }
  return EXIT.yes
}

function firstCode(scanner: Scanner, timeoutMs: number): Promise<ScanFinding> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Fault('CARD_CODE_NONE', 'no code came in time'))
    const timer = setTimeout(late, timeoutMs)
    scanner.onScan((finding) => {
      clearTimeout(timer)
      resolve(finding)
    })
    scanner.onClose((fault) => {
      clearTimeout(timer)
      if (fault !== null) reject(fault)
    })
  })
}
