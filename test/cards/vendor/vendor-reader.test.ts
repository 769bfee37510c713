import { describe, expect, it } from 'vitest'
import { RefusalFault } from '../../../src/cards/codec/status.ts'
import {
  type CardContents,
  type VendorCardSource,
  VendorReader,
} from '../../../src/cards/vendor/vendor-reader.ts'
import { Fault } from '../../../src/common/fault.ts'
import { failed, ok, type Result, unwrap } from '../../../src/common/result.ts'
import { sampleRecord } from '../simulated-people.ts'

const card: CardContents = {
  record: sampleRecord,
  token: null,
  photo: { format: 'none', block: new Uint8Array(), image: null },
}
const moved = new RefusalFault(0x41)
const none = new Fault('CARD_NONE', 'no card')
const crashed = new Fault('CARD_VENDOR_CRASHED', 'crashed')

describe('reader behind a library', () => {
  it('waits for a card until time is up', async () => {
    const { reader } = scripted([none])
    expect(await codeOf(reader.read({ timeoutMs: 5 }))).toBe('CARD_NONE')
  })

  it('reads again after a card was moved', async () => {
    const { reader, done } = scripted([none, moved, moved, card])
    expect(unwrap(await reader.read({ timeoutMs: 5_000 })).record).toEqual(sampleRecord)
    expect(done).toEqual(['read', 'read', 'read', 'read'])
  })

  it('resets once before its fourth and last try', async () => {
    const { reader, done } = scripted([moved])
    expect(await codeOf(reader.read({ timeoutMs: 5_000 }))).toBe('CARD_READ_FAILED')
    expect(done).toEqual(['read', 'read', 'read', 'reset', 'read'])
  })

  it.each(['CARD_RECORD_NUMBER', 'CARD_TYPE_UNSUPPORTED', 'PORT_LOST', 'CARD_VENDOR_SYMBOL'] as const)(
    'does not try again after %s',
    async (code) => {
      const { reader, done } = scripted([new Fault(code, 'final'), card])
      expect(await codeOf(reader.read({ timeoutMs: 5_000 }))).toBe(code)
      expect(done).toEqual(['read'])
    },
  )

  it('does not try again when the security module needs service', async () => {
    const { reader, done } = scripted([new RefusalFault(0x66), card])
    expect(await codeOf(reader.read({ timeoutMs: 5_000 }))).toBe('CARD_SAM_NOT_AUTHORISED')
    expect(done).toEqual(['read'])
  })

  it.each([
    ['its library crashed', crashed],
    ['its port was lost', new Fault('PORT_LOST', 'unplugged')],
  ])('opens the port again after %s', async (_, fault) => {
    const { reader, done } = scripted([fault, card])
    let reading = await reader.read({ timeoutMs: 5_000 })
    if (!reading.ok) reading = await reader.read({ timeoutMs: 5_000 })
    expect(unwrap(reading).record).toEqual(sampleRecord)
    expect(done).toEqual(['read', 'open', 'read'])
  })

  it('says what went wrong with the card, not that there was none, when time is up', async () => {
    const { reader } = scripted([moved, none])
    expect(await codeOf(reader.read({ timeoutMs: 20 }))).toBe('CARD_READ_FAILED')
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const { reader } = scripted([none])
    const reading = codeOf(reader.read({ timeoutMs: 60_000, signal: stop.signal }))
    stop.abort()
    expect(await reading).toBe('CARD_ABORTED')
  })

  it('does one thing at a time', async () => {
    const { reader, done } = scripted([card])
    const reads = [reader.read({ timeoutMs: 5 }), reader.cardPresent(), reader.close()]
    await Promise.all(reads)
    expect(done).toEqual(['read', 'present', 'close'])
  })
})

/** A source that answers with one thing after the other, the last one for ever, and notes what was asked of it. */
function scripted(answers: readonly (Fault | CardContents)[]) {
  const done: string[] = []
  let at = 0
  const source: VendorCardSource = {
    open: async () => {
      done.push('open')
      return ok(null)
    },
    read: async () => {
      done.push('read')
      const answer = answers[Math.min(at++, answers.length - 1)]!
      return answer instanceof Fault ? failed(answer) : ok(answer)
    },
    reset: async () => {
      done.push('reset')
    },
    present: async () => {
      done.push('present')
      return true
    },
    close: async () => {
      done.push('close')
    },
  }
  const identity = { profile: 'vendor-sdtapi', port: 'sdtapi.dll:1001', samId: null }
  return { reader: new VendorReader(identity, source, 1), done }
}

async function codeOf(result: Promise<Result<unknown>>) {
  const awaited = await result
  return awaited.ok ? null : awaited.fault.code
}
