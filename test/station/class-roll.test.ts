import { expect, test } from 'vitest'
import type { EventData, EventType, LedgerEvent } from '../../src/ledger/event.ts'
import { ClassRoll } from '../../src/station/class-roll.ts'

const HOUR = 3600_000
const open = { openBeforeMs: HOUR, openAfterMs: HOUR }
const act = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }
const a = 'a'.repeat(32)
const b = 'b'.repeat(32)

let index = 0
function event<T extends EventType>(type: T, data: EventData[T], wall = 0): LedgerEvent {
  const time = { wall, boot: 'boot', boottime: 0, trust: 'unconfirmed' as const }
  return { v: 1, origin: 'o', index: index++, salt: '', time, type, data } as LedgerEvent
}

function rollWithClass(): ClassRoll {
  const roll = new ClassRoll()
  const sessions = [
    { id: 'am', start: 10 * HOUR, end: 12 * HOUR },
    { id: 'pm', start: 13 * HOUR, end: 15 * HOUR },
  ]
  roll.apply(
    event('class.opened', {
      class: 'c',
      title: 't',
      pack: { id: 'p', sha256: '0'.repeat(64) },
      sessions,
      act,
    }),
  )
  const added = [a, b].map((person) => ({ person, identity: '0'.repeat(64), portrait: 'none' as const }))
  roll.apply(event('roster.changed', { class: 'c', added, removed: [], reason: 'r', act }))
  return roll
}

function attendance(
  person: string,
  session: string,
  direction: 'in' | 'out',
  outcome: 'verified' | 'doubtful',
  wall: number,
) {
  const rest = {
    reason: null,
    portrait: 'none' as const,
    face: null,
    act: null,
    reader: null,
    simulated: false,
  }
  return event('attendance', { class: 'c', person, session, direction, outcome, ...rest }, wall)
}

test('a session in progress wins over one whose door is already open', () => {
  const roll = rollWithClass()
  expect(roll.sessionAt('c', 9 * HOUR, open)?.id).toBe('am')
  expect(roll.sessionAt('c', 11.9 * HOUR, open)?.id).toBe('am')
  expect(roll.sessionAt('c', 12.6 * HOUR, open)?.id).toBe('pm')
  expect(roll.sessionAt('c', 15.9 * HOUR, open)?.id).toBe('pm')
})

test('outside every door time there is no session', () => {
  const roll = rollWithClass()
  expect(roll.sessionAt('c', 8.9 * HOUR, open)).toBeNull()
  expect(roll.sessionAt('c', 16 * HOUR, open)).toBeNull()
  expect(roll.sessionAt('other', 11 * HOUR, open)).toBeNull()
})

test('people removed from the roster have no seat', () => {
  const roll = rollWithClass()
  roll.apply(event('roster.changed', { class: 'c', added: [], removed: [b], reason: 'left', act }))
  expect(roll.isSeated('c', a)).toBe(true)
  expect(roll.isSeated('c', b)).toBe(false)
})

test('counts follow the newest record of each person in this session', () => {
  const roll = rollWithClass()
  roll.apply(attendance(a, 'am', 'in', 'verified', 10 * HOUR))
  roll.apply(attendance(b, 'am', 'in', 'doubtful', 10 * HOUR))
  expect(roll.counts('c', 'am')).toEqual({ expected: 2, present: 2, doubtful: 1 })
  roll.apply(attendance(a, 'am', 'out', 'verified', 12 * HOUR))
  expect(roll.counts('c', 'am')).toEqual({ expected: 2, present: 1, doubtful: 1 })
  expect(roll.counts('c', 'pm')).toEqual({ expected: 2, present: 0, doubtful: 0 })
})

test('a later answer about consent replaces the earlier one', () => {
  const roll = rollWithClass()
  expect(roll.consent(a)).toBeNull()
  roll.apply(event('consent', { person: a, purpose: 'face', granted: true, notice: '0'.repeat(64) }))
  roll.apply(event('consent', { person: a, purpose: 'face', granted: false, notice: '0'.repeat(64) }))
  expect(roll.consent(a)).toBe(false)
})
