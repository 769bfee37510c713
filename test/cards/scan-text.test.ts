import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  IDLE_MS,
  MAX_CODE_BYTES,
  REPEAT_MS,
  ScanAssembler,
  type ScanFinding,
} from '../../src/cards/codec/scan-text.ts'

const TERMINATORS = ['\r', '\n', '\r\n'] as const
const printable = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
  .filter((text) => !/[\r\n]/.test(text) && Buffer.from(text)[0]! >= 0x20 && text.isWellFormed())

/** 实到 in GBK, which is not UTF-8. */
const GBK = Uint8Array.of(0xca, 0xb5, 0xb5, 0xbd)

function code(text: string): ScanFinding {
  return { kind: 'code', text }
}

function all(chunks: readonly Uint8Array[], gapMs = 0): ScanFinding[] {
  const assembler = new ScanAssembler()
  const found = chunks.flatMap((chunk, i) => assembler.push(chunk, i * gapMs))
  return [...found, ...assembler.settle(chunks.length * gapMs + IDLE_MS)]
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

describe('scan assembler', () => {
  it('gives the same codes however the line cuts and joins them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(printable, fc.constantFrom(...TERMINATORS)), {
          maxLength: 5,
          selector: ([text]) => text,
        }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
        (codes, sizes) => {
          const stream = Buffer.from(codes.map(([text, terminator]) => text + terminator).join(''))
          expect(all(cut(stream, sizes), IDLE_MS / 4)).toEqual(
            codes.map(([text]) => code(text.replace(/^\ufeff/, ''))),
          )
        },
      ),
    )
  })

  it('gives the same for any bytes at all, whole or byte by byte, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 * MAX_CODE_BYTES }), (stream) => {
        expect(all(cut(stream, [1]))).toEqual(all([stream]))
      }),
      { numRuns: 60 },
    )
  })

  it('ends a code without a terminator by silence, and not before', () => {
    const assembler = new ScanAssembler()
    expect(assembler.push(Buffer.from('ab'), 0)).toEqual([])
    expect(assembler.push(Buffer.from('c'), IDLE_MS - 1)).toEqual([])
    expect(assembler.settle(2 * IDLE_MS - 2)).toEqual([])
    expect(assembler.settle(2 * IDLE_MS - 1)).toEqual([code('abc')])
    expect(assembler.settle(9 * IDLE_MS)).toEqual([])
  })

  it('takes what comes after silence for another code', () => {
    const assembler = new ScanAssembler()
    assembler.push(Buffer.from('first'), 0)
    expect(assembler.push(Buffer.from('second\r'), IDLE_MS)).toEqual([code('first'), code('second')])
  })

  it('drops control bytes at the start only', () => {
    expect(all([Buffer.from('\x02\x1d\0A\x1dB\r')])).toEqual([code('A\x1dB')])
  })

  it('reads GBK where it is not UTF-8, and says so where it is neither', () => {
    expect(all([Buffer.from('实到\r')])).toEqual([code('实到')])
    expect(all([GBK])).toEqual([code('实到')])
    expect(all([Uint8Array.of(0x41, 0xff, 0x0d)])).toEqual([{ kind: 'unreadable', why: 'not-text' }])
  })

  it('takes 2 KB and not a byte more', () => {
    const longest = 'x'.repeat(MAX_CODE_BYTES)
    expect(all([Buffer.from(`${longest}\r`)])).toEqual([code(longest)])
    expect(all([Buffer.from(`${longest}x\rnext\r`)])).toEqual([
      { kind: 'unreadable', why: 'too-long' },
      code('next'),
    ])
  })

  it('counts a code that is held before the scanner once, until it was gone', () => {
    const assembler = new ScanAssembler()
    const scan = (text: string, at: number) => assembler.push(Buffer.from(`${text}\r`), at)
    expect(scan('A', 0)).toEqual([code('A')])
    expect(scan('A', REPEAT_MS - 1)).toEqual([])
    expect(scan('A', 2 * REPEAT_MS - 2)).toEqual([])
    expect(scan('A', 3 * REPEAT_MS - 2)).toEqual([code('A')])
    expect(scan('B', 3 * REPEAT_MS - 1)).toEqual([code('B')])
    expect(scan('A', 3 * REPEAT_MS)).toEqual([code('A')])
  })
})
