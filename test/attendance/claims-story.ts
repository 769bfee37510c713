import type { ClaimPack } from '../../src/attendance/claim-case.ts'
import {
  type Certificate,
  type ClassFacts,
  classFacts,
  type PersonFacts,
  personFacts,
} from '../../src/attendance/claim-facts.ts'
import { type ClaimLine, type ClaimsDocument, computeClaims } from '../../src/attendance/claims.ts'
import { noEvidence } from '../../src/attendance/evidence.ts'
import type { FactHistory, IssuedCertificate, PriorHistory } from '../../src/attendance/fact-history.ts'
import type { HoursDocument } from '../../src/attendance/hours.ts'
import { type PackFile, parsePackFile } from '../../src/attendance/rule-pack.ts'
import { defaultPack, readAnyPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { MINUTE, MORNING, person } from './class-story.ts'

const LESSON_MS = 45 * MINUTE
const DAY_MS = 24 * 60 * MINUTE

/** A shipped pack as claims see it. */
export function claimPack(name: string, change: (json: PackJson) => void = () => {}): ClaimPack {
  const json = JSON.parse(new TextDecoder().decode(unwrap(readAnyPack(name)).bytes))
  change(json)
  return asClaimPack(unwrap(parsePackFile(new TextEncoder().encode(JSON.stringify(json)))))
}

export function asClaimPack({ more, ...pack }: PackFile): ClaimPack {
  if (more === null) throw new Error(`${pack.id} has no rules for claims`)
  return { ...pack, more }
}

export interface PackJson {
  claims: {
    items: Record<string, Record<string, object>>
    eligibility: Record<string, object>
    advance: object
  }
  lessons: Record<string, object>
  inForce: object
}

/** A value as an institution sets it. */
export function own(value: unknown): object {
  return {
    ...{ value, kind: 'own-choice', document: null, clause: null, date: null, region: null, source: null },
    note: 'set by a test',
  }
}

/** A pack with every item of it paid by verified lessons and days of one lesson, in force on any day. */
export function settledPack(name: string): ClaimPack {
  return claimPack(name, (json) => {
    json.inForce = own({ from: null, until: null })
    for (const item of Object.values(json.claims.items)) {
      item.basis = own({ lessons: 'verified', dayLeastLessons: 1 })
    }
  })
}

export interface ClaimStory {
  readonly pack: ClaimPack
  /** Lessons on each day of the class, all of them verified. */
  readonly lessonsByDay?: readonly number[]
  /** Share of the timetable that the person was there for, percent. */
  readonly there?: number
  readonly facts?: Partial<PersonFacts>
  readonly classFacts?: Partial<ClassFacts>
  readonly certificate?: Partial<Certificate> | null
  readonly prior?: PriorHistory | null
  readonly otherPacks?: readonly ClaimPack[]
  readonly simulated?: boolean
  readonly on?: string
}

/** Claims of one person in one class, from facts and hours that are written down and not recorded. */
export function claimsOf(story: ClaimStory): ClaimsDocument {
  const { pack, lessonsByDay = [8, 8], there = 100, simulated = false, on = '2026-06-30' } = story
  const days = lessonsByDay.map((lessons, day) => ({
    date: new Date(MORNING + day * DAY_MS).toISOString().slice(0, 10),
    creditedMs: lessons * LESSON_MS,
    countedMs: lessons * LESSON_MS,
  }))
  const lessons = lessonsByDay.reduce((sum, count) => sum + count, 0)
  const creditedMs = lessons * LESSON_MS
  const level = simulated ? 'simulated' : 'chip'
  const hoursPack = defaultPack()
  const plannedMs = Math.round((creditedMs * 100) / there)
  const hours: HoursDocument = {
    class: 'c1',
    pack: { id: hoursPack.id, sha256: hoursPack.sha256 },
    simulated,
    people: [
      {
        person: person(0),
        ...{ creditedMs, lessons, sessions: [] },
        byEvidence: { ...noEvidence(), [level]: creditedMs },
        counted: { days, theoryMs: null, practiceMs: null },
        attendance: { plannedMs, creditedMs, least: 80, met: there >= 80, clause: '' },
      },
    ],
  }
  const timetable = lessonsByDay.map((count, day) => {
    const start = MORNING + day * DAY_MS
    return { id: `d${day}`, start, end: start + count * LESSON_MS }
  })
  const facts = factsOf(story)
  return computeClaims({ hours, hoursPack, pack, otherPacks: story.otherPacks ?? [], timetable, facts, on })
}

/** The line of one item. */
export function lineOf(story: ClaimStory, item: string): ClaimLine {
  const line = claimsOf(story).people.find((found) => found.item === item)
  if (line === undefined) throw new Error(`no line for ${item}`)
  return line
}

function factsOf({ facts, classFacts: about, certificate, prior = null }: ClaimStory): FactHistory {
  const issued: IssuedCertificate = {
    ...{ kind: 'skill-level', number: 'S1', occupation: '电工', level: 'primary', issuedOn: '2026-06-01' },
    ...certificate,
    class: 'c1',
  }
  return {
    classes: new Map([['c1', classFacts.parse({ occupation: '电工', level: 'primary', ...about })]]),
    people: new Map([[person(0), personFacts.parse({ ...facts })]]),
    certificates: new Map(certificate === undefined || certificate === null ? [] : [[person(0), [issued]]]),
    prior: new Map(prior === null ? [] : [[person(0), prior]]),
    online: new Map(),
  }
}
