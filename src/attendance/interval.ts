/** Time `[start, end)` in milliseconds since 1970 UTC. */
export interface Interval {
  readonly start: number
  readonly end: number
}

/** The part of each interval inside `frame`; empty parts are dropped. */
export function clip(intervals: readonly Interval[], frame: Interval): Interval[] {
  return intervals
    .map(({ start, end }) => ({ start: Math.max(start, frame.start), end: Math.min(end, frame.end) }))
    .filter(({ start, end }) => start < end)
}

/** Sorted, disjoint intervals that cover the same time. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: { start: number; end: number }[] = []
  const sorted = intervals.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start)
  for (const { start, end } of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

/** What is covered by `intervals` and not by `taken`; sorted and disjoint. */
export function subtract(intervals: readonly Interval[], taken: readonly Interval[]): Interval[] {
  let left = union(intervals)
  for (const hole of taken) {
    left = left.flatMap(({ start, end }) => [
      ...clip([{ start, end }], { start: Number.NEGATIVE_INFINITY, end: hole.start }),
      ...clip([{ start, end }], { start: hole.end, end: Number.POSITIVE_INFINITY }),
    ])
  }
  return left
}

/** Milliseconds covered by disjoint intervals. */
export function duration(disjoint: readonly Interval[]): number {
  return disjoint.reduce((sum, { start, end }) => sum + end - start, 0)
}
