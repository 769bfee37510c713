import type { Area, Share } from './statistics.ts'

/** `3/32 = 9.4 % (3.2–24.2)`. */
export function text(share: Share): string {
  const [low, high] = share.interval
  return `${share.hits}/${share.trials} = ${percent(share)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`
}

/** `–` of nothing. */
export function percent({ hits, trials }: Share): string {
  return trials === 0 ? '–' : `${((100 * hits) / trials).toFixed(1)} %`
}

/** Three decimals and the interval, `–` where nothing could be compared. */
export function areaText(area: Area | null): string {
  if (area === null) return '–'
  const [low, high] = area.interval
  return `${area.auc.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`
}
