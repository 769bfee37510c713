import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import type { Mark, PatternSession } from '../../src/inspect/class-pattern.ts'

/*
 * A SIMULATION 模拟, and its limits first: nobody has measured real classes with it. How people arrive, queue, are
 * absent and forget to sign out is guessed from what training classes are said to be like; the frauds are five simple
 * scripts, and somebody who knows this file can write one that is not found. What it can show is that the score tells
 * these two apart, and at which threshold. It cannot show how often real honest classes are flagged.
 */

export const honestKinds = ['drop-in', 'bus', 'roll-call', 'strict-start'] as const
export const frauds = [
  'fed-one-after-another',
  'fixed-intervals',
  'same-order',
  'equal-durations',
  'all-in-all-out',
] as const
export type HonestKind = (typeof honestKinds)[number]
export type Fraud = (typeof frauds)[number]

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** How one class is, drawn once for it. */
interface Habits {
  readonly people: number
  readonly days: number
  readonly absent: number
  readonly forgetsOut: number
  readonly straggles: number
  /** Middle time that a person takes at the door, and how unlike people are in it (of the logarithm). */
  readonly doorMs: number
  readonly doorSpread: number
  /** They leave as they came: by one bus, or called out in the order of the roll. */
  readonly leaveTogether: boolean
  readonly readers: number
  readonly lengthMs: number
  /** People come in about the same order each day: 0 not at all. */
  readonly habit: number
  /** Roll call: share of people who are out of their place on a day. */
  readonly outOfPlace: number
}

/** The sessions of one honest class; kind and habits follow from the seed. */
export function honestClass(seed: number): {
  readonly kind: HonestKind
  readonly sessions: PatternSession[]
} {
  const chance = new Chance(seed)
  const kind = honestKinds[Math.floor(chance.next() * honestKinds.length)]!
  const habits = habitsOf(chance)
  const usual = Array.from({ length: habits.people }, () => chance.normal())
  return { kind, sessions: days(habits, (day) => honestDay(kind, habits, usual, day, chance)) }
}

/** The sessions of a class that a script made up, like an honest one of the kind `drop-in` in all that it doesn't care about. */
export function fraudulentClass(fraud: Fraud, seed: number): PatternSession[] {
  const chance = new Chance(seed)
  const habits = habitsOf(chance)
  const usual = Array.from({ length: habits.people }, () => chance.normal())
  const order = chance.shuffled(Array.from({ length: habits.people }, (_, n) => n))
  const beat = beatOf(chance)
  return days(habits, (day) => {
    const honest = honestDay('drop-in', habits, usual, day, chance)
    return forge(fraud, honest, { habits, order, beat, day, chance })
  })
}

/** How carefully one script is made, drawn once for it. */
interface Beat {
  /** From card to card, milliseconds. */
  readonly card: number
  /** From sign-in to sign-in, and its spread as a share of it. */
  readonly even: number
  readonly jitter: number
  /** Neighbours who change places on a day. */
  readonly swaps: number
  /** Deviation of the stays, milliseconds. */
  readonly spread: number
  /** Chance that somebody is left out of a session. */
  readonly missing: number
}

function beatOf(chance: Chance): Beat {
  return {
    card: chance.between(1, 2.8) * SECOND,
    even: chance.between(6, 40) * SECOND,
    jitter: chance.between(0, 0.2),
    swaps: Math.floor(chance.between(0, 3)),
    spread: chance.between(0, 12) * SECOND,
    missing: chance.between(0, 0.2),
  }
}

function withSwaps(order: readonly number[], swaps: number, chance: Chance): number[] {
  const list = [...order]
  for (let n = 0; n < swaps; n++) {
    const at = Math.floor(chance.next() * (list.length - 1))
    const [first, second] = [list[at]!, list[at + 1]!]
    list[at] = second
    list[at + 1] = first
  }
  return list
}

function forge(
  fraud: Fraud,
  honest: PatternSession,
  script: { habits: Habits; order: readonly number[]; beat: Beat; day: number; chance: Chance },
): PatternSession {
  const { habits, order, beat, day, chance } = script
  const start = day * DAY - 15 * MINUTE
  const end = day * DAY + habits.lengthMs
  const atPace = (from: number, people: readonly string[], gap: () => number): Mark[] => {
    let at = from
    return people.map((person) => {
      at += gap()
      return { person, at, reader: 'r0' }
    })
  }
  const names = (marks: readonly Mark[]) => marks.map(({ person }) => person)
  switch (fraud) {
    case 'fed-one-after-another': {
      // A hand with a box of cards, in whatever order they lie.
      const gap = () => beat.card * Math.max(0.3, 1 + 0.3 * chance.normal())
      return {
        ...honest,
        ins: atPace(start, names(honest.ins), gap),
        outs: atPace(end, names(honest.outs), gap),
      }
    }
    case 'fixed-intervals': {
      const gap = () => beat.even * (1 + beat.jitter * chance.normal()) * (chance.next() < 0.03 ? 10 : 1)
      return { ...honest, ins: atPace(start, names(honest.ins), gap) }
    }
    case 'same-order': {
      // The times of real people, the names from a list that is always the same.
      const came = new Set(names(honest.ins))
      const listed = withSwaps(order, beat.swaps, chance)
        .map(nameOf)
        .filter((person) => came.has(person))
      return { ...honest, ins: honest.ins.map((mark, i) => ({ ...mark, person: listed[i]! })) }
    }
    case 'equal-durations': {
      const length = habits.lengthMs + chance.between(0, 5) * MINUTE
      const outs = honest.ins.map((mark) => ({
        ...mark,
        at: mark.at + length + chance.normal() * beat.spread,
      }))
      return { ...honest, outs: byTime(outs) }
    }
    case 'all-in-all-out': {
      const everybody = chance.shuffled(order).map(nameOf)
      if (chance.next() < beat.missing) everybody.pop()
      const gap = () => (2.5 + chance.exponential(2.5)) * SECOND
      const leaving = chance.shuffled(everybody)
      return { ...honest, ins: atPace(start, everybody, gap), outs: atPace(end, leaving, gap) }
    }
  }
}

