import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { EventTime } from '../ledger/event.ts'

/** A receipt confirms the wall clock when the two differ by no more than this. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000
/** Wall clock and boot time may drift apart by this much before it counts as a jump. */
export const JUMP_TOLERANCE_MS = 2_000

export interface Clock {
  now(): EventTime
  /** How far the clock that this process is shown is from the kernel's, ms; null where the kernel's can't be read. */
  deviation(): number | null
  /** A receipt named this server time, ms since epoch: the wall clock is `bounded` from now on if it agrees. */
  confirm(serverTime: number): void
}

/**
 * The machine's clock. Boot id and boot time come from the kernel (`/proc`), because a faked libc bends both
 * `Date` and `process.hrtime` but not these. Elsewhere the operating system's uptime is the best there is, and
 * the boot id is derived from it, good to about a minute.
 * The wall clock is the process's own, and is compared with the kernel's: while they differ, it is `unconfirmed`.
 */
export function systemClock(): Clock {
  let confirmed = false
  const deviation = (): number | null => {
    const wall = kernelWall()
    return wall === null ? null : Date.now() - wall
  }
  return {
    now: () => {
      const trust = confirmed && !isBent(deviation()) ? 'bounded' : 'unconfirmed'
      return { wall: Date.now(), ...kernelTime(), trust }
    },
    deviation,
    confirm: (serverTime) => {
      confirmed = Math.abs(serverTime - Date.now()) <= CLOCK_TOLERANCE_MS
    },
  }
}

/** Whether a deviation is more than the second to which the kernel tells its time. */
export function isBent(deviation: number | null): deviation is number {
  return deviation !== null && Math.abs(deviation) > JUMP_TOLERANCE_MS
}

/** A clock for demonstrations and tests: it runs at real speed and can be set; every record says `simulated`. */
export interface SimulatedClock extends Clock {
  set(wall: number): void
}

export function simulatedClock(startWall: number): SimulatedClock {
  const boot = `simulated-${startWall}`
  let offset = startWall - performance.now()
  return {
    now: () => {
      const wall = Math.round(performance.now() + offset)
      return { wall, boot, boottime: Math.max(0, wall - startWall), trust: 'simulated' }
    },
    set: (wall) => {
      offset = wall - performance.now()
    },
    deviation: () => null,
    confirm: () => {},
  }
}

/** What the clock did between two readings, or null when wall and boot time agree. */
export function clockJump(
  before: EventTime,
  after: EventTime,
): { wallMs: number; boottimeMs: number } | null {
  const wallMs = after.wall - before.wall
  if (before.boot !== after.boot) return wallMs < 0 ? { wallMs, boottimeMs: 0 } : null
  const boottimeMs = after.boottime - before.boottime
  return Math.abs(wallMs - boottimeMs) > JUMP_TOLERANCE_MS ? { wallMs, boottimeMs } : null
}

/** What the kernel takes the time to be, ms since 1970, to the second: when it booted, and how long ago that is. */
function kernelWall(): number | null {
  try {
    const booted = /^btime ([0-9]+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]
    return booted === undefined ? null : Number(booted) * 1000 + kernelTime().boottime
  } catch {
    return null
  }
}

function kernelTime(): { boot: string; boottime: number } {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const [seconds = '0'] = readFileSync('/proc/uptime', 'utf8').split(' ')
    return { boot, boottime: Math.round(Number(seconds) * 1000) }
  } catch {
    const seconds = uptime()
    const minute = Math.round((Date.now() / 1000 - seconds) / 60)
    return { boot: `uptime-${minute}`, boottime: Math.round(seconds * 1000) }
  }
}
