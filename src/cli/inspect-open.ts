import { Fault } from '../common/fault.ts'
import { keptCheckpoint, sinceFault } from '../inspect/visit-opening.ts'
import type { EventData } from '../ledger/event.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'
import { withDesk } from './desk.ts'
import {
  ask,
  classOf,
  folderOf,
  inspectorAtHand,
  originOf,
  readSmall,
  signStatement,
  visitOptions,
  visitPin,
} from './inspect-desk.ts'

/**
 * `inspect open`: lets an inspector in, or refuses with a record of it. A ledger that isn't the one that they saw last
 * time is recorded with the opening, said with exit 1, and the visit is open all the same.
 */
export async function open(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    list: { type: 'string' },
    authority: { type: 'string' },
    seen: { type: 'string' },
  })
  const classId = classOf(values)
  const dir = folderOf(values)
  const list = listOf(values)
  const seen = values.seen === undefined ? null : seenIn(values.seen)
  const inspector = await inspectorAtHand(values.key)
  const { actor, publicKey } = inspector.key
  const origin = originOf(dir)
  const pin = visitPin(dir, classId, inspector)
  const [body, opened] = await withDesk(dir, async (desk) => {
    const admitted = await ask(desk, { act: 'visit.admit', class: classId, publicKey, pin, list, seen })
    const expected = { act: 'visit.open', class: classId, inspector: { actor, publicKey }, origin }
    const proof = signStatement(admitted.statement, inspector, expected)
    const answer = await ask(desk, { act: 'visit.open', class: classId, proof })
    return [JSON.parse(admitted.statement) as EventData['visit.opened'], answer] as const
  })
  const { visit, standing, since, visitKey = null } = body
  const { checkpoint } = opened
  const document = { visit, class: classId, inspector: body.inspector, standing, list: body.list, since }
  printAnswer(values.json, { ...document, visitKey, event: opened.event, checkpoint }, [
    `visit ${visit} of class ${classId}`,
    `inspector ${publicKey}: ${standing}`,
    since === null ? 'no earlier checkpoint was brought' : `since ${since.size} events: ${since.finding}`,
  ])
  const fault = sinceFault(since)
  if (fault !== null) process.stderr.write(`${fault.code} ${fault.message}\n`)
  return fault === null ? EXIT.yes : EXIT.no
}

/** Only the note is sent: the file of a visit may be larger than what a station takes at once. */
function seenIn(file: string): string {
  const note = keptCheckpoint(readSmall(file).toString('utf8'))
  if (note !== null) return note
  throw new Fault('LEDGER_SEEN', `no checkpoint can be read in ${file}`)
}

function listOf({
  list,
  authority,
}: {
  readonly list?: string | undefined
  readonly authority?: string | undefined
}) {
  if (list === undefined) return null
  if (authority !== undefined) return { note: readSmall(list).toString('utf8'), authority }
  throw new Fault('USAGE_INSPECT', '--list takes --authority VKEY, the key that signed it')
}
