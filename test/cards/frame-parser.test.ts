import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeAnswer, PREAMBLE } from '../../src/cards/codec/frame.ts'
import { FrameParser, type ParsedFrame } from '../../src/cards/codec/frame-parser.ts'
import { bytes } from './simulated-people.ts'

const answer = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 2_000 }))
  .map(([status, data]) => encodeAnswer(status, data))

// Without 0xAA there is no preamble in it, so that what comes out is known.
const noise = fc.uint8Array({ maxLength: 64 }).map((raw) => raw.map((byte) => (byte === 0xaa ? 0xab : byte)))

function bodyOf(frame: Uint8Array): Uint8Array {
  return frame.subarray(7, -1)
}

function cut(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    chunks.push(stream.subarray(at, at + size))
    at += size
  }
  return chunks
}

function good(found: readonly ParsedFrame[]): Uint8Array[] {
  return found.flatMap((frame) => (frame.kind === 'frame' ? [frame.body] : []))
}

describe('frame parser', () => {
  it('gives the same frames however the line cuts, joins and surrounds them with noise', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, answer), { maxLength: 6 }),
        noise,
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
        (parts, tail, sizes) => {
          const stream = Buffer.concat([...parts.flat(), tail])
          const parser = new FrameParser('answer')
          const found = cut(stream, sizes).flatMap((chunk) => parser.push(chunk))
          parser.reset()
          expect(good(found)).toEqual(parts.map(([, frame]) => new Uint8Array(bodyOf(frame))))
          const inFrames = parts.reduce((sum, [, frame]) => sum + frame.length, 0)
          expect(parser.skippedBytes).toBe(stream.length - inFrames)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never accepts a body whose checksum is wrong, whatever comes', () => {
    const hostile = fc.array(
      fc.oneof(answer, noise, fc.constant(PREAMBLE), fc.uint8Array({ maxLength: 20 })),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(5_000)), fc.nat(255), (parts, hits, mask) => {
        const stream = Uint8Array.from(Buffer.concat(parts))
        for (const at of hits) if (at < stream.length) stream[at] = (stream[at] ?? 0) ^ mask
        const parser = new FrameParser('answer')
        for (const body of good(parser.push(stream))) {
          // Whatever is accepted must lie in the stream as a whole good frame.
          const whole = Buffer.from([...PREAMBLE, (body.length + 1) >> 8, (body.length + 1) & 0xff, ...body])
          const checksum = whole.subarray(5).reduce((sum, byte) => sum ^ byte, 0)
          expect(Buffer.from(stream).includes(Buffer.concat([whole, Buffer.of(checksum)]))).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('reports a frame with a wrong checksum and finds the good one behind it', () => {
    const wrong = encodeAnswer(0x90, new Uint8Array(8))
    wrong[wrong.length - 1] = 0
    const parser = new FrameParser('answer')
    const found = parser.push(Buffer.concat([wrong, encodeAnswer(0x80)]))
    expect(found).toEqual([
      { kind: 'damaged', bytes: wrong.length },
      { kind: 'frame', body: bytes('00 00 80') },
    ])
    expect(parser.damagedFrames).toBe(1)
    expect(parser.skippedBytes).toBe(wrong.length)
  })

  it('finds the frame that noise with a preamble of its own had swallowed', () => {
    const parser = new FrameParser('answer')
    const found = parser.push(
      Buffer.concat([PREAMBLE, bytes('00 20'), encodeAnswer(0x80), new Uint8Array(40)]),
    )
    expect(good(found)).toEqual([bytes('00 00 80')])
  })

  it('gives up a pending frame on demand and returns what it hid', () => {
    const parser = new FrameParser('answer')
    expect(parser.push(Buffer.concat([PREAMBLE, bytes('05 08'), encodeAnswer(0x80)]))).toEqual([])
    expect(parser.midFrame).toBe(true)
    expect(good(parser.abandonPending())).toEqual([bytes('00 00 80')])
    expect(parser.midFrame).toBe(false)
  })

  it('takes a preamble that begins with too many AA', () => {
    const parser = new FrameParser('answer')
    const found = parser.push(Buffer.concat([bytes('AA AA'), encodeAnswer(0x9f, new Uint8Array(4))]))
    expect(good(found)).toHaveLength(1)
    expect(parser.skippedBytes).toBe(2)
  })

  it('is not misled by 96 69 inside a frame', () => {
    const parser = new FrameParser('answer')
    expect(good(parser.push(encodeAnswer(0x90, bytes('96 69 00 04 96 69'))))).toHaveLength(1)
  })

  it.each([
    ['answer', '00 03 10 FF EC'],
    ['answer', '0A 01 00 00 90'],
    ['request', '00 02 10 12'],
  ] as const)('passes over an %s length field out of range: %s', (kind, rest) => {
    const parser = new FrameParser(kind)
    expect(parser.push(Buffer.concat([PREAMBLE, bytes(rest)]))).toEqual([])
    expect(parser.midFrame).toBe(false)
  })

  it('forgets half a frame at a reset and counts it as skipped', () => {
    const parser = new FrameParser('answer')
    const frame = encodeAnswer(0x90, new Uint8Array(300))
    parser.push(frame.subarray(0, 200))
    parser.reset()
    expect(parser.push(frame.subarray(200))).toEqual([])
    expect(good(parser.push(encodeAnswer(0x80)))).toHaveLength(1)
    expect(parser.skippedBytes).toBe(frame.length)
  })
})
