import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeAnswer, encodeRequest } from '../../src/cards/codec/frame.ts'
import { FrameParser, type ParsedFrame } from '../../src/cards/codec/frame-parser.ts'
import {
  DK_COMMAND,
  DK_MAX_DATA,
  DkParser,
  encodeDkAnswer,
  encodeDkRequest,
} from '../../src/cards/codec/hid/dk.ts'
import { cutIntoReports, GENERIC_LAYOUT, GenericReassembler } from '../../src/cards/codec/hid/generic.ts'
import {
  decodeGwiAnswer,
  encodeGwiReports,
  encodeGwiRequest,
  GWI_APDU,
  GWI_POWER_ON,
  GwiParser,
} from '../../src/cards/codec/hid/gwi.ts'
import {
  decodeHuadaAnswer,
  decodeHuadaRequest,
  encodeHuadaAnswer,
  encodeHuadaRequest,
  HUADA_COMMAND,
  huadaAnswerReports,
} from '../../src/cards/codec/hid/huada.ts'
import { bytes } from './simulated-people.ts'

/** The bytes, zero padded to a whole report. */
function padded(hex: string, size: number): Uint8Array {
  const report = new Uint8Array(size)
  report.set(bytes(hex))
  return report
}

const report = fc.uint8Array({ maxLength: 70 })

describe('DK reports', () => {
  it('carry a SAM frame behind length, count and command', () => {
    expect(encodeDkRequest(DK_COMMAND.sam, encodeRequest(0x20, 0x01))).toEqual([
      padded('00 0C 00 34 AA AA AA 96 69 00 03 20 01 22', 65),
    ])
  })

  it('carry 61 bytes in the first and 62 in each that follows', () => {
    const data = Uint8Array.from({ length: 61 + 62 + 1 }, (_, i) => i)
    const reports = encodeDkRequest(DK_COMMAND.slotApdu, data)
    expect(reports).toHaveLength(3)
    expect(reports[0]).toEqual(Uint8Array.of(0, 63, 2, 0x92, ...data.subarray(0, 61)))
    expect(reports[1]).toEqual(Uint8Array.of(0, 63, 0xc1, ...data.subarray(61, 123)))
    expect(reports[2]).toEqual(padded('00 02 C2 7B', 65))
  })

  it('are refused when a message needs more than 63 followers', () => {
    expect(encodeDkRequest(DK_COMMAND.sam, new Uint8Array(DK_MAX_DATA))).toHaveLength(64)
    expect(() => encodeDkRequest(DK_COMMAND.sam, new Uint8Array(DK_MAX_DATA + 1))).toThrow(RangeError)
  })

  it('give an answer with its status, 90 00 for success', () => {
    const parser = new DkParser('answer')
    expect(parser.push(padded('06 00 34 90 00 AA BB', 64))).toEqual({
      command: 0x34,
      succeeded: true,
      data: bytes('AA BB'),
    })
    expect(parser.push(padded('04 00 90 6E 81', 64))).toMatchObject({ command: 0x90, succeeded: false })
  })

  it('pass over an acknowledgement between the parts of an answer', () => {
    const parser = new DkParser('answer')
    const [first, second] = encodeDkAnswer(0x34, true, new Uint8Array(100).fill(7))
    expect(parser.push(first!)).toBeNull()
    expect(parser.push(padded('FF', 64))).toBeNull()
    expect(parser.push(second!)?.data).toEqual(new Uint8Array(100).fill(7))
  })

  it('give every message however long, and nothing but messages', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 1_400 }), { maxLength: 5 }), (answers) => {
        const parser = new DkParser('answer')
        const found = answers
          .flatMap((data) => encodeDkAnswer(0x34, true, data))
          .flatMap((sent) => parser.push(sent) ?? [])
        expect(found.map(({ data }) => data)).toEqual(answers)
      }),
      { numRuns: 100 },
    )
  })

  it('give no message of which a part was lost, doubled or moved', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 61, maxLength: 600 }),
        fc.constantFrom('lose', 'double', 'swap'),
        fc.nat(),
        (data, accident, where) => {
          const reports = encodeDkAnswer(0x34, true, data)
          const at = where % (reports.length - (accident === 'swap' ? 1 : 0))
          if (accident === 'lose') reports.splice(at, 1)
          else if (accident === 'double') reports.splice(at, 0, reports[at]!)
          else reports.splice(at, 2, reports[at + 1]!, reports[at]!)
          const parser = new DkParser('answer')
          const found = reports.flatMap((sent) => parser.push(sent) ?? [])
          // A first report that comes twice starts the same message anew; a last one twice comes too late to harm.
          const harmless = accident === 'double' && (at === 0 || at === reports.length - 2)
          expect(found.map((message) => message.data)).toEqual(harmless ? [data] : [])
        },
      ),
      { numRuns: 200 },
    )
  })

  it('never make the parser throw', () => {
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        const parser = new DkParser('answer')
        for (const any of reports) parser.push(any)
      }),
    )
  })
})

