import { expect, test } from 'vitest'
import type { EventInput, EventTime, LedgerEvent } from '../../src/ledger/event.ts'
import { ClockWatch } from '../../src/station/clock-watch.ts'

const time = (wall: number, boottime: number, boot = 'a'): EventTime => ({
  wall,
  boot,
  boottime,
  trust: 'unconfirmed',
})

/** Records one event each second of boot time, with the wall clock `step` ms further off each time. */
function recorded(steps: readonly number[]): string[] {
  const watch = new ClockWatch()
  const types: string[] = []
  let wall = 1_000_000
  const record = (type: string, data: unknown, at: EventTime) => {
    types.push(type)
    watch.apply({ type, data, time: at } as LedgerEvent)
  }
  record('station.start', {}, time(wall, 0))
  for (const [i, step] of steps.entries()) {
    wall += 1_000 + step
    const now = time(wall, (i + 1) * 1_000)
    for (const found of watch.check(now, 0)) record(found.type, found.data, now)
    record('attendance', {}, now)
  }
  return types.filter((type) => type.startsWith('clock.'))
}

test('a clock that runs with the kernel’s is nothing to record', () => {
  expect(recorded([0, 3, -2, 0, 1])).toEqual([])
})

test('one large step is a jump, and told of once', () => {
  expect(recorded([0, 60_000, 0, 0])).toEqual(['clock.jump'])
})

test('many steps that are too small each are a drift, as soon as they add up', () => {
  expect(recorded([900, 900, 900, 0, 0])).toEqual(['clock.drift'])
  expect(recorded([900, 900, 900, 900, 900, 900])).toEqual(['clock.drift', 'clock.drift'])
})

test('after another boot small steps are added up from its first record', () => {
  const watch = new ClockWatch()
  watch.apply({ type: 'station.start', data: {}, time: time(1_000_000, 900_000) } as unknown as LedgerEvent)
  expect(watch.check(time(2_000_000, 10, 'b'), 0)).toEqual([])
})

test('a process that is shown another time says so once, again when it changes, and when it is over', () => {
  const watch = new ClockWatch()
  const bent = (deviation: number): EventInput[] => {
    const now = time(5_000_000, 1_000)
    const found = watch.check(now, deviation)
    for (const { type, data } of found) watch.apply({ type, data, time: now } as LedgerEvent)
    return found
  }
  expect(bent(900)).toEqual([])
  expect(bent(60_000)).toEqual([{ type: 'clock.bent', data: { processMs: 5_000_000, kernelMs: 4_940_000 } }])
  expect(bent(60_500)).toEqual([])
  expect(bent(90_000)).toHaveLength(1)
  expect(bent(-100)).toHaveLength(1)
  expect(bent(0)).toEqual([])
})

test('a simulated clock is not compared with anything', () => {
  expect(new ClockWatch().check({ ...time(1, 1), trust: 'simulated' }, 1e9)).toEqual([])
})