function honestDay(
  kind: HonestKind,
  habits: Habits,
  usual: readonly number[],
  day: number,
  chance: Chance,
): PatternSession {
  const start = day * DAY
  const wanted: { person: string; at: number }[] = []
  for (const [n, habit] of usual.entries()) {
    if (chance.next() < habits.absent) continue
    const late = chance.next() < habits.straggles ? chance.between(2, 25) * MINUTE : 0
    const mood = habits.habit * habit + Math.sqrt(1 - habits.habit ** 2) * chance.normal()
    wanted.push({ person: nameOf(n), at: start + late + arrival(kind, n, mood, habits, chance) })
  }
  const ins = throughDoor(wanted, habits, chance)
  const outs = ins.flatMap(({ person }, i) => {
    if (chance.next() < habits.forgetsOut) return []
    const early = chance.next() < 0.01 ? -chance.between(5, 40) * MINUTE : 0
    const roll = kind === 'roll-call' && habits.leaveTogether ? i * habits.doorMs : 0
    const hurry = habits.leaveTogether ? 5 : 60
    return [{ person, at: start + habits.lengthMs + early + roll + chance.exponential(hurry) * SECOND }]
  })
  return { expected: habits.people, ins, outs: throughDoor(outs, habits, chance) }
}

/** When somebody joins the queue, milliseconds after the start of the session (mostly before it). */
function arrival(kind: HonestKind, n: number, mood: number, habits: Habits, chance: Chance): number {
  switch (kind) {
    case 'drop-in':
      return -12 * MINUTE + mood * 5 * MINUTE
    case 'bus':
      // Two buses, and who gets off first is chance.
      return (n % 2 === 0 ? -20 : -14) * MINUTE + chance.between(0, 20) * SECOND
    case 'roll-call': {
      const place = chance.next() < habits.outOfPlace ? chance.between(0, habits.people) : n
      return -10 * MINUTE + place * habits.doorMs + chance.normal() * SECOND
    }
    case 'strict-start':
      return -3 * MINUTE + mood * 1.2 * MINUTE
  }
}

/** One queue a reader: nobody signs before the one in front is done, and each takes a time of their own. */
function throughDoor(
  wanted: readonly { readonly person: string; readonly at: number }[],
  { readers, doorMs, doorSpread }: Habits,
  chance: Chance,
): Mark[] {
  const free = new Array<number>(readers).fill(0)
  const marks = [...wanted]
    .sort((a, b) => a.at - b.at)
    .map(({ person, at }): Mark => {
      const reader = free.indexOf(Math.min(...free))
      // Somebody's card or face needs a second try now and then.
      const again = chance.next() < 0.05 ? chance.between(5, 20) * SECOND : 0
      const took = Math.max(2.2 * SECOND, doorMs * Math.exp(doorSpread * chance.normal())) + again
      const done = Math.max(at, free[reader]!) + took
      free[reader] = done
      return { person, at: Math.round(done), reader: `r${reader}` }
    })
  return byTime(marks)
}

function habitsOf(chance: Chance): Habits {
  return {
    people: Math.floor(chance.between(15, 61)),
    days: Math.floor(chance.between(5, 31)),
    absent: chance.between(0, 0.1),
    forgetsOut: chance.between(0, 0.05),
    straggles: chance.between(0, 0.08),
    doorMs: chance.between(3.5, 8) * SECOND,
    doorSpread: chance.between(0.2, 0.5),
    leaveTogether: chance.next() < 0.5,
    readers: chance.next() < 0.8 ? 1 : 2,
    lengthMs: chance.between(90, 240) * MINUTE,
    habit: chance.between(0, 0.9),
    outOfPlace: chance.between(0, 0.3),
  }
}

function days(habits: Habits, make: (day: number) => PatternSession): PatternSession[] {
  return Array.from({ length: habits.days }, (_, day) => make(day + 1))
}

function byTime(marks: readonly Mark[]): Mark[] {
  return [...marks].sort((a, b) => a.at - b.at)
}

function nameOf(n: number): string {
  return n.toString(16).padStart(32, '0')
}

class Chance {
  readonly next: () => number

  constructor(seed: number) {
    this.next = pseudoRandom(Math.imul(seed + 1, 0x9e3779b1))
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  /** Mean 0, deviation 1, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list]
    return list.map(() => left.splice(Math.floor(this.next() * left.length), 1)[0]!)
  }
}
