import { civilTime } from '../../common/civil-time.ts'
import { type Act, answerTo, choiceOf, type Desk, type Option, oneOf } from './act.ts'
import { type CheckItem, type ClassItem, list, personField, whoIs } from './lists.ts'

/* What staff sign while a lesson runs. */

/** The call that runs now, then everybody with what was already seen of them, then one answer. */
export function answerCheck({ texts, ask, isChecking }: Desk, { id }: ClassItem): Act {
  const calls = async (): Promise<Option[]> => {
    if (!isChecking) return []
    const newest = newestCall((await list(ask, 'checks', id)).checks)
    return newest === null ? [] : [{ value: String(newest.event), shown: civilTime(newest.at) }]
  }
  const people = async (call: number): Promise<Option[]> => {
    const { checks } = await list(ask, 'checks', id)
    const answers = new Map(
      checks
        .flatMap((check) => check.answers)
        .filter((answer) => answer.call === call)
        .map(({ person, result }) => [person, result]),
    )
    const { people: everybody } = await list(ask, 'people', id)
    return everybody
      .filter(({ seated }) => seated)
      .map((one) => {
        const result = answers.get(one.person)
        const known = result === undefined ? {} : { detail: texts.choices[result] }
        const tone = result === undefined ? {} : ({ tone: result === 'seen' ? 'good' : 'bad' } as const)
        return { value: one.person, shown: whoIs(one), ...known, ...tone }
      })
  }
  return {
    name: 'check.answer',
    signers: 1,
    fields: (given) => [
      { kind: 'choice', name: 'call', ask: texts.ask.call, options: calls },
      {
        kind: 'choice',
        name: 'person',
        ask: texts.ask.person,
        options: () => people(Number(answerTo(given, 'call'))),
      },
      choiceOf('result', texts.ask.result, texts.choices, ['seen', 'not-seen', 'cannot-verify']),
    ],
    work: (given, signers) => {
      const result = answerTo(given, 'result')
      return {
        act: 'check.answer',
        class: id,
        call: Number(answerTo(given, 'call')),
        person: answerTo(given, 'person'),
        result: result === 'seen' || result === 'not-seen' ? result : 'cannot-verify',
        by: oneOf(signers),
      }
    },
  }
}

/** Lets nobody in: the person still stands before the camera, which the station opens at once. */
export function reportMissingCard(desk: Desk, { id }: ClassItem): Act {
  const { ask, choices } = desk.texts
  const lanes = ['forgotten', 'temporary', 'withheld', 'broken'] as const
  return {
    name: 'card.missing',
    signers: 1,
    fields: () => [personField(desk, id), choiceOf('lane', ask.lane, choices, lanes)],
    work: (given, signers) => ({
      act: 'card.missing',
      class: id,
      person: answerTo(given, 'person'),
      lane: lanes.find((lane) => lane === answerTo(given, 'lane')) ?? 'forgotten',
      by: oneOf(signers),
    }),
  }
}

/** A teacher, or who stands in for one, with their own key. */
export function signTeacher({ texts, staff }: Desk, { id }: ClassItem): Act {
  const { ask, choices } = texts
  const others: Option[] = [
    { value: '', shown: choices.nobody },
    ...staff.map(({ actor, name }) => ({ value: actor, shown: name })),
  ]
  return {
    name: 'teacher.sign',
    signers: 1,
    fields: () => [
      choiceOf('direction', ask.direction, { in: choices.addIn, out: choices.addOut }, ['in', 'out']),
      { kind: 'choice', name: 'substitutes', ask: ask.substitutes, options: async () => others },
    ],
    work: (given, signers) => ({
      act: 'teacher.sign',
      class: id,
      direction: answerTo(given, 'direction') === 'out' ? 'out' : 'in',
      substitutes: answerTo(given, 'substitutes') || null,
      by: oneOf(signers),
    }),
  }
}

function newestCall(checks: readonly CheckItem[]): { event: number; at: number } | null {
  const calls = checks.filter(({ state }) => state === 'pending').flatMap(({ called }) => called)
  return calls.reduce<{ event: number; at: number } | null>(
    (newest, call) => (newest === null || call.at > newest.at ? call : newest),
    null,
  )
}
