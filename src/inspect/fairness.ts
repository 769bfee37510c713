import { designEffectOf, type ShareInterval, wilsonInterval } from '../common/proportion.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import {
  DIMENSIONS,
  type Dimension,
  type PersonAttributes,
  personGroup,
  portraitGroup,
  UNKNOWN,
} from './fairness-groups.ts'
import { type FairnessTrial, fairnessHistory, pairName } from './fairness-trials.ts'
import { hideSmallGroups } from './small-groups.ts'

/** Templates of two people of one class, compared by one model. Ids in any order. */
export interface TemplateComparison {
  readonly people: readonly [string, string]
  readonly score: number
  /** sha256 of the model. */
  readonly model: string
}

/** False non-matches among the checks of a group. */
export interface NonMatchRate {
  readonly people: number
  /** Matches and established false non-matches. */
  readonly checks: number
  readonly falseNonMatches: number
  /** Checks that said no and that nobody established; in no rate but `atMost`. */
  readonly unresolved: number
  /** Null without checks. */
  readonly rate: number | null
  /** Wilson's, 95 %, over checks / designEffect: one person's checks fail together. */
  readonly interval95: ShareInterval
  readonly designEffect: number
  /** What the rate would be had every unresolved check been the right person. */
  readonly atMost: number | null
}

/** False matches among pairs inside a group. */
export interface MatchRate {
  readonly people: number
  readonly pairs: number
  readonly falseMatches: number
  readonly rate: number | null
  /** Wilson's, 95 %, as if pairs were independent; they share people, so it is too narrow. */
  readonly interval95: ShareInterval
}

/** Null: fewer people than may be shown, or hidden so that nobody can subtract. */
export interface FairnessGroup {
  readonly group: string
  readonly nonMatch: NonMatchRate | null
  readonly match: MatchRate | null
}

export interface FairnessReport {
  readonly simulated: boolean
  readonly smallestGroup: number
  readonly overall: FairnessGroup
  /** Groups of each dimension, by name, `unknown` last. `known` is the share of people with the field, null without people. */
  readonly dimensions: readonly {
    readonly dimension: Dimension
    readonly known: number | null
    readonly groups: readonly FairnessGroup[]
  }[]
  /** Looks that ended without a comparison. */
  readonly uncompared: number
  /** Pairs left out of the false match rate because two people found one person in them, or nobody has decided. */
  readonly excludedPairs: number
  /** Of the newest comparisons, by sha256 of the model. */
  readonly accept: Readonly<Record<string, number>>
}

/** Groups of fewer people are not shown: their rates would be somebody's own. */
export const SMALLEST_GROUP = 10

/**
 * The face check's errors by groups of people. False non-matches come from the site's own decisions; false matches are
 * estimated from templates of people who agreed to comparing (live against live, at the door's `accept`), because a site never
 * learns of an impostor who got through. Pure.
 */
