import { expect, test } from 'vitest'
import { decodeEvent, encodeEvent } from '../../src/ledger/event.ts'

const head = {
  origin: 'shidao.test/station',
  index: 7,
  salt: '0'.repeat(32),
  time: { wall: 1, boot: 'b', boottime: 1, trust: 'unconfirmed' as const },
}
const attendance = {
  class: 'c',
  session: 's',
  person: '1'.repeat(32),
  direction: 'in' as const,
  outcome: 'verified' as const,
  reason: null,
  portrait: 'official' as const,
  face: null,
  act: null,
  reader: null,
  simulated: false,
}

/** The same event with any value in `by`, as a foreign ledger might hold it. */
function withBy(by: unknown): Uint8Array {
  const event = JSON.parse(
    Buffer.from(encodeEvent({ type: 'attendance', data: attendance }, head)).toString(),
  )
  return Buffer.from(JSON.stringify({ ...event, data: { ...event.data, by } }))
}

test('an attendance from before codes says nothing of what was shown, and is read as it is', () => {
  const bytes = encodeEvent({ type: 'attendance', data: attendance }, head)
  expect(decodeEvent(bytes)).toMatchObject({ ok: true, value: { data: attendance } })
  expect(Buffer.from(bytes).toString()).not.toContain('"by"')
})

test.each(['card', 'code'])('an attendance says that a %s was shown', (by) => {
  expect(decodeEvent(withBy(by))).toMatchObject({ ok: true, value: { data: { by } } })
})

test.each(['face', '', null, 1])('an attendance by %j is malformed', (by) => {
  expect(decodeEvent(withBy(by))).toMatchObject({ ok: false, fault: { code: 'LEDGER_EVENT_INVALID' } })
})
