import type { DuplicateThreshold } from '../../face/duplicate-threshold.ts'
import type { CosineSimilarity, Template } from '../../face/recogniser.ts'

/** A person of a class with their own template. */
export interface Enrolled {
  /** Random person id. */
  readonly person: string
  readonly template: Template
}

/** Two identities; ids in ascending order, so that a pair has one name. */
export interface ScoredPair {
  readonly people: readonly [string, string]
  readonly score: CosineSimilarity
}

/** Every pair of one class, n(n − 1)/2 of them, in the order given. Templates of another model are passed over. */
export function scorePairs(
  people: readonly Enrolled[],
  { model }: Pick<DuplicateThreshold, 'model'>,
): ScoredPair[] {
  const comparable = people.filter(({ template }) => template.model.sha256 === model.sha256)
  return comparable.flatMap((one, i) => comparable.slice(i + 1).map((other) => scored(one, other)))
}

/** Those of `others` whose face is as near to this one as the threshold asks, nearest first. */
export function lookAlikes(
  one: Enrolled,
  others: readonly Enrolled[],
  { model, threshold }: Pick<DuplicateThreshold, 'model' | 'threshold'>,
): ScoredPair[] {
  if (one.template.model.sha256 !== model.sha256) return []
  return others
    .filter(({ person, template }) => person !== one.person && template.model.sha256 === model.sha256)
    .map((other) => scored(one, other))
    .filter(({ score }) => score >= threshold)
    .sort((a, b) => b.score - a.score)
}

function scored(one: Enrolled, other: Enrolled): ScoredPair {
  const people: readonly [string, string] =
    one.person < other.person ? [one.person, other.person] : [other.person, one.person]
  return { people, score: cosine(one.template.embedding, other.template.embedding) }
}

/** Of two vectors of length 1; a loop, because a class of a thousand asks for half a million of them. */
function cosine(a: Float32Array, b: Float32Array): CosineSimilarity {
  let product = 0
  for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!
  return Math.max(-1, Math.min(1, product))
}