export function fairnessReport(input: {
  readonly events: readonly LedgerEvent[]
  readonly attributesOf: (person: string) => PersonAttributes
  readonly comparisons: readonly TemplateComparison[]
}): FairnessReport {
  const history = fairnessHistory(input.events)
  const attributes = remembering(input.attributesOf)
  const { trials, accept } = history
  const usable = input.comparisons.filter(({ people, model }) => {
    const name = pairName(people)
    const isOpen = history.raised.has(name) && history.decided.get(name) !== 'different-people'
    return !isOpen && accept.has(model)
  })
  const lastAt = input.events.at(-1)?.time.wall ?? 0
  const isFalseMatch = ({ score, model }: TemplateComparison) => score >= accept.get(model)!
  const groupOfPerson = (dimension: Dimension, person: string) =>
    dimension === 'portraitAge' ? null : personGroup(dimension, attributes(person), lastAt)
  const groupOfTrial = (dimension: Dimension, trial: FairnessTrial) =>
    groupOfPerson(dimension, trial.person) ?? portraitGroup(trial, attributes(trial.person))

  const dimensions = DIMENSIONS.map((dimension) => {
    const trialsBy = Map.groupBy(trials, (trial) => groupOfTrial(dimension, trial))
    const pairsBy = Map.groupBy(usable, ({ people: [one, other] }) => {
      const group = groupOfPerson(dimension, one)
      return group === groupOfPerson(dimension, other) ? group : null
    })
    pairsBy.delete(null)
    const names = [...new Set([...trialsBy.keys(), ...pairsBy.keys()])].filter((name) => name !== null)
    const nonMatch = hideSmallGroups(
      new Map(names.map((name) => [name, nonMatchRate(trialsBy.get(name) ?? [])])),
      SMALLEST_GROUP,
    )
    const match = hideSmallGroups(
      new Map(names.map((name) => [name, matchRate(pairsBy.get(name) ?? [], isFalseMatch)])),
      SMALLEST_GROUP,
    )
    const people = new Set(trials.map(({ person }) => person)).size
    const known = new Set(
      trials.filter((trial) => groupOfTrial(dimension, trial) !== UNKNOWN).map(({ person }) => person),
    ).size
    return {
      dimension,
      // As coarse as the rest: a share of few people would say who they are.
      known: people < SMALLEST_GROUP ? null : Math.round((100 * known) / people) / 100,
      groups: names.sort(byName).map((group) => ({
        group,
        nonMatch: nonMatch.get(group) ?? null,
        match: dimension === 'portraitAge' ? null : (match.get(group) ?? null),
      })),
    }
  })
  return {
    simulated: history.simulated,
    smallestGroup: SMALLEST_GROUP,
    overall: {
      group: 'all',
      nonMatch: hideSmallGroups(new Map([['all', nonMatchRate(trials)]]), SMALLEST_GROUP).get('all') ?? null,
      match:
        hideSmallGroups(new Map([['all', matchRate(usable, isFalseMatch)]]), SMALLEST_GROUP).get('all') ??
        null,
    },
    dimensions,
    uncompared: history.uncompared,
    excludedPairs: input.comparisons.length - usable.length,
    accept: Object.fromEntries(accept),
  }
}

function nonMatchRate(trials: readonly FairnessTrial[]): NonMatchRate {
  const clusters = [...Map.groupBy(trials, ({ person }) => person).values()].map((own) => {
    const hits = own.filter(({ result }) => result === 'false-non-match').length
    return { hits, trials: own.filter(({ result }) => result !== 'unresolved').length, all: own.length }
  })
  const falseNonMatches = clusters.reduce((sum, { hits }) => sum + hits, 0)
  const checks = clusters.reduce((sum, cluster) => sum + cluster.trials, 0)
  const unresolved = trials.length - checks
  const designEffect = designEffectOf(clusters)
  return {
    people: clusters.length,
    checks,
    falseNonMatches,
    unresolved,
    rate: checks === 0 ? null : falseNonMatches / checks,
    interval95: wilsonInterval(falseNonMatches, checks, designEffect),
    designEffect,
    atMost: trials.length === 0 ? null : (falseNonMatches + unresolved) / trials.length,
  }
}

function matchRate(
  pairs: readonly TemplateComparison[],
  isFalseMatch: (pair: TemplateComparison) => boolean,
): MatchRate {
  const falseMatches = pairs.filter(isFalseMatch).length
  return {
    people: new Set(pairs.flatMap(({ people }) => people)).size,
    pairs: pairs.length,
    falseMatches,
    rate: pairs.length === 0 ? null : falseMatches / pairs.length,
    interval95: wilsonInterval(falseMatches, pairs.length),
  }
}

function byName(a: string, b: string): number {
  if (a === UNKNOWN || b === UNKNOWN) return a === b ? 0 : a === UNKNOWN ? 1 : -1
  if (a.startsWith('under') !== b.startsWith('under')) return a.startsWith('under') ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

function remembering(
  attributesOf: (person: string) => PersonAttributes,
): (person: string) => PersonAttributes {
  const known = new Map<string, PersonAttributes>()
  return (person) => {
    const found = known.get(person) ?? attributesOf(person)
    known.set(person, found)
    return found
  }
}