const SELECT_SSSE = bytes('00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF')

/** The logs of a7082633/HDOS_VC6, usbins.txt. */
describe('GWI-IC20 frames, as logged', () => {
  const parse = (hex: string) => new GwiParser().push(padded(hex, 64))

  it('power on', () => {
    expect(encodeGwiRequest(GWI_POWER_ON)).toEqual([
      padded('00 02 30 30 30 35 33 32 32 32 30 30 30 30 30 30 31 30 03', 65),
    ])
  })

  it('select of the social security environment', () => {
    expect(encodeGwiRequest(Uint8Array.of(...GWI_APDU, ...SELECT_SSSE))).toEqual([
      padded(
        '00 02 30 30 31 37 33 32 32 36 30 30 30 30 3A 34 30 34 30 30 30 3F 37 33 37 38 33 31 32 3E 37 33 36 38 ' +
          '32 3E 3C 39 3E 37 3B 3B 3E 31 3B 31 3A 33 3D 35 3C 3F 3E 36 03',
        65,
      ),
    ])
  })

  it('a card that gave no answer', () => {
    const [frame] = parse('02 30 30 30 32 31 30 30 37 31 37 03')
    expect(frame).toEqual({ kind: 'frame', data: bytes('10 07') })
    expect(decodeGwiAnswer(bytes('10 07'))).toEqual({ status: 0x1007, payload: new Uint8Array() })
  })

  it.each([
    ['the answer to power on', '00 00 3B 6D 00 00 00 81 31 47 31 86 50 43 02 00 00 00 13', 0x14],
    ['61 18', '00 00 61 18', 0x79],
    ['GET RESPONSE', '32 26 00 00 C0 00 00 18', 0xcc],
    [
      'the environment',
      '00 00 6F 16 84 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF A5 03 88 01 1E 90 00',
      0x0e,
    ],
    ['6C 40', '00 00 6C 40', 0x2c],
  ])('the check byte of %s', (_, hex, check) => {
    const data = bytes(hex)
    const text = Buffer.concat(encodeGwiReports(data)).toString('latin1').replace(/\0+$/, '')
    expect(text.slice(-3, -1)).toBe(String.fromCharCode(0x30 | (check >> 4), 0x30 | (check & 15)))
    expect(new GwiParser().push(Buffer.from(text, 'latin1'))).toEqual([{ kind: 'frame', data }])
  })
})

