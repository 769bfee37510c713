import { Fault } from '../common/fault.ts'
import { seatsOf } from '../inspect/draw-plan.ts'
import { checkProblem } from '../inspect/visit.ts'
import type { EventData } from '../ledger/event.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'
import {
  classOf,
  eventsOf,
  hashOfFile,
  inspectorAtHand,
  signed,
  visitAtHand,
  visitOptions,
  withStation,
} from './inspect-desk.ts'

type Checked = EventData['visit.checked']
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
  const { count = '' } = values
  if (!/^(0|[1-9][0-9]{0,3})$/.test(count)) throw new Fault('USAGE_NUMBER', '--count takes a whole number')
  const inspector = await inspectorAtHand(values.key)
  return withStation(values.data, async (data) => {
    const { visit } = visitAtHand(eventsOf(data), classId, inspector)
    const body = { visit, class: classId, count: Number(count) }
    const act = signed(data, inspector, 'visit.count', body)
    const { index } = data.ledger.append({ type: 'visit.headcount', data: { ...body, act } })
    printAnswer(values.json, { ...body, event: index }, [`${count} people counted, event ${index}`])
    return EXIT.yes
  })
}

/** `inspect check`: a person on the roster was looked for. `ROSTER_PERSON_UNKNOWN`, `INSPECT_CHECK`. */
export async function check(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...lookOptions,
    result: { type: 'string' },
    reason: { type: 'string' },
  })
  const classId = classOf(values)
  const person = values.person ?? ''
  const result = oneOf(values.result, ['seen', 'not-seen', 'cannot-verify'] as const, '--result')
  const by = values.by === undefined ? null : proofOf(values.by)
  const said = { result, by, reason: values.reason ?? null }
  const problem = checkProblem(said)
  if (problem !== null) throw problem
  const inspector = await inspectorAtHand(values.key)
  return withStation(values.data, async (data) => {
    const events = eventsOf(data)
    const { visit } = visitAtHand(events, classId, inspector)
    if (!seatsOf(events, classId)?.some((seat) => seat.person === person)) {
      throw new Fault('ROSTER_PERSON_UNKNOWN', 'nobody on this roster has this id')
    }
    const photograph = hashOfFile(values.photo)
    const body: Omit<Checked, 'act'> = {
      ...{ visit, class: classId, person, ...said, photograph, note: values.note ?? null },
    }
    const act = signed(data, inspector, 'visit.check', body)
    const { index } = data.ledger.append({ type: 'visit.checked', data: { ...body, act } })
    printAnswer(values.json, { ...body, event: index }, [`${person} ${result}, event ${index}`])
    return EXIT.yes
  })
}

/** `inspect found`: a person in the room, and the record that should exist. */
export async function found(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, { ...lookOptions, record: { type: 'string' } })
  const classId = classOf(values)
  const kinds = ['exists', 'none', 'signed-out', 'not-on-roster', 'of-another-person'] as const
  const record = oneOf(values.record, kinds, '--record')
  const by = proofOf(values.by)
  const inspector = await inspectorAtHand(values.key)
  return withStation(values.data, async (data) => {
    const { visit } = visitAtHand(eventsOf(data), classId, inspector)
    const photograph = hashOfFile(values.photo)
    const body: Omit<Found, 'act'> = {
      ...{ visit, class: classId, person: values.person ?? null, record, by, photograph },
      note: values.note ?? null,
    }
    const act = signed(data, inspector, 'visit.find', body)
    const { index } = data.ledger.append({ type: 'visit.found', data: { ...body, act } })
    printAnswer(values.json, { ...body, event: index }, [
      `a person in the room: record ${record}, event ${index}`,
    ])
    return EXIT.yes
  })
}

function proofOf(text: string | undefined): Found['by'] {
  return oneOf(text, ['card', 'face', 'witness'] as const, '--by')
}

function oneOf<T extends string>(text: string | undefined, words: readonly T[], option: string): T {
  const word = words.find((known) => known === text)
  if (word === undefined) throw new Fault('USAGE_INSPECT', `${option} takes ${words.join(', ')}`)
  return word
}
