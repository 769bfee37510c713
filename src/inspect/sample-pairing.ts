import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { numberBelow } from './draw-order.ts'

/*
 * Two inspectors for each institution, at random, nobody where they have a conflict of interest and nobody too often
 * (docs/formats.md, "Sample"). A pick that would leave a later institution without two is thrown back.
 */

/** An institution is never inspected by one person (行政处罚法 第四十二条：执法人员不得少于两人). */
export const INSPECTORS_EACH = 2

export interface Pairing {
  readonly institution: string
  /** In the order in which they were picked. */
  readonly inspectors: readonly string[]
}

/**
 * Pairs institutions, in their order, with inspectors. `inspectors` by rising id, `may` says who may inspect what, each
 * at most `visits` times; random 32-bit words decide. Fault `INSPECT_SAMPLE_PAIRING`: it can't be done, and why.
 */
export function pairInspectors(
  institutions: readonly string[],
  inspectors: readonly string[],
  rules: { readonly visits: number; readonly may: (inspector: string, institution: string) => boolean },
  words: Iterator<number, never>,
): Result<Pairing[]> {
  const allowed = institutions.map((institution) =>
    inspectors.flatMap((inspector, place) => (rules.may(inspector, institution) ? [place] : [])),
  )
  const picked: number[][] = institutions.map(() => [])
  const left = inspectors.map(() => rules.visits)
  const blocked = blockage(allowed, picked, left)
  if (blocked !== null) return impossible(blocked, institutions, inspectors, allowed, rules.visits)
  for (const [at, mine] of picked.entries()) {
    const open = () => (allowed[at] ?? []).filter((one) => (left[one] ?? 0) > 0 && !mine.includes(one))
    while (mine.length < INSPECTORS_EACH) {
      const candidates = open()
      for (;;) {
        const [candidate] = candidates.splice(numberBelow(candidates.length, words), 1)
        if (candidate === undefined) throw new RangeError('a pairing that was possible is not')
        mine.push(candidate)
        left[candidate]!--
        if (blockage(allowed, picked, left) === null) break
        mine.pop()
        left[candidate]!++
      }
    }
  }
  const pairs = picked.map((places) => places.map((place) => inspectors[place]!))
  return ok(institutions.map((institution, at) => ({ institution, inspectors: pairs[at]! })))
}

/**
 * Institutions (places) that can't all get their inspectors any more, null where everybody can: a bipartite matching by
 * augmenting paths; where none is left, those that were reached share too few inspectors.
 */
function blockage(
  allowed: readonly (readonly number[])[],
  picked: readonly (readonly number[])[],
  left: readonly number[],
): number[] | null {
  const given: Set<number>[] = picked.map(() => new Set())
  const holders: Set<number>[] = left.map(() => new Set())
  const give = (institution: number, inspector: number, tried: Set<number>): boolean => {
    if (holders[inspector]!.size >= left[inspector]!) {
      const freed = [...holders[inspector]!].find((holder) => find(holder, tried))
      if (freed === undefined) return false
      given[freed]!.delete(inspector)
      holders[inspector]!.delete(freed)
    }
    given[institution]!.add(inspector)
    holders[inspector]!.add(institution)
    return true
  }
  const find = (institution: number, tried: Set<number>): boolean =>
    allowed[institution]!.some((inspector) => {
      if (tried.has(inspector) || given[institution]!.has(inspector)) return false
      if (picked[institution]!.includes(inspector)) return false
      tried.add(inspector)
      return give(institution, inspector, tried)
    })
  for (const [institution, mine] of picked.entries()) {
    for (let slot = mine.length; slot < INSPECTORS_EACH; slot++) {
      const tried = new Set<number>()
      if (find(institution, tried)) continue
      const sharing = [...tried].flatMap((inspector) => [...holders[inspector]!])
      return [...new Set([institution, ...sharing])].sort((a, b) => a - b)
    }
  }
  return null
}

/** Says which institutions share too few inspectors, by their ids. */
function impossible(
  blocked: readonly number[],
  institutions: readonly string[],
  inspectors: readonly string[],
  allowed: readonly (readonly number[])[],
  visits: number,
) {
  const able = [...new Set(blocked.flatMap((place) => allowed[place] ?? []))].map(
    (place) => inspectors[place],
  )
  const who = able.length === 0 ? 'nobody' : `only ${able.join(', ')}`
  const which = blocked
    .map((place) => institutions[place])
    .sort()
    .join(', ')
  const needed = blocked.length * INSPECTORS_EACH
  const why =
    blocked.length === 1
      ? `institution ${which} takes ${INSPECTORS_EACH} inspectors, and ${who} may inspect it without a conflict of interest`
      : `institutions ${which} take ${needed} visits of two inspectors each, and ${who} may make them, ${visits} each at most`
  return failed(new Fault('INSPECT_SAMPLE_PAIRING', why))
}
