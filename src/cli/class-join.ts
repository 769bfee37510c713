import { readFileSync } from 'node:fs'
import { projectClasses } from '../attendance/class-record.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { provenOpening } from '../desk/join-desk.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { proveEvents } from '../ledger/prove-events.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { firstSigner, need, performDeskWork } from './desk.ts'
import { openForProof } from './log-prove.ts'
import { optionalFile } from './session-option.ts'

export const usage = `shidao class opening ID --out FILE [--data DIR]                 a class's signed opening, for another station
shidao class join FILE --key VKEY [--pack FILE] --by ACTOR [--data DIR]   takes part in a class that the station with that key opened`

/** Writes the proof of a class's newest opening. Only reads, also beside a running station. */
export async function exportOpening(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const out = need(values.out, '--out FILE')
  const id = need(positionals[0], 'ID')
  const ledger = openForProof(values.data ?? defaultDataFolder())
  try {
    const events = [...ledger.events()].map(({ event }) => event)
    const index = projectClasses(events).get(id)?.opening ?? null
    if (index === null) throw new Fault('ROSTER_CLASS_UNKNOWN', `no class "${id}" was opened here`)
    const { bytes } = proveEvents(ledger, { kind: 'event', index })
    writeWholeFile(out, bytes)
    printAnswer(values.json, { class: id, index, file: out }, [
      `${out}  the opening of ${id}, event ${index}`,
    ])
    return EXIT.yes
  } finally {
    ledger.close()
  }
}

/** Verifies another station's opening under its key, then joins that class here. */
export async function join(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    key: { type: 'string' },
    pack: { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const file = need(positionals[0], 'FILE')
  const vkey = need(values.key, '--key VKEY')
  const actor = need(values.by, '--by ACTOR')
  const proof = readBytes(file)
  const { class: id, title, origin } = unwrap(provenOpening(proof, vkey))
  await performDeskWork(values.data ?? defaultDataFolder(), {
    act: 'join.class',
    ...{ proof: Buffer.from(proof).toString('base64'), vkey, pack: optionalFile(values.pack) },
    by: await firstSigner(actor),
  })
  printAnswer(values.json, { class: id, title, origin }, [`${id}  ${title}  opened by ${origin}`])
  return EXIT.yes
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Fault('USAGE_FILE', `cannot read ${path}`, { cause })
  }
}
