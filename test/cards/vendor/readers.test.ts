import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { wrapSimulatedPortrait } from '../../../src/cards/codec/photo.ts'
import type { CardReader, CardReading } from '../../../src/cards/reader.ts'
import { openSdtapiReader } from '../../../src/cards/vendor/sdtapi-reader.ts'
import { openSscardReader } from '../../../src/cards/vendor/sscard-reader.ts'
import { openTermbReader } from '../../../src/cards/vendor/termb-reader.ts'
import { type Result, unwrap } from '../../../src/common/result.ts'
import { describeIf } from '../../support/requires.ts'
import { sampleRecord, textOf } from '../simulated-people.ts'
import { compileLibrary, compilerAbsence } from './compiled-library.ts'

describeIf(compilerAbsence(), 'readers behind a vendor library', () => {
  const libraries: ReturnType<typeof compileLibrary>[] = []
  const readers: CardReader[] = []
  let library = ''
  beforeAll(() => {
    library = compile()
  })
  afterEach(async () => {
    for (const reader of readers.splice(0)) await reader.close()
  })
  afterAll(() => {
    for (const { remove } of libraries) remove()
  })

  function compile(
    ...contents: Parameters<typeof compileLibrary> extends [unknown, ...infer Rest] ? Rest : []
  ) {
    const compiled = compileLibrary('good', ...contents)
    libraries.push(compiled)
    return compiled.file
  }

  async function opened(opening: Promise<Result<CardReader>>): Promise<CardReader> {
    const reader = unwrap(await opening)
    readers.push(reader)
    return reader
  }

  const read = (reader: CardReader) => reader.read({ timeoutMs: 1_000 })
  const faultCode = <T>(result: Result<T>) => (result.ok ? null : result.fault.code)

  it.each([
    ['sdtapi', openSdtapiReader, '05.01-20090651-0000012345-1234567890'],
    ['termb', openTermbReader, null],
  ] as const)(
    '%s: reads a card whole, says early that it was found, and knows its reader',
    async (name, open, samId) => {
      const reader = await opened(open({ library, port: 1001, pollMs: 1 }))
      let found = 0
      const reading: CardReading = unwrap(await reader.read({ timeoutMs: 1_000, onFound: () => found++ }))
      expect(reading.record).toEqual(sampleRecord)
      expect(reading.photo.format).toBe('wlt')
      expect(reading.photo.block).toHaveLength(1024)
      expect(reading.simulated).toBe(false)
      expect(reading.reader).toEqual({ profile: `vendor-${name}`, port: 'libgood.so:1001', samId })
      expect(found).toBe(1)
    },
  )

  it.each([
    ['sdtapi', openSdtapiReader],
    ['termb', openTermbReader],
  ] as const)('%s: a card that was read already is no card', async (_, open) => {
    const reader = await opened(open({ library, port: 1001, pollMs: 1 }))
    unwrap(await read(reader))
    expect(faultCode(await reader.read({ timeoutMs: 50 }))).toBe('CARD_NONE')
  })

  it('sdtapi: knows whether the card that was read still lies there', async () => {
    const reader = await opened(openSdtapiReader({ library, port: 1001, pollMs: 1 }))
    expect(await reader.cardPresent()).toBe(false)
    unwrap(await read(reader))
    expect(await reader.cardPresent()).toBe(true)
  })

  it.each([
    ['sdtapi', openSdtapiReader],
    ['termb', openTermbReader],
  ] as const)('%s: says that its port can’t be opened', async (_, open) => {
    expect(faultCode(await open({ library, port: 7 }))).toBe('PORT_OPEN')
  })

  it('opens the port again and gives the card when the library crashed while reading it', async () => {
    const reader = await opened(openSdtapiReader({ library, port: 1001, pollMs: 1 }))
    writeFileSync(join(dirname(library), 'crash-once'), '')
    let found = 0
    const { record } = unwrap(await reader.read({ timeoutMs: 10_000, onFound: () => found++ }))
    expect(record).toEqual(sampleRecord)
    expect(found).toBe(2)
  })

  it('refuses a damaged record at once, with the field that is wrong and nothing of what it says', async () => {
    const number = '110105194912310021'
    const wrong = compile(undefined, textOf({ number }))
    const reader = await opened(openSdtapiReader({ library: wrong, port: 1001, pollMs: 1 }))
    const result = await read(reader)
    expect(faultCode(result)).toBe('CARD_RECORD_NUMBER')
    expect(JSON.stringify(result)).not.toContain(number)
    expect(result.ok ? '' : result.fault.message).not.toMatch(/\d{6}|模拟/)
  })

  it('marks a simulated photo as simulated', async () => {
    const simulated = compile(unwrap(wrapSimulatedPortrait(null)))
    const reader = await opened(openTermbReader({ library: simulated, port: 1001, pollMs: 1 }))
    expect(unwrap(await read(reader)).simulated).toBe(true)
  })

  it('reads a social security card through LD/T 33', async () => {
    const reader = await opened(openSscardReader({ library, slot: 'contact' }))
    const { record, token, photo } = unwrap(await read(reader))
    expect(token).toEqual({
      identificationCode: '639900D15600000500BF7C7A48FB4966',
      cardNumber: 'X00000019',
      validFrom: '2010-10-01',
      validTo: '2020-10-01',
    })
    expect(record).toMatchObject({ kind: 'ssc', name: '张三', number: '111111198101011110', sex: '1' })
    expect(photo.format).toBe('none')
    expect(await reader.cardPresent()).toBe(true)
  })

  it.each([
    ['contactless', 'CARD_NONE'],
    ['contact-first', 'CARD_APDU_NO_FILE'],
    ['contactless-first', 'CARD_NEEDS_PSAM'],
  ] as const)('gives LD/T 33’s negative codes as coded faults (slot %s)', async (slot, code) => {
    const reader = await opened(openSscardReader({ library, slot, pollMs: 1 }))
    expect(faultCode(await reader.read({ timeoutMs: 50 }))).toBe(code)
  })

  it('refuses a library of another kind before any card is laid down', async () => {
    const broken = compileLibrary('broken')
    libraries.push(broken)
    const { file } = broken
    expect(faultCode(await openSscardReader({ library: file }))).toBe('CARD_VENDOR_SYMBOL')
    expect(faultCode(await openSdtapiReader({ library: file, port: 1001 }))).toBe('CARD_VENDOR_SYMBOL')
  })
})
