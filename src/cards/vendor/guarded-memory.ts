/*
 * Memory that a vendor's function writes into, with a margin on both sides: a library that writes past its room
 * is found out before its neighbours' memory is trusted again.
 */

/** `area` is the library's room; `intact` tells whether both margins still are as they were. */
export interface GuardedMemory {
  readonly area: Buffer
  intact(): boolean
}

/** Room for that many bytes, filled with `fill`. */
export function guardedMemory(bytes: number, fill = 0): GuardedMemory {
  const whole = Buffer.alloc(MARGIN_BYTES + bytes + MARGIN_BYTES, MARGIN)
  const area = whole.subarray(MARGIN_BYTES, MARGIN_BYTES + bytes).fill(fill)
  const before = whole.subarray(0, MARGIN_BYTES)
  const after = whole.subarray(MARGIN_BYTES + bytes)
  return { area, intact: () => before.equals(untouched) && after.equals(untouched) }
}

/** A page: larger slips mostly end the process, which is noticed anyway. A multiple of every type's alignment. */
const MARGIN_BYTES = 4_096
const MARGIN = 0xc9
const untouched = Buffer.alloc(MARGIN_BYTES, MARGIN)
