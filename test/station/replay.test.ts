import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import type { EventInput, EventTime, LedgerEvent } from '../../src/ledger/event.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { createStationKey } from '../../src/ledger/station-key.ts'
import { ClassRoll } from '../../src/station/class-roll.ts'
import { ClockWatch } from '../../src/station/clock-watch.ts'
import { LedgerFrames } from '../../src/station/ledger-frames.ts'
import { doorEvents } from '../../src/station/replay.ts'
import { birth, temporaryFolder } from '../ledger/sample-ledger.ts'

const SESSIONS = ['mon', 'tue', 'wed', 'thu']
const PEOPLE = ['a', 'b', 'c'].map((letter) => letter.repeat(32))
const act = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }
const hash = '0'.repeat(64)
const now: EventTime = { wall: 900_000, boot: 'later', boottime: 1, trust: 'unconfirmed' }

test('a door that starts knows of open sessions, people, checks and the clock what it would from every event', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
      withLedger(seed, (ledger) => {
        const [short, full] = [[...doorEvents(ledger)], [...ledger.events()].map(({ event }) => event)]
        expect(known(short)).toEqual(known(full))
        expect(short.map(({ index }) => index)).toEqual(
          [...new Set(short.map(({ index }) => index))].sort(byNumber),
        )
      })
    }),
    { numRuns: 20 },
  )
})

test('a start does not read what was recorded in sessions that are closed', () => {
  withLedger(7, (ledger) => {
    const { closed } = sessionsOf([...ledger.events()].map(({ event }) => event))
    expect(closed.size).toBeGreaterThan(0)
    const middle = [...doorEvents(ledger)].filter(({ index }) => index < ledger.size - 1)
    const read = middle.filter(({ type, data }) => type === 'attendance' && closed.has(data.session))
    expect(read.filter(({ index }) => index > 0).length).toBeLessThan(3)
  })
})

test('every frame that the ledger names is known, in the end', async () => {
  const { dir, remove } = temporaryFolder()
  const key = createStationKey(dir, { simulated: true })
  const ledger = Ledger.open({ dir, signer: key.signer, now: () => now })
  ledger.append(birth(key))
  const frames = Array.from({ length: 2_300 }, () => randomBytes(32).toString('hex'))
  ledger.appendAll(frames.map((sha256, i) => attendance(PEOPLE[i % 3]!, 'mon', 'in', sha256)))
  const memory = new LedgerFrames(ledger, (fault) => expect(fault).toBeNull())
  expect(frames.slice(-2_000).every((sha256) => memory.hasBytes(sha256))).toBe(true)
  expect(memory.hasBytes(frames[0]!)).toBe(false)
  await memory.finished
  expect(frames.every((sha256) => memory.hasBytes(sha256))).toBe(true)
  expect(memory.hasBytes(randomBytes(32).toString('hex'))).toBe(false)
  ledger.close()
  remove()
})

/** What doors, clocks and screens ask, for every session that nobody closed. */
function known(events: readonly LedgerEvent[]) {
  const roll = new ClassRoll()
  const clock = new ClockWatch()
  for (const event of events) {
    roll.apply(event)
    clock.apply(event)
  }
  const { all, closed } = sessionsOf(events)
  const open = all.filter((session) => !closed.has(session))
  return {
    people: roll.people('class'),
    consents: PEOPLE.map((person) => roll.consent(person)),
    toClose: roll.toClose('class', 10 ** 9, 0).map(({ id }) => id),
    clock: [...clock.check(now, 0), ...clock.check({ ...now, boot: 'boot-2' }, 0)],
    open: open.map((session) => ({
      counts: roll.counts('class', session),
      call: roll.openCall(session, 0)?.answered,
      of: PEOPLE.map((person) => [roll.last(session, person), roll.mismatches(session, person)]),
    })),
  }
}

function sessionsOf(events: readonly LedgerEvent[]): { all: string[]; closed: Set<string> } {
  const closed = events.flatMap(({ type, data }) => (type === 'session.closed' ? [data.session] : []))
  return { all: [...SESSIONS, 'make-up'], closed: new Set(closed) }
}

