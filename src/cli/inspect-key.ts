import { existsSync } from 'node:fs'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { createInspectorKey } from '../inspect/inspector-key.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'
import { secret } from './staff.ts'

/** `inspect key`: makes an inspector's key; its public half is what the authority puts on its list. */
export async function key(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  if (values.out === undefined) throw new Fault('USAGE_INSPECT', 'inspect key takes --out FILE')
  refuseReplacing(values.out)
  const made = unwrap(createInspectorKey(await secret('SHIDAO_PIN', 'PIN of the inspector: ')))
  writeWholeFile(values.out, Buffer.from(made.text))
  const { actor, publicKey } = made.key
  printAnswer(values.json, { actor, publicKey, file: values.out }, [`public key ${publicKey}`, values.out])
  return EXIT.yes
}

/** A key's file is never replaced. No hard link as for a station's key: sticks with FAT have none. */
export function refuseReplacing(file: string): void {
  if (existsSync(file))
    throw new Fault('EXPORT_WRITE', `cannot make ${file}: it is there already, and a key is never replaced`)
}
