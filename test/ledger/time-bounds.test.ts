import { expect, test } from 'vitest'
import type { LedgerEvent } from '../../src/ledger/event.ts'
import { TimeBounds } from '../../src/ledger/time-bounds.ts'

const MINUTE = 60_000
const event = (index: number, minute: number, trust = 'unconfirmed') =>
  ({ index, time: { wall: minute * MINUTE, trust }, type: 'consent', data: {} }) as unknown as LedgerEvent
const receipt = (index: number, minute: number, size: number) =>
  ({
    index,
    time: { wall: minute * MINUTE, trust: 'bounded' },
    type: 'receipt',
    data: { size, time: minute * MINUTE },
  }) as unknown as LedgerEvent
const iso = (minute: number) => new Date(minute * MINUTE).toISOString()

function boundsOf(events: readonly LedgerEvent[], asked: number) {
  const bounds = new TimeBounds()
  for (const each of events) bounds.visit(each)
  return bounds.bounds(asked)
}

test('an event is later than the receipt before it and earlier than the first that covers it', () => {
  const events = [event(0, 1), receipt(1, 10, 1), event(2, 20), receipt(3, 30, 3), receipt(4, 40, 4)]
  expect(boundsOf(events, 2)).toMatchObject({
    receipts: 3,
    covered: 4,
    contradicted: 0,
    event: { index: 2, after: iso(10), before: iso(30) },
  })
  expect(boundsOf(events, 0).event).toEqual({ index: 0, after: null, before: iso(10) })
  expect(boundsOf(events, 4).event).toEqual({ index: 4, after: iso(30), before: null })
})

test('a wall clock outside what receipts leave is counted, five minutes of difference are not', () => {
  const early = [event(0, 1), receipt(1, 100, 1), event(2, 94), event(3, 96)]
  expect(boundsOf(early, 0).contradicted).toBe(1)
  const late = [event(0, 1), event(1, 106), event(2, 104), receipt(3, 100, 3)]
  expect(boundsOf(late, 0).contradicted).toBe(1)
})

test('a simulated clock contradicts nothing', () => {
  expect(boundsOf([event(0, 500, 'simulated'), receipt(1, 100, 1)], 0).contradicted).toBe(0)
})
