import { projectHistory } from '../attendance/history.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { type Mark, type PatternFeature, type PatternSession, patternFeatures } from './pattern-features.ts'

export type { Mark, PatternSession } from './pattern-features.ts'

export interface ScoredFeature {
  readonly name: PatternFeature['name']
  /** As measured, in the feature's unit; null where there is too little. */
  readonly value: number | null
  /** 0: ordinary. 1: as a script does it. */
  readonly points: number
  readonly explanation: string
}

export interface PatternScore {
  /** Sum of the features' points, 0 to 5; null for fewer than `LEAST_PEOPLE` people or `LEAST_SESSIONS` sessions. */
  readonly score: number | null
  readonly threshold: number
  /** The score reaches the threshold: a reason to go and look, and nothing else. Null without a score. */
  readonly worthVisit: boolean | null
  readonly features: readonly ScoredFeature[]
}

export interface ClassPattern extends PatternScore {
  readonly class: string
  readonly people: number
  readonly sessions: number
  readonly simulated: boolean
  /** To be read before the score. */
  readonly limits: readonly string[]
}

/**
 * Chosen on simulated classes and on no real one (`test/campaigns/inspect-pattern.ts`): of 10,000 honest ones with
 * another seed fewer than 1 % reach it.
 */
export const PATTERN_THRESHOLD = 0.8
export const LEAST_PEOPLE = 8
export const LEAST_SESSIONS = 3

const LIMITS = [
  'This is no verdict. It says that something is unusual, and an honest class can be unusual.',
  'The threshold was chosen on simulated classes; how often real honest classes reach it has not been measured.',
  'A class that is forged with care, with the irregularity of a real one, is not found by this.',
] as const

/** How unusual a class's records are, feature by feature; null for a class that isn't in these events. Pure. */
export function classPattern(events: readonly LedgerEvent[], classId: string): ClassPattern | null {
  const history = projectHistory(events)
  const target = history.classes.get(classId)
  if (target === undefined) return null
  const sessions = sessionsOf(events, classId).map((marks, id): PatternSession => {
    const session = target.sessions.find((one) => one.id === id)
    const inTime = ({ from, until }: { from: number; until: number | null }) =>
      session !== undefined && from < session.end && (until === null || until > session.start)
    const expected = [...target.seats.values()].filter((periods) => periods.some(inTime)).length
    return { expected, ...marks }
  })
  return {
    ...{ class: classId, people: target.seats.size, sessions: sessions.length, simulated: history.simulated },
    ...scorePattern(sessions),
    limits: LIMITS,
  }
}

/** The score of a class's sessions, in the order of time. Pure. */
export function scorePattern(sessions: readonly PatternSession[]): PatternScore {
  const people = new Set(sessions.flatMap(({ ins }) => ins.map(({ person }) => person))).size
  const features = patternFeatures.map((feature): ScoredFeature => {
    const value = feature.measure(sessions)
    const points = value === null ? 0 : pointsOf(value, feature)
    const explanation = value === null ? 'too little to measure' : feature.explain(value)
    return { name: feature.name, value, points, explanation }
  })
  if (people < LEAST_PEOPLE || sessions.length < LEAST_SESSIONS) {
    return { score: null, threshold: PATTERN_THRESHOLD, worthVisit: null, features }
  }
  const score = features.reduce((sum, { points }) => sum + points, 0)
  return { score, threshold: PATTERN_THRESHOLD, worthVisit: score >= PATTERN_THRESHOLD, features }
}

/** 0 at the ordinary edge, 1 at the strange one, straight between; the edges may lie either way round. */
function pointsOf(value: number, { ordinary, strange }: PatternFeature): number {
  return Math.min(1, Math.max(0, (value - ordinary) / (strange - ordinary)))
}

interface Marks {
  readonly ins: readonly Mark[]
  readonly outs: readonly Mark[]
}

class BySession {
  readonly #marks = new Map<string, { ins: Map<string, Mark>; outs: Map<string, Mark> }>()

  add(session: string, direction: 'in' | 'out', mark: Mark): void {
    const marks = this.#marks.get(session) ?? { ins: new Map<string, Mark>(), outs: new Map<string, Mark>() }
    if (direction === 'out') marks.outs.set(mark.person, mark)
    else if (!marks.ins.has(mark.person)) marks.ins.set(mark.person, mark)
    this.#marks.set(session, marks)
  }

  map<T>(make: (marks: Marks, session: string) => T): T[] {
    return [...this.#marks].map(([session, { ins, outs }]) =>
      make({ ins: inOrder(ins), outs: inOrder(outs) }, session),
    )
  }
}

function sessionsOf(events: readonly LedgerEvent[], classId: string): BySession {
  const bySession = new BySession()
  for (const { type, data, time } of events) {
    if (type !== 'attendance' || data.class !== classId) continue
    const { session, direction, person, reader } = data
    bySession.add(session, direction, { person, at: time.wall, reader: reader?.port ?? '' })
  }
  return bySession
}

function inOrder(marks: ReadonlyMap<string, Mark>): Mark[] {
  return [...marks.values()].sort((a, b) => a.at - b.at)
}
