import type { ClaimLine, ClaimsDocument } from '../../attendance/claims.ts'

/** Money of one item for one payee under one pack. All amounts are fen. */
export interface ItemTotal {
  readonly item: string
  readonly pack: string
  readonly payee: ClaimLine['payee']
  readonly unit: ClaimLine['unit']
  readonly people: number
  readonly yes: number
  readonly no: number
  readonly unknown: number
  readonly computedFen: number
  readonly fen: number
  readonly advanceFen: number
  readonly balanceFen: number
}

/**
 * `claims.json` of a bundle: what the claims come to, without a line of anybody. A line says which group somebody is of
 * and what insurance they have: those are for the auditor's sealed part.
 */
export interface ClaimTotals extends Omit<ClaimsDocument, 'people'> {
  readonly items: readonly ItemTotal[]
}

export function claimTotals({ people, ...rest }: ClaimsDocument): ClaimTotals {
  return { ...rest, items: itemTotals(people) }
}

/** Lines by item, payee and pack, in the order in which they first come. */
export function itemTotals(people: readonly ClaimLine[]): readonly ItemTotal[] {
  const groups = new Map<string, ClaimLine[]>()
  for (const line of people) {
    const key = `${line.pack.id}\n${line.item}\n${line.payee ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [line])
    else group.push(line)
  }
  return [...groups.values()].map((group) => {
    const [first] = group
    const count = (answer: ClaimLine['eligible']) =>
      group.filter(({ eligible }) => eligible === answer).length
    const sum = (part: (line: ClaimLine) => number | null) =>
      group.reduce((total, line) => total + (part(line) ?? 0), 0)
    return {
      item: first?.item ?? '',
      pack: first?.pack.id ?? '',
      payee: first?.payee ?? null,
      unit: first?.unit ?? null,
      people: group.length,
      ...{ yes: count('yes'), no: count('no'), unknown: count('unknown') },
      computedFen: sum(({ computedFen }) => computedFen),
      fen: sum(({ fen }) => fen),
      advanceFen: sum(({ advanceFen }) => advanceFen),
      balanceFen: sum(({ balanceFen }) => balanceFen),
    }
  })
}