/** A ledger of one class, with everything that a door reads in an order that the seed decides, over a few boots. */
function withLedger(seed: number, use: (ledger: Ledger) => void): void {
  const { dir, remove } = temporaryFolder()
  const random = pseudoRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const time = { wall: 0, boot: 0, boottime: 0 }
  const clock = (): EventTime => {
    if (random() < 0.05) Object.assign(time, { boot: time.boot + 1, boottime: 0 })
    time.wall += 1_000 + (random() < 0.1 ? 700 : 0)
    time.boottime += 1_000
    return { ...time, boot: `boot-${time.boot}`, trust: 'unconfirmed' }
  }
  const kinds: (() => EventInput)[] = [
    () => attendance(pick(PEOPLE), pick([...SESSIONS, 'make-up']), pick(['in', 'out']), hash),
    () => refusal(pick(PEOPLE), pick(SESSIONS)),
    () => ({ type: 'clock.drift', data: { wallMs: 1, boottimeMs: 1 } }),
    () => ({
      type: 'consent',
      data: { person: pick(PEOPLE), purpose: 'face', granted: random() < 0.5, notice: hash },
    }),
    () => ({
      type: 'check.called',
      data: { class: 'class', session: pick(SESSIONS), check: '1'.repeat(32), number: 0, until: 5 },
    }),
  ]
  const key = createStationKey(dir, { simulated: true })
  const ledger = Ledger.open({ dir, signer: key.signer, now: clock })
  ledger.append(birth(key))
  for (const input of opening()) ledger.append(input)
  const closings = [20, 35].map((at, i) => ({ at, session: SESSIONS[i]! }))
  for (let i = 0; i < 60; i++) {
    const input = pick(kinds)()
    const { index } = ledger.append(input)
    for (const { at, session } of closings) {
      if (i === at) ledger.append({ type: 'session.closed', data: { class: 'class', session } })
    }
    if (input.type === 'check.called') ledger.append(answer(index, pick(PEOPLE), input.data.session))
  }
  use(ledger)
  ledger.close()
  remove()
}

function opening(): EventInput[] {
  const sessions = SESSIONS.map((id, i) => ({ id, start: i * 1_000, end: i * 1_000 + 500 }))
  const added = PEOPLE.map((person) => ({ person, identity: hash, portrait: 'none' as const }))
  const session = { id: 'make-up', start: 9_000, end: 9_500 }
  const common = { class: 'class', act }
  return [
    { type: 'class.opened', data: { ...common, title: 't', pack: { id: 'p', sha256: hash }, sessions } },
    { type: 'roster.changed', data: { ...common, added, removed: [], reason: 'r' } },
    {
      type: 'makeup.scheduled',
      data: { ...common, session, replaces: 'mon', people: PEOPLE.slice(0, 2), reason: 'r', overCap: false },
    },
  ]
}

function attendance(person: string, session: string, direction: 'in' | 'out', frame: string): EventInput {
  const face = {
    engine: 'e',
    model: { name: 'm', sha256: hash },
    accept: 0.4,
    reject: 0.2,
    portrait: hash,
    score: 0.5,
    frames: [{ sha256: frame, score: 0.5, issue: null }],
    liveness: null,
  }
  const rest = { reason: null, portrait: 'chip' as const, face, act: null, reader: null, simulated: false }
  return {
    type: 'attendance',
    data: { class: 'class', session, person, direction, outcome: 'verified', ...rest },
  }
}

function refusal(person: string, session: string): EventInput {
  const rest = { reason: 'face-mismatch', face: null, reader: null, simulated: false }
  return { type: 'refusal', data: { class: 'class', session, person, ...rest } }
}

function answer(call: number, person: string, session: string): EventInput {
  const rest = { result: 'seen' as const, face: null, act: null, simulated: false }
  return { type: 'check.answered', data: { class: 'class', session, person, call, ...rest } }
}

function byNumber(a: number, b: number): number {
  return a - b
}