describe('GWI parser', () => {
  it('joins a frame that goes on in the next reports', () => {
    const data = Uint8Array.from({ length: 300 }, (_, i) => i)
    const parser = new GwiParser()
    const reports = encodeGwiReports(data)
    expect(reports.length).toBeGreaterThan(9)
    expect(reports.flatMap((part) => parser.push(part))).toEqual([{ kind: 'frame', data }])
  })

  it.each([
    ['a wrong check byte', '02 30 30 30 32 31 30 30 37 31 36 03'],
    ['a wrong length', '02 30 30 30 33 31 30 30 37 31 37 03'],
    ['half a byte', '02 30 30 30 32 31 30 30 37 31 03'],
    ['a character that is none', '02 30 30 30 32 31 41 30 37 31 37 03'],
    ['nothing', '02 03'],
    ['a second start', '02 30 02'],
  ])('reports a frame with %s', (_, hex) => {
    expect(new GwiParser().push(bytes(hex))[0]).toEqual({ kind: 'damaged' })
  })

  it('gives up a frame that never ends', () => {
    const endless = Uint8Array.of(0x02, ...new Uint8Array(10_000).fill(0x30))
    expect(new GwiParser().push(endless)).toEqual([{ kind: 'damaged' }])
  })

  it('finds every frame in any noise and any cut, and never another', () => {
    const noise = fc
      .uint8Array({ maxLength: 40 })
      .map((raw) => raw.map((byte) => (byte === 0x02 ? 0x00 : byte)))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, fc.uint8Array({ maxLength: 300 }))),
        fc.integer({ min: 1, max: 64 }),
        (parts, size) => {
          const stream = Buffer.concat(parts.flatMap(([before, data]) => [before, ...encodeGwiReports(data)]))
          const parser = new GwiParser()
          const found = []
          for (let at = 0; at < stream.length; at += size)
            found.push(...parser.push(stream.subarray(at, at + size)))
          expect(found).toEqual(parts.map(([, data]) => ({ kind: 'frame', data })))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes no frame of which one bit was turned', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(), fc.nat(7), (data, where, bit) => {
        const text = Uint8Array.from(Buffer.concat(encodeGwiReports(data))).subarray(0, 2 * data.length + 8)
        text[where % text.length]! ^= 1 << bit
        expect(new GwiParser().push(text).filter(({ kind }) => kind === 'frame')).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

describe('HuaDa feature reports', () => {
  it('power on the main slot', () => {
    expect(encodeHuadaRequest(HUADA_COMMAND.powerOn, bytes('0C 40'))).toEqual([
      padded('00 02 08 00 03 00 75 0C 40 32', 33),
    ])
  })

  it('chain a request of more than 23 bytes of APDU behind 82', () => {
    const apdu = Uint8Array.from({ length: 24 }, (_, i) => i)
    const reports = encodeHuadaRequest(HUADA_COMMAND.apdu, Uint8Array.of(0x0c, 0x00, ...apdu))
    expect(reports[0]).toEqual(Uint8Array.of(...bytes('00 82 08 00 1B 00 72 0C 00'), ...apdu))
    const check = reports.flatMap((one) => [...one.subarray(2)]).reduce((sum, byte) => sum ^ byte, 0)
    expect(reports).toHaveLength(2)
    expect(reports[1]?.subarray(0, 2)).toEqual(bytes('00 02'))
    expect(check).toBe(0)
  })

  it('give an ATR behind one byte of length and a response behind two', () => {
    const atr = [padded('00 02 02 00 04 3B 00 11 22', 33)]
    expect(decodeHuadaAnswer(atr, 'power-on')).toEqual({ status: 0, data: bytes('3B 00 11 22') })
    const response = [padded('00 02 02 00 02 00 90 00', 33)]
    expect(decodeHuadaAnswer(response, 'usual')).toEqual({ status: 0, data: bytes('90 00') })
  })

  it('say by the first how many there are: 27 bytes in it, 31 in each that follows', () => {
    expect(huadaAnswerReports(padded('00 02 02 00 02 00 90 00', 33), 'usual')).toBe(1)
    expect(huadaAnswerReports(padded('00 82 02 00 1C 00', 33), 'usual')).toBe(2)
    expect(huadaAnswerReports(padded('00 82 02 00 3A 00', 33), 'usual')).toBe(2)
    expect(huadaAnswerReports(padded('00 82 02 00 3B 00', 33), 'usual')).toBe(3)
    expect(huadaAnswerReports(padded('00 82 02 00 FF FF', 33), 'usual')).toBeNull()
    expect(huadaAnswerReports(padded('00 55', 33), 'usual')).toBeNull()
    expect(huadaAnswerReports(new Uint8Array(3), 'usual')).toBeNull()
  })

  it('come back as they went, both ways', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 300 }), (code, data) => {
        expect(decodeHuadaRequest(encodeHuadaRequest(code, data))).toEqual({
          command: code,
          parameters: data,
        })
        const answer = encodeHuadaAnswer({ status: 0, data }, 'usual')
        expect(huadaAnswerReports(answer[0]!, 'usual')).toBe(answer.length)
        expect(decodeHuadaAnswer(answer, 'usual')).toEqual({ status: 0, data })
      }),
      { numRuns: 200 },
    )
  })

  it('never make the decoder throw or give more than came', () => {
    const any = fc.uint8Array({ minLength: 0, maxLength: 34 })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), fc.constantFrom('usual', 'power-on'), (reports, kind) => {
        const answer = decodeHuadaAnswer(reports, kind)
        expect(answer?.data.length ?? 0).toBeLessThanOrEqual(31 * reports.length)
      }),
    )
  })
})

