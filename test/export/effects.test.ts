import fc from 'fast-check'
import { expect, test } from 'vitest'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours, type HoursDocument } from '../../src/attendance/hours.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { correctionIndex } from '../../src/export/bundle/corrections.ts'
import type { Effect } from '../../src/export/bundle/effects.ts'
import type { EventInput } from '../../src/ledger/event.ts'
import { ClassStory, MINUTE, MORNING, person } from '../attendance/class-story.ts'
import { type RandomHistory, randomHistory } from '../attendance/random-history.ts'

const PEOPLE = 3
const act = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }
const pack = defaultPack()

/** An act of any kind about anybody and any session, by three numbers. */
interface Entry {
  readonly kind: 'resolve' | 'add' | 'void' | 'leave' | 'make-up' | 'paper'
  readonly who: number
  readonly session: number
  readonly minute: number
}

const entry: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constantFrom('resolve', 'add', 'void', 'leave', 'make-up', 'paper'),
  who: fc.nat(PEOPLE - 1),
  session: fc.nat(2),
  minute: fc.integer({ min: 0, max: 400 }),
})

function storyOf({ sessions, punches }: RandomHistory, entries: readonly Entry[]): ClassStory {
  const story = new ClassStory({ sessions, people: PEOPLE })
  for (const { second, who, session, restarted: _, ...fields } of punches) {
    const id = sessions[session % sessions.length]!.id
    story.sign(fields.direction, second / 60, { ...fields, person: person(who), session: id })
  }
  for (const [n, given] of entries.entries()) {
    const made = eventOf(story, sessions[given.session % sessions.length]!.id, given, n)
    if (made !== null) story.append(made)
  }
  return story.passes(2000)
}

function eventOf({ events }: ClassStory, session: string, given: Entry, n: number): EventInput | null {
  const { kind, who, minute } = given
  const at = MORNING + minute * MINUTE
  const own = { class: 'c1', person: person(who), reason: 'r', act }
  const records = events.flatMap((event) => (event.type === 'attendance' ? [event] : []))
  if (kind === 'resolve') {
    const doubtful = records.filter(({ data }) => data.outcome === 'doubtful')
    const found = doubtful[minute % doubtful.length]
    if (found === undefined) return null
    const data = { ...own, person: found.data.person, record: found.index, decision: 'accept' as const }
    return { type: 'doubtful.resolved', data }
  }
  if (kind === 'void') {
    const found = records[minute % records.length]
    if (found === undefined) return null
    const about = { person: found.data.person, session: found.data.session }
    const data = { ...own, ...about, add: null, void: found.index, overCap: false }
    return { type: 'attendance.corrected', data }
  }
  if (kind === 'add') {
    const add = { direction: minute % 2 === 0 ? ('in' as const) : ('out' as const), at }
    return { type: 'attendance.corrected', data: { ...own, session, add, void: null, overCap: false } }
  }
  if (kind === 'leave') {
    return { type: 'leave.granted', data: { ...own, sessions: [session], kind: 'sick', overCap: false } }
  }
  if (kind === 'paper') {
    const entries = [0, 1].map((more) => ({
      ...{ person: person((who + more) % PEOPLE), in: at, out: at + 100 * MINUTE },
    }))
    const sheet = 'a'.repeat(64)
    return { type: 'paper.entered', data: { class: 'c1', session, sheet, entries, reason: 'r', act } }
  }
  const added = { id: `m${n}`, start: at, end: at + 120 * MINUTE }
  const about = { class: 'c1', session: added, replaces: session, reason: 'r', overCap: false, act }
  return { type: 'makeup.scheduled', data: { ...about, people: [person(who)] } }
}

const sessionsOf = (hours: HoursDocument): ReadonlyMap<string, Effect['after']> =>
  new Map(
    hours.people.flatMap(({ person: of, sessions }) =>
      sessions.map(({ id, state, creditedMs }) => [`${of} ${id}`, { state, creditedMs }] as const),
    ),
  )

test('an act’s effects are those of counting the whole class again without it, in any history', () => {
  let effects = 0
  fc.assert(
    fc.property(randomHistory, fc.array(entry, { minLength: 1, maxLength: 4 }), (history, entries) => {
      const { events } = storyOf(history, entries)
      const hours = unwrap(computeHours(projectHistory(events), 'c1', pack))
      const after = sessionsOf(hours)
      for (const told of correctionIndex({ classId: 'c1', events, hours, pack }).acts) {
        if (told.kind === 'opening' || told.kind === 'roster') continue
        const others = events.filter(({ index }) => index !== told.leaf)
        const before = sessionsOf(unwrap(computeHours(projectHistory(others), 'c1', pack)))
        for (const effect of told.effects) {
          effects++
          const key = `${effect.person} ${effect.session}`
          const nothing = { state: null, creditedMs: 0 }
          expect(effect).toMatchObject({ before: before.get(key) ?? nothing, after: after.get(key) })
        }
        const said = new Set(told.effects.map((effect) => `${effect.person} ${effect.session}`))
        for (const key of touched(events[told.leaf]!)) {
          const same = JSON.stringify(before.get(key)) === JSON.stringify(after.get(key))
          expect(said.has(key)).toBe(!same)
        }
      }
    }),
    { numRuns: 500 },
  )
  expect(effects).toBeGreaterThan(100)
})

function touched(event: { readonly type: string; readonly data: object }): string[] {
  const { type, data } = event as ClassStory['events'][number]
  if (type === 'attendance.corrected') return [`${data.person} ${data.session}`]
  if (type === 'leave.granted') return data.sessions.map((session) => `${data.person} ${session}`)
  if (type === 'paper.entered') return data.entries.map((row) => `${row.person} ${data.session}`)
  if (type !== 'makeup.scheduled') return []
  return data.people.flatMap((one) => [`${one} ${data.session.id}`, `${one} ${data.replaces}`])
}
