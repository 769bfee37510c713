import { Fault } from '../common/fault.ts'
import { createAuditorKey, formatKeyFile } from '../export/sealed/age-keys.ts'
import { createDurably } from '../ledger/durable-file.ts'
import { EXIT, printAnswer } from './command.ts'

/**
 * Makes an auditor's key: the secret half into a new file for its owner alone, the public half onto the screen. It
 * belongs to no station and is recorded nowhere.
 */
export function makeAuditorKey(out: string, json: boolean): number {
  const key = createAuditorKey()
  try {
    createDurably(out, formatKeyFile(key, new Date().toISOString()), 0o600)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('EXPORT_WRITE', `cannot make ${out} (${reason}); a key is never replaced`, { cause })
  }
  printAnswer(json, { recipient: key.recipient, file: out }, [
    `public key  ${key.recipient}`,
    `secret key  ${out}: keep it; whoever has it reads what stations seal for you`,
  ])
  return EXIT.yes
}
