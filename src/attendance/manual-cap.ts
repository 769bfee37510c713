import { civilDate } from '../common/civil-time.ts'
import type { ClassHistory } from './history.ts'
import type { RulePack } from './rule-pack.ts'

/** How much of a class's month came by hand, against what its rule pack allows. */
export interface ManualUse {
  /** `YYYY-MM` in China. */
  readonly month: string
  /** Seats of a session that corrections, leave and make-up sessions were about. */
  readonly used: number
  /** Most that the pack allows; null where it sets no cap. */
  readonly allowed: number | null
  /** What is used is beyond what is allowed. */
  readonly alarm: boolean
}

/**
 * The use of manual acts in the civil month of `at`. The cap is a share of the places that the class has in that
 * month, its people times its sessions; at least one act is always allowed, or a small class could correct nothing.
 */
export function manualUse(
  history: Pick<ClassHistory, 'sessions' | 'seats' | 'entries'>,
  pack: RulePack,
  at: number,
): ManualUse {
  const month = monthOf(at)
  const acts = history.entries?.manualActs.filter((act) => monthOf(act.at) === month) ?? []
  const used = acts.reduce((sum, { seats }) => sum + seats, 0)
  const percent = pack.more?.lessons.manualMaximumPercent.value ?? null
  const sessions = history.sessions.filter(({ start }) => monthOf(start) === month).length
  const places = sessions * history.seats.size
  const allowed = percent === null ? null : Math.max(1, Math.floor((places * percent) / 100))
  return { month, used, allowed, alarm: allowed !== null && used > allowed }
}

function monthOf(wall: number): string {
  return civilDate(wall).slice(0, 7)
}
