import { change } from './change.ts'
import type { ClaimPack } from './claim-case.ts'
import type { ClassFacts, PersonFacts, PlaceKind } from './claim-facts.ts'
import { type Finding, finding } from './finding.ts'

const placeNames: Readonly<Record<PlaceKind, string>> = {
  training: '培训地',
  work: '工作地',
  residence: '居住地',
  household: '户籍地',
}

export interface ChosenPack {
  readonly pack: ClaimPack
  /** Why it may be the wrong one; empty when nothing speaks against it. */
  readonly findings: readonly Finding[]
}

/**
 * The pack that a person claims under: the class's own, or, for somebody who claims by the place where they work or
 * live, the one among `others` with the closest region that is in force on the day. Nothing is guessed: a place that
 * nobody told or no pack covers leaves the class's pack with an `unknown`.
 */
export function choosePack(
  classPack: ClaimPack,
  others: readonly ClaimPack[],
  facts: PersonFacts,
  classFacts: ClassFacts,
  on: string,
): ChosenPack {
  const place = facts.claimPlace
  if (place === null) return { pack: classPack, findings: inForce(classPack, on) }
  const region = place === 'training' ? classFacts.region : facts[place]
  const at = { name: 'appliesBy', rule: classPack.more.appliesBy, packId: classPack.id }
  if (region === null) {
    const unsaid = finding(
      at,
      'unknown',
      { place, region },
      change('person-region', { place: placeNames[place], placeEn: place }),
    )
    return { pack: classPack, findings: [unsaid, ...inForce(classPack, on)] }
  }
  const [closest] = [classPack, ...others]
    .filter((pack) => covers(pack, region) && (pack.more.appliesBy.value ?? ['training']).includes(place))
    .filter((pack) => inForce(pack, on).length === 0)
    .sort((a, b) => closeness(b) - closeness(a) || since(b).localeCompare(since(a)))
  if (closest !== undefined) return { pack: closest, findings: [] }
  const uncovered = finding(at, 'unknown', { place, region, on }, change('pack-of-region', { region }))
  return { pack: classPack, findings: [uncovered] }
}

/** A pack whose days don't cover the class: what follows it is not known here. */
function inForce(pack: ClaimPack, on: string): Finding[] {
  const period = pack.more.inForce.value
  const covered =
    period === null ||
    ((period.from === null || period.from <= on) && (period.until === null || on <= period.until))
  if (covered) return []
  const at = { name: 'inForce', rule: pack.more.inForce, packId: pack.id }
  const inputs = { from: period.from, until: period.until, on }
  return [finding(at, 'unknown', inputs, change('pack-in-force'))]
}

/** Codes of GB/T 2260 nest: two digits for a province, four for a city, six for a county. */
function covers({ more }: ClaimPack, region: string): boolean {
  return more.region === null || region.startsWith(more.region.replace(/(00)+$/, ''))
}

function closeness({ more }: ClaimPack): number {
  return more.region === null ? 0 : more.region.replace(/(00)+$/, '').length
}

function since({ more }: ClaimPack): string {
  return more.inForce.value?.from ?? ''
}
