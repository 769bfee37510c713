import type { Fault } from '../common/fault.ts'

/** Works, is not there, or is there and does not work. */
export type DeviceHealth = 'ok' | 'missing' | 'fault'

/** Null is a device that works. */
export function healthOf(fault: Fault | null): DeviceHealth {
  if (fault === null) return 'ok'
  return fault.code === 'PORT_NOT_FOUND' ? 'missing' : 'fault'
}

const FIRST_RETRY_MS = 250
/** A device that is plugged in again works within two seconds, of which its greeting may take one. */
const LONGEST_RETRY_MS = 1_000

/** Pauses between tries to open a device, milliseconds: each twice the one before, up to a second. */
export class Backoff {
  #next = FIRST_RETRY_MS

  next(): number {
    const wait = this.#next
    this.#next = Math.min(wait * 2, LONGEST_RETRY_MS)
    return wait
  }
}
