import { civilDate, civilTime } from '../../common/civil-time.ts'
import { fill } from '../i18n/languages.ts'
import {
  type Act,
  answerTo,
  bothOf,
  choiceOf,
  type Desk,
  type Field,
  type Given,
  type Option,
} from './act.ts'
import { findingWords } from './finding-words.ts'
import { type ClassItem, list, personField, type Session, sessionField, whoIs } from './lists.ts'
import { instantNear, timeOf, today } from './timetable-plan.ts'

/* What two people enter by hand about attendance, each with a reason: one more signed record, never an edit. */

/** The doubtful lane (存疑): the list is the form's first question. */
export function resolveDoubt(desk: Desk, { id }: ClassItem): Act {
  const { texts, ask } = desk
  const { reasons } = texts
  const options = async (): Promise<Option[]> => {
    const { doubts } = await list(ask, 'doubts', id)
    return doubts.map((doubt) => ({
      value: String(doubt.record),
      shown: whoIs(doubt),
      detail: `${civilDate(doubt.at)} ${civilTime(doubt.at)} · ${
        doubt.overdue ? texts.doubt.overdue : fill(texts.doubt.due, { date: civilDate(doubt.dueAt) })
      }`,
      notes: doubt.findings.map((finding) => findingWords(finding, desk)),
      ...(doubt.overdue ? { tone: 'bad' as const } : {}),
    }))
  }
  return {
    name: 'doubt.resolve',
    signers: 2,
    fields: (given) => [
      { kind: 'choice', name: 'record', ask: texts.ask.record, options },
      {
        ...choiceOf('decision', texts.ask.decision, texts.choices, ['accept', 'refuse']),
        notes: given.record?.notes ?? [],
      },
      { kind: 'text', name: 'reason', ask: texts.ask.reason, suggestions: [reasons.looked, reasons.machine] },
    ],
    work: (given, signers) => ({
      act: 'doubt.resolve',
      class: id,
      record: Number(answerTo(given, 'record')),
      decision: answerTo(given, 'decision') === 'accept' ? 'accept' : 'refuse',
      reason: answerTo(given, 'reason'),
      signers: bothOf(signers),
    }),
  }
}

/** Adds a missing time, or takes a record of the person in that session out of the count. */
export function correctAttendance(desk: Desk, item: ClassItem): Act {
  const { texts, ask } = desk
  const { choices, reasons } = texts
  const changes = async (given: Given): Promise<Option[]> => {
    const person = answerTo(given, 'person')
    const { records } = await list(ask, 'records', item.id, answerTo(given, 'session'))
    const counted = records.filter((record) => record.person === person && record.counts)
    return [
      { value: 'in', shown: choices.addIn },
      { value: 'out', shown: choices.addOut },
      ...counted.map(({ record, direction, at }) => ({
        value: `void ${record}`,
        shown: `${choices.void} ${civilTime(at)}`,
        detail: direction === 'in' ? choices.addIn : choices.addOut,
      })),
    ]
  }
  const isAdding = (given: Given) => ['in', 'out'].includes(answerTo(given, 'change'))
  return {
    name: 'attendance.correct',
    signers: 2,
    fields: (given) => [
      personField(desk, item.id),
      sessionField(desk, item),
      { kind: 'choice', name: 'change', ask: texts.ask.change, options: () => changes(given) },
      ...(isAdding(given) ? [timeField(desk, sessionOf(item, given), answerTo(given, 'change'))] : []),
      { kind: 'text', name: 'reason', ask: texts.ask.reason, suggestions: [reasons.forgot, reasons.machine] },
    ],
    work: (given, signers) => {
      const change = answerTo(given, 'change')
      const at = instantNear(sessionOf(item, given), answerTo(given, 'time'))
      return {
        act: 'attendance.correct',
        correction: {
          class: item.id,
          session: answerTo(given, 'session'),
          person: answerTo(given, 'person'),
          add: isAdding(given) && at !== null ? { direction: change === 'in' ? 'in' : 'out', at } : null,
          void: isAdding(given) ? null : Number(change.slice('void '.length)),
          reason: answerTo(given, 'reason'),
        },
        signers: bothOf(signers),
      }
    },
  }
}

export function grantLeave(desk: Desk, item: ClassItem): Act {
  const { ask, choices, reasons } = desk.texts
  return {
    name: 'leave.grant',
    signers: 2,
    fields: () => [
      personField(desk, item.id),
      sessionField(desk, item),
      choiceOf('kind', ask.kind, choices, ['personal', 'sick', 'official']),
      { kind: 'text', name: 'reason', ask: ask.reason, suggestions: [reasons.asked] },
    ],
    work: (given, signers) => {
      const kind = answerTo(given, 'kind')
      return {
        act: 'leave.grant',
        leave: {
          class: item.id,
          person: answerTo(given, 'person'),
          sessions: [answerTo(given, 'session')],
          kind: kind === 'sick' || kind === 'official' ? kind : 'personal',
          reason: answerTo(given, 'reason'),
        },
        signers: bothOf(signers),
      }
    },
  }
}

