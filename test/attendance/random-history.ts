import fc from 'fast-check'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours, type HoursDocument } from '../../src/attendance/hours.ts'
import { duration, union } from '../../src/attendance/interval.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import type { Session } from '../../src/attendance/timetable.ts'
import { unwrap } from '../../src/common/result.ts'
import { ClassStory, MINUTE, MORNING, packWith, person } from './class-story.ts'

/** One record of a random history, at a whole second counted from the morning's start. */
export interface Punch {
  readonly second: number
  readonly who: number
  readonly session: number
  readonly direction: 'in' | 'out'
  readonly outcome: 'verified' | 'doubtful' | 'witnessed'
  readonly portrait: 'chip' | 'official' | 'enrolled' | 'none'
  readonly simulated: boolean
  readonly restarted: boolean
}

export interface RandomHistory {
  readonly sessions: readonly Session[]
  readonly punches: readonly Punch[]
  readonly level: 'lesson' | 'session' | 'class'
}

const PEOPLE = 3
/** No record is later than this second. */
const LATEST = 40_000

const session = fc
  .record({ from: fc.integer({ min: 0, max: 400 }), minutes: fc.integer({ min: 1, max: 300 }) })
  .map(({ from, minutes }) => ({ start: MORNING + from * MINUTE, end: MORNING + (from + minutes) * MINUTE }))

const punch: fc.Arbitrary<Punch> = fc.record({
  second: fc.integer({ min: -3600, max: 25_000 }),
  who: fc.nat(PEOPLE - 1),
  session: fc.nat(2),
  direction: fc.constantFrom('in', 'out'),
  outcome: fc.constantFrom(
    'verified',
    'verified',
    'verified',
    'verified',
    'verified',
    'doubtful',
    'witnessed',
  ),
  portrait: fc.constantFrom('chip', 'official', 'enrolled', 'none'),
  simulated: fc.nat(19).map((n) => n === 0),
  restarted: fc.nat(19).map((n) => n === 0),
})

/** Somebody comes and goes; what else is recorded may cut in between. */
const visit = fc
  .record({ signIn: punch, seconds: fc.integer({ min: 0, max: 15_000 }), signOut: punch })
  .map(({ signIn, seconds, signOut }): Punch[] => [
    { ...signIn, direction: 'in' },
    {
      ...signOut,
      who: signIn.who,
      session: signIn.session,
      direction: 'out',
      second: signIn.second + seconds,
    },
  ])

/** Any timetable, overlapping sessions too, and any records in the order of time. */
export const randomHistory: fc.Arbitrary<RandomHistory> = fc.record({
  sessions: fc
    .array(session, { minLength: 1, maxLength: 3 })
    .map((found) => found.map((span, n) => ({ id: `s${n}`, ...span }))),
  punches: fc
    .tuple(fc.array(visit, { maxLength: 8 }), fc.array(punch, { maxLength: 6 }))
    .map(([visits, noise]) => [...visits.flat(), ...noise].sort((a, b) => a.second - b.second)),
  level: fc.constantFrom('lesson', 'session', 'class'),
})

export function hoursOf({ sessions, punches, level }: RandomHistory): HoursDocument {
  const story = new ClassStory({ sessions, people: PEOPLE })
  for (const { second, who, session: at, restarted, ...fields } of punches) {
    const id = sessions[at % sessions.length]!.id
    const time = restarted ? { boot: `b-${second}`, boottime: 0 } : {}
    story.sign(fields.direction, second / 60, { ...fields, person: person(who), session: id, time })
  }
  story.passes(2000)
  const pack = packWith({ rounding: { level, mode: 'down' } })
  return unwrap(computeHours(projectHistory(story.events), 'c1', pack))
}

/** What holds for every history. Each throws, with the history shrunk by fast-check, when it doesn't. */
export const properties: Readonly<Record<string, fc.IProperty<[RandomHistory, number]>>> = {
  'nobody is credited above the timetable, by session, in all, and in lessons': property((history) => {
    const timetable = duration(union(history.sessions))
    for (const { creditedMs, lessons, sessions } of hoursOf(history).people) {
      const within = sessions.every(({ creditedMs: ms }, n) => {
        const { start, end } = history.sessions[n]!
        return ms >= 0 && ms <= end - start
      })
      if (!within || creditedMs > timetable) return false
      if (lessons * defaultPack().rules.lessonMinutes.value * MINUTE > creditedMs) return false
    }
    return true
  }),
  'sums agree: sessions, evidence, whole milliseconds': property((history) =>
    hoursOf(history).people.every(({ creditedMs, byEvidence, sessions }) => {
      const bySession = sessions.reduce((sum, found) => sum + found.creditedMs, 0)
      const proven = Object.values(byEvidence).reduce((sum, ms) => sum + ms, 0)
      return bySession === creditedMs && proven === creditedMs && Number.isInteger(creditedMs)
    }),
  ),
  'when other people’s records arrive changes nothing for a person': property((history, seed) => {
    const mine = (punches: readonly Punch[]) => hoursOf({ ...history, punches }).people[0]!
    const others = history.punches.filter(({ who }) => who !== 0)
    const own = history.punches.filter(({ who }) => who === 0)
    const later = others.map((found, n) => ({ ...found, second: (seed * 7919 * (n + 1)) % LATEST }))
    const mixed = [...own, ...later].sort((a, b) => a.second - b.second)
    return credit(mine(history.punches)) === credit(mine(own)) && credit(mine(own)) === credit(mine(mixed))
  }),
  'a sign-out without an open sign-in adds nothing': property((history, seed) => {
    const leading = { ...sample(seed), direction: 'out' as const, second: -3601 }
    const more = { ...history, punches: [leading, ...history.punches] }
    return credits(hoursOf(more)) === credits(hoursOf(history))
  }),
  'a sign-in without a sign-out behind it adds nothing': property((history, seed) => {
    const trailing = { ...sample(seed), direction: 'in' as const, second: LATEST + 1 }
    const more = { ...history, punches: [...history.punches, trailing] }
    return credits(hoursOf(more)) === credits(hoursOf(history))
  }),
  'a record that is there twice is there once': property((history, seed) => {
    const twice = history.punches.flatMap((found, n) => (n % 3 === seed % 3 ? [found, found] : [found]))
    return credits(hoursOf({ ...history, punches: twice })) === credits(hoursOf(history))
  }),
  'simulated records earn nothing on a real ledger': property((history) => {
    const punches = history.punches.map((found) => ({ ...found, simulated: true }))
    return hoursOf({ ...history, punches }).people.every(({ creditedMs }) => creditedMs === 0)
  }),
}

function property(holds: (history: RandomHistory, seed: number) => boolean) {
  return fc.property(randomHistory, fc.nat(1000), holds)
}

function sample(seed: number): Punch {
  return {
    second: 0,
    who: seed % PEOPLE,
    session: seed % 3,
    direction: 'in',
    outcome: 'verified',
    portrait: 'official',
    simulated: false,
    restarted: false,
  }
}

function credit(hours: HoursDocument['people'][number]): string {
  const { creditedMs, lessons, byEvidence } = hours
  return JSON.stringify({ creditedMs, lessons, byEvidence })
}

function credits({ people }: HoursDocument): string {
  return people.map(credit).join('\n')
}
