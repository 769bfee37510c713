import { readFileSync } from 'node:fs'
import { projectClasses } from '../attendance/class-record.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { verifyEventProof } from '../inspect/verify-event-proof.ts'
import { toHex } from '../ledger/bytes.ts'
import { parseEventProof } from '../ledger/event-proof.ts'
import { leafHash } from '../ledger/merkle-hash.ts'
import { parseVkey } from '../ledger/note.ts'
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
  const key = unwrap(parseVkey(need(values.key, '--key VKEY')))
  const actor = need(values.by, '--by ACTOR')
  const bytes = readBytes(file)
  const proved = unwrap(verifyEventProof(bytes, { key }))
  if (!proved.ok || proved.problem !== null) {
    throw new Fault('PROOF_FALSE', proved.problem?.detail ?? 'the opening is not proven')
  }
  const { about, origin } = proved
  const place = about.kind === 'event' ? proved.events.findIndex(({ index }) => index === about.index) : -1
  const event = proved.events[place]
  const body = unwrap(parseEventProof(bytes)).bodies[place]
  if (event?.type !== 'class.opened' || body === undefined) {
    throw new Fault('PROOF_FALSE', 'this file does not prove the opening of a class')
  }
  const { class: id, title, sessions, mode = 'timetable', pack } = event.data
  const opening = {
    origin,
    index: event.index,
    leaf: toHex(leafHash(body)),
    class: id,
    title,
    sessions,
    mode,
  }
  const work = {
    act: 'class.join' as const,
    opening: { ...opening, packSha256: pack.sha256 },
    pack: optionalFile(values.pack),
    by: await firstSigner(actor),
  }
  await performDeskWork(values.data ?? defaultDataFolder(), work)
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
