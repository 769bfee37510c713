import { type Act, answerTo, choiceOf, type Desk, type Field, type Given, oneOf } from './act.ts'
import type { ClassItem } from './lists.ts'
import { dailySessions, today } from './timetable-plan.ts'

/* A class's life: filed, opened, taught, assessed, closed. */

/** Announces a class; the station checks it against its catalogues. */
export function fileClass({ texts }: Desk): Act {
  const { ask, choices } = texts
  const fields: Field[] = [
    { kind: 'text', name: 'class', ask: ask.classId },
    { kind: 'text', name: 'title', ask: ask.title },
    { kind: 'text', name: 'institution', ask: ask.institution },
    { kind: 'text', name: 'occupation', ask: ask.occupation },
    { kind: 'text', name: 'level', ask: ask.level, suggestions: ['5', '4', '3', '2', '1'] },
    { kind: 'date', name: 'from', ask: ask.from, start: today() },
    { kind: 'date', name: 'to', ask: ask.to, start: today() },
    { kind: 'number', name: 'minutes', ask: ask.minutes, optional: true },
    { kind: 'text', name: 'room', ask: ask.room, optional: true },
    choiceOf('mode', ask.mode, choices, ['timetable', 'cumulative']),
    choiceOf('basis', ask.basis, choices, ['approval', 'commitment']),
  ]
  return {
    name: 'class.file',
    signers: 1,
    fields: () => fields,
    work: (given, signers) => ({
      act: 'class.file',
      plan: {
        class: answerTo(given, 'class'),
        title: answerTo(given, 'title'),
        institution: answerTo(given, 'institution'),
        occupation: answerTo(given, 'occupation'),
        level: answerTo(given, 'level'),
        from: answerTo(given, 'from'),
        to: answerTo(given, 'to'),
        plannedMinutes: answerTo(given, 'minutes') === '' ? null : Number(answerTo(given, 'minutes')),
        ...(answerTo(given, 'room') === '' ? {} : { room: answerTo(given, 'room') }),
        mode: answerTo(given, 'mode') === 'cumulative' ? 'cumulative' : 'timetable',
        basis: answerTo(given, 'basis') === 'commitment' ? 'commitment' : 'approval',
      },
      by: oneOf(signers),
    }),
  }
}

/** Opens a class with the same hours each day; `filed` null for one that was never filed. */
export function openClass({ texts }: Desk, filed: ClassItem | null): Act {
  const { ask, choices, reasons } = texts
  const named: Field[] =
    filed === null
      ? [
          { kind: 'text', name: 'class', ask: ask.classId },
          { kind: 'text', name: 'title', ask: ask.title },
        ]
      : []
  const from = filed?.filing?.from ?? today()
  const to = filed?.filing?.to ?? from
  const hours: Field[] = [
    { kind: 'date', name: 'from', ask: ask.from, start: from },
    { kind: 'date', name: 'to', ask: ask.to, start: to },
    choiceOf('days', ask.days, choices, ['weekdays', 'everyDay']),
    { kind: 'time', name: 'start', ask: ask.start, start: '08:30' },
    { kind: 'time', name: 'end', ask: ask.end, start: '11:30' },
    choiceOf('secondHalf', ask.secondHalf, choices, ['no', 'yes']),
  ]
  const second: Field[] = [
    { kind: 'time', name: 'start2', ask: ask.start2, start: '14:00' },
    { kind: 'time', name: 'end2', ask: ask.end2, start: '17:00' },
  ]
  const reason: Field = { kind: 'text', name: 'reason', ask: ask.reason, suggestions: [reasons.timetable] }
  return {
    name: 'class.open',
    signers: 1,
    fields: (given) => [
      ...named,
      ...hours,
      ...(answerTo(given, 'secondHalf') === 'yes' ? second : []),
      ...(filed === null ? [] : [reason]),
    ],
    work: (given, signers) => ({
      act: 'class.open',
      class: filed?.id ?? answerTo(given, 'class'),
      title: filed === null ? answerTo(given, 'title') : filed.filing === null ? filed.title : null,
      sessions: sessionsOf(given),
      pack: null,
      reason: answerTo(given, 'reason') || null,
      by: oneOf(signers),
    }),
  }
}

/** The one stage that follows; null for a class that is not open yet, or closed. */
export function advanceClass({ texts }: Desk, { id, stage }: ClassItem): Act | null {
  const next = NEXT[stage]
  if (next === null) return null
  const { ask, stages, reasons } = texts
  return {
    name: 'class.advance',
    signers: 1,
    fields: () => [
      choiceOf('next', ask.next, stages, [next]),
      { kind: 'text', name: 'note', ask: ask.note, suggestions: [reasons.timetable] },
    ],
    work: (given, signers) => ({
      act: 'class.advance',
      class: id,
      stage: next,
      note: answerTo(given, 'note'),
      by: oneOf(signers),
    }),
  }
}

function sessionsOf(given: Given) {
  const parts = [
    { start: answerTo(given, 'start'), end: answerTo(given, 'end') },
    { start: answerTo(given, 'start2'), end: answerTo(given, 'end2') },
  ].slice(0, answerTo(given, 'secondHalf') === 'yes' ? 2 : 1)
  const days = answerTo(given, 'days') === 'everyDay' ? 'everyDay' : 'weekdays'
  return dailySessions(answerTo(given, 'from'), answerTo(given, 'to'), days, parts)
}

const NEXT = {
  filed: null,
  open: 'teaching',
  teaching: 'assessment',
  assessment: 'closed',
  closed: null,
} as const
