import type { ClaimLine, ClaimsDocument } from './claims.ts'
import type { HoursDocument } from './hours.ts'

/** What a class comes to under one pack. */
export interface Outcome {
  readonly pack: { readonly id: string; readonly sha256: string }
  readonly hours: HoursDocument
  readonly claims: ClaimsDocument | null
}

export interface PackDifference {
  readonly class: string
  readonly before: Outcome['pack']
  readonly after: Outcome['pack']
  /** Only people for whom something changes. */
  readonly people: readonly PersonDifference[]
  readonly unchanged: number
  readonly totalFen: { readonly before: number | null; readonly after: number | null }
}

export interface PersonDifference {
  readonly person: string
  readonly lessons: Change<number> | null
  readonly creditedMs: Change<number> | null
  readonly claims: readonly ClaimDifference[]
  /** Rules that speak on one side and not, or otherwise, on the other: what a change comes from. */
  readonly reasons: Change<readonly string[]>
}

export interface ClaimDifference {
  readonly item: string
  readonly fen: Change<number | null>
  readonly eligible: Change<ClaimLine['eligible'] | null>
}

interface Change<T> {
  readonly before: T
  readonly after: T
}

/** Who changes between two packs, and by which rules. Both outcomes are of the same class and ledger. */
export function comparePacks(before: Outcome, after: Outcome): PackDifference {
  const people = before.hours.people.flatMap(({ person }) => {
    const changed = comparePerson(person, before, after)
    return changed === null ? [] : [changed]
  })
  return {
    class: before.hours.class,
    before: before.pack,
    after: after.pack,
    people,
    unchanged: before.hours.people.length - people.length,
    totalFen: { before: before.claims?.totalFen ?? null, after: after.claims?.totalFen ?? null },
  }
}

function comparePerson(person: string, before: Outcome, after: Outcome): PersonDifference | null {
  const hours = (outcome: Outcome) => outcome.hours.people.find((found) => found.person === person)
  const change = (of: 'lessons' | 'creditedMs') => changed(hours(before)?.[of] ?? 0, hours(after)?.[of] ?? 0)
  const [lessons, creditedMs] = [change('lessons'), change('creditedMs')]
  const claims = compareClaims(linesOf(before, person), linesOf(after, person))
  if (lessons === null && creditedMs === null && claims.length === 0) return null
  const [said, saidAfter] = [reasonsOf(before, person), reasonsOf(after, person)]
  const reasons = {
    before: [...said].filter((reason) => !saidAfter.has(reason)),
    after: [...saidAfter].filter((reason) => !said.has(reason)),
  }
  return { person, lessons, creditedMs, claims, reasons }
}

function compareClaims(before: readonly ClaimLine[], after: readonly ClaimLine[]): ClaimDifference[] {
  const items = [...new Set([...before, ...after].map(({ item }) => item))]
  return items.flatMap((item) => {
    const [a, b] = [before, after].map((lines) => lines.find((line) => line.item === item))
    const fen = { before: a?.fen ?? null, after: b?.fen ?? null }
    const eligible = { before: a?.eligible ?? null, after: b?.eligible ?? null }
    const same =
      fen.before === fen.after && eligible.before === eligible.after && a?.computedFen === b?.computedFen
    return same ? [] : [{ item, fen, eligible }]
  })
}

function linesOf(outcome: Outcome, person: string): readonly ClaimLine[] {
  return outcome.claims?.people.filter((line) => line.person === person) ?? []
}

/** Every reason as text, without its pack's name, so that the same rule in two packs is the same. */
function reasonsOf(outcome: Outcome, person: string): ReadonlySet<string> {
  const sessions = outcome.hours.people.find((found) => found.person === person)?.sessions ?? []
  const hours = sessions.flatMap(({ id, reasons }) =>
    reasons.map(({ rule, inputs }) => `${id}: ${rule} ${JSON.stringify(inputs)}`),
  )
  const claims = linesOf(outcome, person).flatMap(({ item, reasons }) =>
    reasons.map(({ rule, answer, inputs }) => `${item}: ${rule} ${answer} ${JSON.stringify(inputs)}`),
  )
  return new Set([...hours, ...claims])
}

function changed<T>(before: T, after: T): Change<T> | null {
  return before === after ? null : { before, after }
}
