import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { verifyLog } from '../ledger/verify.ts'

/** What the verifier said of the copy in which one byte was changed. */
export interface TamperFinding {
  readonly index: number
  readonly found: boolean
  readonly problem: { readonly code: string; readonly index: number | null; readonly detail: string } | null
}

/**
 * Copies the ledger into `folder` and changes one byte of one event in the file itself, as somebody with a hex
 * editor would; then asks the verifier. `salt` is the event's own salt: text that stands in the file once.
 */
export function tamperWithCopy(
  ledgerFile: string,
  folder: string,
  event: { readonly index: number; readonly salt: string },
): TamperFinding {
  mkdirSync(folder, { recursive: true })
  const copy = join(folder, 'ledger.db')
  cpSync(ledgerFile, copy)
  const bytes = readFileSync(copy)
  const place = bytes.indexOf(event.salt, 0, 'latin1')
  if (place === -1) throw new Fault('LEDGER_CORRUPT', 'the event to be altered is not in the file')
  bytes[place] = bytes[place] === 0x30 ? 0x31 : 0x30
  writeFileSync(copy, bytes)
  const { problem } = verifyLog(folder, {})
  return { index: event.index, found: problem?.index === event.index, problem }
}
