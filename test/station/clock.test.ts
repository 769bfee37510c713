import { expect, test } from 'vitest'
import type { EventTime } from '../../src/ledger/event.ts'
import { clockJump, simulatedClock, systemClock } from '../../src/station/clock.ts'

const time = (wall: number, boottime: number, boot = 'a'): EventTime => ({
  wall,
  boot,
  boottime,
  trust: 'unconfirmed',
})

test('wall clock and boot time that advance together are no jump', () => {
  expect(clockJump(time(1_000_000, 5_000), time(1_060_000, 65_100))).toBeNull()
})

test('a clock set back inside one boot is a jump with both differences', () => {
  expect(clockJump(time(1_000_000, 5_000), time(400_000, 65_000))).toEqual({
    wallMs: -600_000,
    boottimeMs: 60_000,
  })
})

test('a clock set forward inside one boot is a jump', () => {
  expect(clockJump(time(1_000_000, 5_000), time(9_000_000, 6_000))).toEqual({
    wallMs: 8_000_000,
    boottimeMs: 1_000,
  })
})

test('after another boot only a wall clock that runs backwards is a jump', () => {
  expect(clockJump(time(1_000_000, 5_000), time(1_000_500, 10, 'b'))).toBeNull()
  expect(clockJump(time(1_000_000, 5_000), time(999_000, 10, 'b'))).toEqual({ wallMs: -1_000, boottimeMs: 0 })
})

test('only a receipt whose time agrees makes the system clock bounded', () => {
  const clock = systemClock()
  expect(clock.now().trust).toBe('unconfirmed')
  clock.confirm(Date.now() - 20 * 60_000)
  expect(clock.now().trust).toBe('unconfirmed')
  clock.confirm(Date.now() - 1_000)
  expect(clock.now().trust).toBe('bounded')
})

test('the system clock gives whole milliseconds and a boot id', () => {
  const { wall, boottime, boot } = systemClock().now()
  expect(Number.isInteger(wall) && Number.isInteger(boottime)).toBe(true)
  expect(boot.length).toBeGreaterThan(8)
})

test('a simulated clock says so, whatever a receipt says', () => {
  const clock = simulatedClock(1_700_000_000_000)
  clock.confirm(1_700_000_000_000)
  clock.set(1_700_000_360_000)
  const { wall, trust } = clock.now()
  expect(trust).toBe('simulated')
  expect(wall).toBeGreaterThanOrEqual(1_700_000_360_000)
})
