import { expect, test } from 'vitest'
import { Mailbox } from '../../src/station/mailbox.ts'

test('the newest of several values is the one that is taken', async () => {
  const box = new Mailbox<number>()
  box.put(1)
  box.put(2)
  expect(await box.take(10)).toBe(2)
  expect(await box.take(1)).toBeNull()
})

test('a waiter gets the value that comes while it waits', async () => {
  const box = new Mailbox<string>()
  const taken = box.take(1_000)
  box.put('frame')
  expect(await taken).toBe('frame')
})

test('a waiter whose signal aborts gets nothing, and the next one gets the next value', async () => {
  const box = new Mailbox<string>()
  const stop = new AbortController()
  const taken = box.take(60_000, stop.signal)
  stop.abort()
  expect(await taken).toBeNull()
  box.put('later')
  expect(await box.take(10)).toBe('later')
})

test('what was put before a clear is gone', async () => {
  const box = new Mailbox<string>()
  box.put('stale')
  box.clear()
  expect(await box.take(1)).toBeNull()
})
