import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeSimHello,
  encodeSimHello,
  encodeSimMessage,
  SIM_MAX_BODY,
  SIM_MESSAGE,
  SimMessageParser,
} from '../../src/cards/transport/sim-message.ts'

describe('messages between a simulator and its host', () => {
  it('come out as they went in, however the socket cuts them', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 50 }), (sent, size) => {
        const stream = Buffer.concat(sent.map((body) => encodeSimMessage(SIM_MESSAGE.in, body)))
        const parser = new SimMessageParser()
        const came = []
        for (let at = 0; at < stream.length; at += size)
          came.push(...parser.push(stream.subarray(at, at + size)))
        expect(came).toEqual(sent.map((body) => ({ kind: SIM_MESSAGE.in, body: Uint8Array.from(body) })))
      }),
    )
  })

  it('are taken from any bytes without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        for (const message of new SimMessageParser().push(bytes)) decodeSimHello(message)
      }),
    )
  })

  it('have a longest body', () => {
    expect(() => encodeSimMessage(SIM_MESSAGE.out, new Uint8Array(SIM_MAX_BODY))).not.toThrow()
    expect(() => encodeSimMessage(SIM_MESSAGE.out, new Uint8Array(SIM_MAX_BODY + 1))).toThrow(RangeError)
  })

  it('begin with what the device is', () => {
    const [hello] = new SimMessageParser().push(encodeSimHello({ bus: 'usb', profile: 'usb-sam' }))
    expect(decodeSimHello(hello!)).toEqual({ bus: 'usb', profile: 'usb-sam' })
  })

  it.each(['shidao-sim 2 hid hid-dk', 'shidao-sim 1 spi hid-dk', 'shidao-sim 1 hid ', 'hello'])(
    'are refused when they begin with %j',
    (text) => {
      expect(decodeSimHello({ kind: SIM_MESSAGE.hello, body: Buffer.from(text) })).toBeNull()
    },
  )
})
