import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { writeWholeFile } from '../export/write-file.ts'
import type { EventData } from '../ledger/event.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'
import { withDesk } from './desk.ts'
import {
  ask,
  classOf,
  folderOf,
  inspectorAtHand,
  originOf,
  signStatement,
  visitOptions,
  visitPin,
} from './inspect-desk.ts'
import { secret } from './staff.ts'

type Closed = Omit<EventData['visit.closed'], 'act'>

/**
 * `inspect close`: the institution's person signs beside the inspector, or the record says that they refused or that
 * nobody was there. With `--out` the checkpoint of the end is written for the next visit's `--seen`.
 */
export async function close(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    by: { type: 'string' },
    refused: { type: 'boolean', default: false },
    'nobody-there': { type: 'boolean', default: false },
    note: { type: 'string' },
    out: { type: 'string' },
  })
  const classId = classOf(values)
  const dir = folderOf(values)
  const institution = institutionOf(values)
  const inspector = await inspectorAtHand(values.key)
  const signing = institution.signed
    ? { ...institution, pin: await secret('SHIDAO_BY_PIN', 'PIN of who signs for the institution: ') }
    : institution
  const note = values.note ?? null
  const origin = originOf(dir)
  const pin = visitPin(dir, classId, inspector)
  const [body, closed] = await withDesk(dir, async (desk) => {
    const asked = { act: 'visit.finish', class: classId, pin, institution: signing, note } as const
    const { statement } = await ask(desk, asked)
    const expected = { act: 'visit.close', class: classId, institution, note, origin }
    const proof = signStatement(statement, inspector, expected)
    const answer = await ask(desk, { act: 'visit.close', class: classId, proof })
    return [JSON.parse(statement) as Closed, answer] as const
  })
  const { visit, event, outcome, checkpoint, files } = closed
  if (values.out !== undefined) writeWholeFile(values.out, Buffer.from(checkpoint))
  const kept = files.map(({ name }) => join(dir, 'visits', name))
  const document = { visit, class: classId, institution, note, covers: body.covers ?? null }
  printAnswer(values.json, { ...document, event, outcome, checkpoint, files: kept }, [
    `visit ${visit} is closed, event ${event}, over ${body.covers?.events ?? 0} records of it`,
    `drawn: ${outcome.seen.length} seen, ${outcome.notSeen.length} not seen, ${outcome.cannotVerify.length} not verified, ${outcome.left.length} not looked for`,
    institution.signed ? 'both signed' : `the institution didn’t sign: ${institution.reason}`,
    ...(closed.filesCode === undefined ? kept : [`its files could not be written: ${closed.filesCode}`]),
  ])
  return EXIT.yes
}

function institutionOf(values: {
  readonly by?: string | undefined
  readonly refused: boolean
  readonly 'nobody-there': boolean
}): Closed['institution'] {
  const { by, refused } = values
  const chosen = [by !== undefined, refused, values['nobody-there']].filter(Boolean).length
  if (chosen !== 1)
    throw new Fault('USAGE_INSPECT', 'inspect close takes one of --by ACTOR, --refused, --nobody-there')
  if (by !== undefined) return { signed: true, actor: by }
  return { signed: false, reason: refused ? 'refused' : 'nobody-there' }
}
