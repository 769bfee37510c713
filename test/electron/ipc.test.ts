import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { handle } from '../../electron/ipc.ts'

const OURS = { url: 'app://kiosk/', parent: null }

/** What Electron's ipcMain does with a message, without Electron. */
function listening(schema: z.ZodType = z.string()) {
  const acts: unknown[] = []
  let listener: (event: unknown, ...words: unknown[]) => unknown = () => undefined
  handle(
    { handle: (_channel, given) => (listener = given as typeof listener) },
    'kiosk:command',
    schema,
    (value) => {
      acts.push(value)
      return 'done'
    },
  )
  return { acts, send: (senderFrame: unknown, ...words: unknown[]) => listener({ senderFrame }, ...words) }
}

describe('a message from the window', () => {
  it('is acted on when our own page sends what the schema takes', () => {
    const { acts, send } = listening()
    expect(send(OURS, 'hello')).toEqual({ ok: true, value: 'done' })
    expect(acts).toEqual(['hello'])
  })

  it.each([
    ['a frame that is gone', null],
    ['another scheme', { url: 'https://kiosk/', parent: null }],
    ['another host', { url: 'app://other/', parent: null }],
    ['a host that only begins like ours', { url: 'app://kiosk.evil/', parent: null }],
    ['an empty page', { url: 'about:blank', parent: null }],
    ['no URL at all', { url: '', parent: null }],
    ['a frame inside our page', { url: 'app://kiosk/', parent: OURS }],
  ])('is refused from %s', (_what, frame) => {
    const { acts, send } = listening()
    expect(send(frame, 'hello')).toEqual({ ok: false, code: 'SYSTEM_SENDER' })
    expect(acts).toEqual([])
  })

  it.each([
    ['of another type', [1]],
    ['that is missing', []],
    ['with a second one behind it', ['hello', 'again']],
  ])('is refused with an argument %s', (_what, words) => {
    const { acts, send } = listening()
    expect(send(OURS, ...words)).toEqual({ ok: false, code: 'SYSTEM_MESSAGE' })
    expect(acts).toEqual([])
  })
})
