/**
 * Keeps what may be shown of the groups of one whole. A group of fewer than `least` people is hidden; if those hidden are
 * together fewer than `least`, the smallest group shown is hidden too, and so on, because the whole minus the rest would tell
 * them (complementary suppression). Groups of nobody are nobody's secret and no cover; they are left out.
 * Reports of other days may be subtracted all the same: whoever gives out several has to think of that.
 */
export function hideSmallGroups<T extends { readonly people: number }>(
  groups: ReadonlyMap<string, T>,
  least: number,
): Map<string, T> {
  const inhabited = [...groups].filter(([, { people }]) => people > 0)
  const bySize = inhabited.sort(([, a], [, b]) => a.people - b.people)
  let hidden = 0
  let shown = 0
  for (const [, { people }] of bySize) {
    const mayShow = people >= least && (hidden === 0 || hidden >= least)
    if (mayShow) break
    hidden += people
    shown++
  }
  return new Map(bySize.slice(shown))
}
