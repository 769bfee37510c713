import { expect, test } from 'vitest'
import { shippedCalendar, WorkCalendar } from '../../src/attendance/workdays.ts'
import { unwrap } from '../../src/common/result.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import { allFindings, openFinding } from '../../src/inspect/visit-findings.ts'
import type { SignedAct } from '../../src/ledger/event.ts'
import { CLASS, newSigner, person } from './visit-story.ts'
import { VISIT, WholeVisit } from './whole-visit.ts'

const calendar = shippedCalendar()
const kindsOf = (visit: WholeVisit) => allFindings(visit.story.events, calendar).map(({ kind }) => kind)

test('a visit’s findings follow from its events, each held against what the log said at that moment', () => {
  const visit = new WholeVisit({ closing: 'open' })
  const inside = Array.from({ length: 6 }, (_, n) => person(n))
  visit.check(inside[0]!, { result: 'seen', by: 'card' })
  visit.check(inside[1]!, { result: 'not-seen' })
  visit.check(person(6), { result: 'not-seen' })
  visit.check(person(7), { result: 'seen', by: 'face' })
  visit.check(inside[2]!, { result: 'cannot-verify', reason: '证件未带' })
  visit.find(inside[3]!, 'of-another-person')
  visit.find(inside[4]!, 'exists')
  expect(kindsOf(visit)).toEqual([])
  visit.close({ signed: false, reason: 'refused' })
  const found = allFindings(visit.story.events, calendar)
  const of = (who: string | undefined) => found.filter((one) => one.person === who).map(({ kind }) => kind)
  expect([of(inside[0]), of(inside[1]), of(person(6)), of(person(7))]).toEqual([
    [],
    ['record-without-person'],
    ['not-seen'],
    ['person-without-record'],
  ])
  expect([of(inside[2]), of(inside[3]), of(inside[4])]).toEqual([['cannot-verify'], ['swapped'], []])
  expect(found).toContainEqual(
    expect.objectContaining({ kind: 'headcount', facts: { counted: 5, present: 6 } }),
  )
  expect(found.at(-1)).toMatchObject({ kind: 'refusal', state: 'open' })
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
})

test('a later look at the same person counts in place of an earlier one', () => {
  const visit = new WholeVisit({ closing: 'open' })
  visit.check(person(5), { result: 'not-seen' })
  visit.check(person(5), { result: 'seen', by: 'card' })
  visit.close({ signed: false, reason: 'nobody-there' })
  const found = allFindings(visit.story.events, calendar)
  expect(found.filter((one) => one.person === person(5))).toEqual([])
  expect(found.at(-1)?.kind).toBe('nobody-there')
})

test('answers are due ten working days after the visit, and unknown in a year without a calendar', () => {
  const visit = new WholeVisit()
  // 2026-03-02 is a Monday; no holiday in the two weeks after.
  expect(allFindings(visit.story.events, calendar)[0]?.due).toBe('2026-03-16')
  expect(allFindings(visit.story.events, new WorkCalendar([]))[0]?.due).toBeNull()
})

test('a finding is answered by two people of the institution and closed by the inspector, and nothing comes after', () => {
  const { visit, finding, answer, close } = withFinding()
  const ask = () => openFinding(visit.story.events, VISIT, finding, calendar)
  expect(unwrap(ask()).state).toBe('open')
  answer('学员当时在卫生间')
  expect(unwrap(ask())).toMatchObject({ state: 'answered', answers: [{ answer: '学员当时在卫生间' }] })
  close()
  expect(ask()).toMatchObject({ fault: { code: 'INSPECT_FINDING_CLOSED' } })
  answer('再说一次')
  const [closed] = allFindings(visit.story.events, calendar).filter(({ id }) => id === finding)
  expect(closed).toMatchObject({ state: 'closed', closed: { outcome: 'explained' } })
  expect(closed?.answers).toHaveLength(1)
  expect(falseAct(visit.story.events)).toBeNull()
})

test('a finding of no visit, of an open one, or that nobody made is refused in words', () => {
  const { visit, finding } = withFinding()
  const code = (id: string, name: string, story = visit.story) =>
    (openFinding(story.events, id, name, calendar) as { fault?: { code: string } }).fault?.code
  expect(code('3'.repeat(32), finding)).toBe('INSPECT_VISIT_UNKNOWN')
  expect(code(VISIT, '1-swapped')).toBe('INSPECT_FINDING_UNKNOWN')
  expect(code(VISIT, finding, new WholeVisit({ closing: 'open' }).story)).toBe('INSPECT_VISIT_OPEN')
})

test('an answer by one person, by the inspector, or without a supervisor is false; so is a closing by the institution', () => {
  const said = (forge: (given: ReturnType<typeof withFinding>) => void) => {
    const given = withFinding()
    forge(given)
    return falseAct(given.visit.story.events)?.detail
  }
  expect(said(({ answer, visit }) => answer('好', (text) => [visit.story.supervisor.sign(text)]))).toMatch(
    /second signer/,
  )
  expect(
    said(({ answer, visit: { story } }) =>
      answer('好', (text) => [story.supervisor.sign(text), story.inspector.sign(text)]),
    ),
  ).toMatch(/the inspector of the visit signed for the institution/)
  expect(
    said(({ answer, teacher, other }) => answer('好', (text) => [teacher.sign(text), other.sign(text)])),
  ).toMatch(/supervisor/)
  expect(said(({ close, visit }) => close((text) => [visit.story.supervisor.sign(text)]))).toMatch(
    /the inspector of the visit didn’t sign it/,
  )
})

/** A closed visit with a finding, and how it is answered and closed. */
function withFinding() {
  const visit = new WholeVisit()
  const { story } = visit
  const [teacher, other] = ['a', 'b'].map((letter) => newSigner(() => letter.repeat(32))) as [
    ReturnType<typeof newSigner>,
    ReturnType<typeof newSigner>,
  ]
  for (const { actor, publicKey } of [teacher, other]) {
    const enrolled = { actor, role: 'teacher' as const, publicKey }
    const act = story.bySupervisor('actor.enrol', enrolled)
    story.ledger.append({ type: 'actor.enrolled', data: { ...enrolled, identity: '0'.repeat(64), act } })
  }
  const finding = allFindings(story.events, calendar).find(({ kind }) => kind === 'headcount')!.id
  type Sign = (statement: string) => SignedAct['signatures']
  const both: Sign = (text) => [story.supervisor.sign(text), teacher.sign(text)]
  const answer = (text: string, sign: Sign = both) => {
    const body = { visit: VISIT, class: CLASS, finding, answer: text, document: null }
    const statement = JSON.stringify({ act: 'finding.answer', ...body, origin: story.ledger.origin })
    story.ledger.append({
      type: 'finding.answered',
      data: { ...body, act: { statement, signatures: sign(statement) } },
    })
  }
  const close = (sign: Sign = (text) => [story.inspector.sign(text)]) => {
    const body = { visit: VISIT, class: CLASS, finding, outcome: 'explained' as const, note: null }
    const statement = JSON.stringify({ act: 'finding.close', ...body, origin: story.ledger.origin })
    story.ledger.append({
      type: 'finding.closed',
      data: { ...body, act: { statement, signatures: sign(statement) } },
    })
  }
  return { visit, finding, answer, close, teacher, other }
}