describe('generic reassembler', () => {
  const layouts = [
    { reportBytes: 64, lengthPrefix: false },
    { reportBytes: 64, lengthPrefix: true },
    { reportBytes: 8, lengthPrefix: false },
    { reportBytes: 16, lengthPrefix: true },
  ]
  const answer = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 400 }))
    .map(([status, data]) => encodeAnswer(status, data))
  const good = (found: readonly ParsedFrame[]) => found.filter(({ kind }) => kind === 'frame').length

  it('gives the stream without padding whether or not a length stands in front, and needs not be told', () => {
    fc.assert(
      fc.property(fc.constantFrom(...layouts), fc.array(answer), (layout, answers) => {
        const reassembler = new GenericReassembler()
        const stream = answers
          .flatMap((frame) => cutIntoReports(frame, layout))
          .map((part) => reassembler.push(part))
        expect(Buffer.concat(stream)).toEqual(Buffer.concat(answers))
      }),
      { numRuns: 300 },
    )
  })

  it('keeps answers that stand side by side in a report', () => {
    fc.assert(
      fc.property(fc.constantFrom(...layouts), fc.array(answer, { minLength: 1 }), (layout, answers) => {
        const reassembler = new GenericReassembler(layout)
        const joined = Buffer.concat(answers)
        const stream = cutIntoReports(joined, layout).map((part) => reassembler.push(part))
        expect(Buffer.concat(stream)).toEqual(joined)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps zeros that belong to a frame, its checksum too', () => {
    const frame = encodeAnswer(0x90, Uint8Array.of(0x94 ^ 0x90 ^ 0x04 ^ 0x05, 0x90))
    frame[frame.length - 1] = 0
    const reassembler = new GenericReassembler()
    expect(reassembler.push(cutIntoReports(frame, GENERIC_LAYOUT)[0]!)).toEqual(frame)
  })

  it('finds the next answer after a report was lost', () => {
    const lossy = cutIntoReports(encodeAnswer(0x90, new Uint8Array(300)), GENERIC_LAYOUT).slice(0, 3)
    const reports = [...lossy, ...cutIntoReports(encodeAnswer(0x80), GENERIC_LAYOUT)]
    const reassembler = new GenericReassembler()
    const parser = new FrameParser('answer')
    const found = reports.flatMap((part) => parser.push(reassembler.push(part)))
    expect(good([...found, ...parser.abandonPending()])).toBe(1)
  })

  it('never throws, and hands on no frame that did not come', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            report,
            answer.map((frame) => frame.subarray(0, 64)),
          ),
        ),
        (reports) => {
          const reassembler = new GenericReassembler()
          const out = Buffer.concat(reports.map((any) => reassembler.push(any)))
          expect(out.length).toBeLessThanOrEqual(Buffer.concat(reports).length)
        },
      ),
      { numRuns: 500 },
    )
  })
})
