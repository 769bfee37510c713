import type { AttendanceRecord, ClassHistory } from './history.ts'

/** A doubtful record that two people still have to look at. */
export interface DoubtItem {
  /** Leaf of the record. */
  readonly record: number
  readonly session: string
  readonly person: string
  readonly direction: 'in' | 'out'
  /** When it was recorded, and until when it should be resolved; wall milliseconds. */
  readonly at: number
  readonly dueAt: number
  readonly ageMs: number
  readonly overdue: boolean
}

/** Doubtful records that nobody resolved or took out of the count, oldest first. */
export function openDoubts({ records }: Pick<ClassHistory, 'records'>): readonly AttendanceRecord[] {
  return records
    .filter(
      ({ outcome, resolution, voided }) => outcome === 'doubtful' && resolution == null && voided == null,
    )
    .sort((a, b) => a.index - b.index)
}

/** The lane of a class (存疑) as it stands at `now`; `deadlineMs` after its record an item is overdue. */
export function doubtLane(
  history: Pick<ClassHistory, 'records'>,
  { now, deadlineMs }: { readonly now: number; readonly deadlineMs: number },
): DoubtItem[] {
  return openDoubts(history).map(({ index, session, person, direction, time }) => ({
    ...{ record: index, session, person, direction, at: time.wall, dueAt: time.wall + deadlineMs },
    ageMs: Math.max(0, now - time.wall),
    overdue: now > time.wall + deadlineMs,
  }))
}
