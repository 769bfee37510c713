import fc from 'fast-check'
import { classFacts, personFacts } from '../../src/attendance/claim-facts.ts'
import { type ClaimsDocument, computeClaims } from '../../src/attendance/claims.ts'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours, type HoursDocument } from '../../src/attendance/hours.ts'
import { duration, union } from '../../src/attendance/interval.ts'
import type { RulePack } from '../../src/attendance/rule-pack.ts'
import type { Session } from '../../src/attendance/timetable.ts'
import { civilDate } from '../../src/common/civil-time.ts'
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
  /** Most lessons of a day. */
  readonly most: number | null
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
  most: fc.option(fc.integer({ min: 1, max: 6 })),
})

export function hoursOf(history: RandomHistory): HoursDocument {
  const { sessions, punches } = history
  const story = new ClassStory({ sessions, people: PEOPLE })
  for (const { second, who, session: at, restarted, ...fields } of punches) {
    const id = sessions[at % sessions.length]!.id
    const time = restarted ? { boot: `b-${second}`, boottime: 0 } : {}
    story.sign(fields.direction, second / 60, { ...fields, person: person(who), session: id, time })
  }
  story.passes(2000)
  return unwrap(computeHours(projectHistory(story.events), 'c1', packOf(history)))
}

const packs = new Map<string, RulePack>()

function packOf({ level, most }: RandomHistory): RulePack {
  const name = `${level} ${most}`
  const dailyMaximum = { theory: null, practice: null, all: most }
  const pack = packs.get(name) ?? packWith({ rounding: { level, mode: 'down' } }, { dailyMaximum })
  packs.set(name, pack)
  return pack
}

/** Claims of everybody as a poor worker in a county that adopted the uplift. */
function claimsOf(history: RandomHistory): ClaimsDocument {
  const hoursPack = packOf(history)
  const { more, ...pack } = hoursPack
  if (more === null) throw new Error('the default pack has rules for claims')
  const people = Array.from({ length: PEOPLE }, (_, n) => person(n))
  const poor = personFacts.parse({ groups: ['poor-worker'] })
  const about = classFacts.parse({ uplift: 'adopted', items: ['living-allowance'] })
  return computeClaims({
    ...{ hours: hoursOf(history), hoursPack, pack: { ...pack, more }, otherPacks: [] },
    ...{ timetable: history.sessions, on: '2026-12-31' },
    facts: {
      classes: new Map([['c1', about]]),
      people: new Map(people.map((id) => [id, poor])),
      certificates: new Map(),
      prior: new Map(),
      online: new Map(),
    },
  })
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
      if (lessons * packOf(history).rules.lessonMinutes.value * MINUTE > creditedMs) return false
    }
    return true
  }),
  'no day counts more lessons than the pack allows': property((history) => {
    const { rules } = packOf(history)
    const lessonMs = rules.lessonMinutes.value * MINUTE
    return hoursOf(history).people.every(({ lessons, counted }) => {
      const days = counted?.days ?? []
      const within = days.every(({ creditedMs, countedMs }) => {
        return countedMs <= creditedMs && countedMs <= (history.most ?? Number.POSITIVE_INFINITY) * lessonMs
      })
      return (
        within && lessons === Math.floor(days.reduce((sum, { countedMs }) => sum + countedMs, 0) / lessonMs)
      )
    })
  }),
  'claims add up in whole fen, and nobody has more than 36 yuan for a day of the timetable': property(
    (history) => {
      const { people, totalFen } = claimsOf(history)
      const days = new Set(history.sessions.map(({ start }) => civilDate(start))).size
      const within = people.every(({ fen, computedFen, eligible }) => {
        const whole = fen !== null && Number.isInteger(fen) && fen >= 0 && fen <= days * 3_600
        return whole && (eligible === 'yes' ? fen === computedFen : fen === 0)
      })
      return within && totalFen === people.reduce((sum, { fen }) => sum + (fen ?? 0), 0)
    },
  ),
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
