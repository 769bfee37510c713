import { Fault } from '../common/fault.ts'
import { checkProblem } from '../inspect/visit.ts'
import type { EventData } from '../ledger/event.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'
import {
  ask,
  classOf,
  folderOf,
  hashOfFile,
  inspectorAtHand,
  visitOptions,
  visitPin,
} from './inspect-desk.ts'

type Found = EventData['visit.found']

const lookOptions = {
  ...visitOptions,
  person: { type: 'string' },
  by: { type: 'string' },
  photo: { type: 'string' },
  note: { type: 'string' },
} as const

/** `inspect headcount`: how many people the inspector counts in the room. */
export async function headcount(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, { ...visitOptions, count: { type: 'string' } })
  const classId = classOf(values)
  if (!/^(0|[1-9][0-9]{0,3})$/.test(values.count ?? ''))
    throw new Fault('USAGE_NUMBER', '--count takes a whole number')
  const count = Number(values.count)
  const [dir, pin] = await atHand(values, classId)
  const { event } = await ask(dir, { act: 'visit.headcount', class: classId, pin, count })
  printAnswer(values.json, { class: classId, count, event }, [`${count} people counted, event ${event}`])
  return EXIT.yes
}

/** `inspect check`: a person on the roster was looked for. `ROSTER_PERSON_UNKNOWN`, `INSPECT_CHECK`. */
export async function check(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...lookOptions,
    result: { type: 'string' },
    reason: { type: 'string' },
  })
  const classId = classOf(values)
  const person = personOf(values.person)
  if (person === null) throw new Fault('USAGE_INSPECT', 'inspect check takes --person ID')
  const result = oneOf(values.result, ['seen', 'not-seen', 'cannot-verify'] as const, '--result')
  const by = values.by === undefined ? null : proofOf(values.by)
  const said = { result, by, reason: values.reason ?? null }
  const problem = checkProblem(said)
  if (problem !== null) throw problem
  const photograph = hashOfFile(values.photo)
  const [dir, pin] = await atHand(values, classId)
  const body = { class: classId, person, ...said, photograph, note: values.note ?? null }
  const { event } = await ask(dir, { act: 'visit.check', pin, ticket: null, ...body })
  printAnswer(values.json, { ...body, event }, [`${person} ${result}, event ${event}`])
  return EXIT.yes
}

/** `inspect found`: a person in the room, and the record that should exist. */
export async function found(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, { ...lookOptions, record: { type: 'string' } })
  const classId = classOf(values)
  const kinds = ['exists', 'none', 'signed-out', 'not-on-roster', 'of-another-person'] as const
  const record = oneOf(values.record, kinds, '--record')
  const person = personOf(values.person)
  const seen = { person, record, by: proofOf(values.by), photograph: hashOfFile(values.photo) }
  const [dir, pin] = await atHand(values, classId)
  const body = { class: classId, ...seen, note: values.note ?? null }
  const { event } = await ask(dir, { act: 'visit.find', pin, ticket: null, ...body })
  printAnswer(values.json, { ...body, event }, [`a person in the room: record ${record}, event ${event}`])
  return EXIT.yes
}

async function atHand(
  values: { readonly data?: string | undefined; readonly key?: string | undefined },
  classId: string,
): Promise<[dir: string, pin: string]> {
  const dir = folderOf(values)
  return [dir, visitPin(dir, classId, await inspectorAtHand(values.key))]
}

function personOf(text: string | undefined): string | null {
  if (text === undefined || /^[0-9a-f]{32}$/.test(text)) return text ?? null
  throw new Fault('ROSTER_PERSON_UNKNOWN', '--person takes the id of a person, 32 hex digits')
}

function proofOf(text: string | undefined): Found['by'] {
  return oneOf(text, ['card', 'face', 'witness'] as const, '--by')
}

function oneOf<T extends string>(text: string | undefined, words: readonly T[], option: string): T {
  const word = words.find((known) => known === text)
  if (word === undefined) throw new Fault('USAGE_INSPECT', `${option} takes ${words.join(', ')}`)
  return word
}