/** A session ahead for people who missed another one. */
export function scheduleMakeUp(desk: Desk, item: ClassItem): Act {
  const { ask, reasons } = desk.texts
  return {
    name: 'makeup.schedule',
    signers: 2,
    fields: (given) => [
      sessionField(desk, item),
      ...eachPerson(desk, item, given, () => []),
      { kind: 'date', name: 'day', ask: ask.from, start: today() },
      { kind: 'time', name: 'start', ask: ask.start, start: '18:30' },
      { kind: 'time', name: 'end', ask: ask.end, start: '20:30' },
      { kind: 'text', name: 'reason', ask: ask.reason, suggestions: [reasons.asked, reasons.machine] },
    ],
    work: (given, signers) => {
      const day = Date.parse(`${answerTo(given, 'day')}T12:00:00+08:00`)
      const at = (time: string) => instantNear({ start: day, end: day }, answerTo(given, time)) ?? 0
      return {
        act: 'makeup.schedule',
        makeUp: {
          class: item.id,
          session: {
            id: `${answerTo(given, 'day')}T${answerTo(given, 'start')}-makeup`,
            start: at('start'),
            end: at('end'),
          },
          replaces: answerTo(given, 'session'),
          people: peopleOf(given).map(({ person }) => person),
          reason: answerTo(given, 'reason'),
        },
        signers: bothOf(signers),
      }
    },
  }
}

/** A sheet signed on paper while the kiosk was dead: of its scan only the hash is recorded. */
export function enterPaper(desk: Desk, item: ClassItem): Act {
  const { ask, reasons } = desk.texts
  const times = (given: Given, place: number): Field[] => {
    const { start, end } = sessionOf(item, given)
    return [
      { kind: 'time', name: `came ${place}`, ask: ask.came, start: timeOf(start), optional: true },
      { kind: 'time', name: `went ${place}`, ask: ask.went, start: timeOf(end), optional: true },
    ]
  }
  return {
    name: 'paper.enter',
    signers: 2,
    fields: (given) => [
      sessionField(desk, item),
      { kind: 'file', name: 'sheet', ask: ask.sheet, accept: 'image/*,.pdf', as: 'sha256' },
      ...eachPerson(desk, item, given, (place) => times(given, place)),
      { kind: 'text', name: 'reason', ask: ask.reason, suggestions: [reasons.machine] },
    ],
    work: (given, signers) => {
      const session = sessionOf(item, given)
      return {
        act: 'paper.enter',
        paper: {
          class: item.id,
          session: answerTo(given, 'session'),
          sheet: answerTo(given, 'sheet'),
          entries: peopleOf(given).map(({ person, place }) => ({
            person,
            in: instantNear(session, answerTo(given, `came ${place}`)),
            out: instantNear(session, answerTo(given, `went ${place}`)),
          })),
          reason: answerTo(given, 'reason'),
        },
        signers: bothOf(signers),
      }
    },
  }
}

/** One person after the other, each with more questions, until there is no other. */
function eachPerson(desk: Desk, item: ClassItem, given: Given, more: (place: number) => Field[]): Field[] {
  const { ask, choices } = desk.texts
  const fields: Field[] = []
  for (let place = 0; ; place += 1) {
    fields.push(personField(desk, item.id, `person ${place}`), ...more(place))
    fields.push(choiceOf(`another ${place}`, ask.another, choices, ['no', 'yes']))
    if (answerTo(given, `another ${place}`) !== 'yes') return fields
  }
}

function peopleOf(given: Given): { person: string; place: number }[] {
  const people: { person: string; place: number }[] = []
  for (let place = 0; given[`person ${place}`] !== undefined; place += 1) {
    people.push({ person: answerTo(given, `person ${place}`), place })
    if (answerTo(given, `another ${place}`) !== 'yes') break
  }
  return people
}

function timeField({ texts }: Desk, { start, end }: Session, direction: string): Field {
  return { kind: 'time', name: 'time', ask: texts.ask.time, start: timeOf(direction === 'in' ? start : end) }
}

function sessionOf({ sessions }: ClassItem, given: Given): Session {
  const id = answerTo(given, 'session')
  return sessions.find((session) => session.id === id) ?? { id, start: 0, end: 0 }
}
