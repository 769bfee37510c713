/*
 * Every parser of the cards folder that takes bytes from outside, for test/campaigns/card-streams.ts.
 * A new parser is one more entry in `cardParsers`.
 */

import {
  decodeAdditionalAddresses,
  encodeAdditionalAddresses,
} from '../../src/cards/codec/additional-address.ts'
import { birthOf, parseCitizenNumber, sexOf } from '../../src/cards/codec/citizen-number.ts'
import { decodeAnswer, encodeAnswer } from '../../src/cards/codec/frame.ts'
import { FrameParser } from '../../src/cards/codec/frame-parser.ts'
import { fillerWltBlock, readPhotoBlock, wrapSimulatedPortrait } from '../../src/cards/codec/photo.ts'
import { joinReadAnswer, splitReadAnswer } from '../../src/cards/codec/read-answer.ts'
import { decodeTextRecord, encodeTextRecord } from '../../src/cards/codec/text-record.ts'
import type { CardRecord } from '../../src/cards/reader.ts'
import { unwrap } from '../../src/common/result.ts'
import {
  sampleForeigner2017,
  sampleForeigner2023,
  sampleRecord,
  sampleResidencePermit,
  webpOf,
} from '../cards/simulated-people.ts'
import { deviceParsers } from './card-device-parsers.ts'

/** A parser under fire. */
export interface ParserUnderFire {
  readonly name: string
  /**
   * Takes any bytes; whether it accepted something in them. Throws if what it accepted breaks a check that is written
   * apart from the parser.
   */
  parse(bytes: Uint8Array): boolean
  /** Good inputs that the campaign damages; without them the parser gets the other parsers' ones. */
  readonly samples?: readonly Uint8Array[]
}

const samplePeople = [sampleRecord, sampleResidencePermit, sampleForeigner2017, sampleForeigner2023]
const texts = samplePeople.map((record) => unwrap(encodeTextRecord(record)))
const photos = [
  fillerWltBlock(),
  unwrap(wrapSimulatedPortrait(null)),
  unwrap(wrapSimulatedPortrait(webpOf(700))),
]
const payloads = texts.map((text, i) =>
  joinReadAnswer(
    { text, photo: photos[i % 3] ?? new Uint8Array() },
    i % 2 ? new Uint8Array(1024) : undefined,
  ),
)

export const cardParsers: readonly ParserUnderFire[] = [
  {
    name: 'frame parser',
    parse: (bytes) => parseFrames(bytes, new FrameParser('answer')),
    samples: [
      ...payloads.map((payload) => encodeAnswer(0x90, payload)),
      encodeAnswer(0x9f, new Uint8Array(4)),
      encodeAnswer(0x80),
    ],
  },
  {
    name: 'frame parser, CVR-100AU',
    parse: (bytes) => parseFrames(bytes, new FrameParser('answer', ['negative-sum', 'xor'])),
    samples: [encodeAnswer(0x90, payloads[0], 'negative-sum'), encodeAnswer(0x80, undefined, 'negative-sum')],
  },
  {
    name: 'read answer',
    parse: (bytes) => {
      const blocks = splitReadAnswer(bytes)
      if (!blocks.ok) return false
      expectThat(blocks.value.text.length === 256 && blocks.value.photo.length <= 1024, 'block sizes')
      return true
    },
    samples: payloads,
  },
  ...samplePeople.map((person, i) => ({
    name: `text record, ${person.kind}`,
    parse: parseRecord,
    samples: texts.slice(i, i + 1),
  })),
  {
    name: 'photo block',
    parse: (bytes) => readPhotoBlock(bytes).format !== 'unknown',
    samples: photos,
  },
  {
    name: 'additional address',
    parse: (bytes) => {
      const addresses = decodeAdditionalAddresses(bytes)
      if (addresses.ok) expectThat(addresses.value.length <= 4, 'four addresses at most')
      return addresses.ok
    },
    samples: [unwrap(encodeAdditionalAddresses(['模拟省模拟市模拟路1号', '模拟路2号']))],
  },
  ...deviceParsers,
]

/** In chunks, as a line brings them; every frame must add up to the bytes that came. */
function parseFrames(bytes: Uint8Array, parser: FrameParser): boolean {
  const found = []
  const step = 1 + (bytes.length % 397)
  for (let at = 0; at < bytes.length; at += step) found.push(...parser.push(bytes.subarray(at, at + step)))
  found.push(...parser.abandonPending())
  parser.reset()
  const bodies = found.flatMap((frame) => (frame.kind === 'frame' ? [frame.body] : []))
  const framed = bodies.reduce((total, body) => total + body.length + 8, 0)
  expectThat(framed + parser.skippedBytes === bytes.length, 'every byte is in a frame or skipped')
  return bodies.some((body) => decodeAnswer(body) !== null)
}

function parseRecord(bytes: Uint8Array): boolean {
  const record = decodeTextRecord(bytes)
  if (record.ok) expectConsistent(record.value)
  return record.ok
}

/** Written apart from the decoders, so that a check they forgot shows. */
function expectConsistent({ kind, number, birth, sex, validFrom, validTo, ...record }: CardRecord): void {
  const isDay = (day: string) => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
  expectThat([birth, validFrom, validTo ?? birth].every(isDay), 'dates')
  expectThat(validTo === null || validFrom <= validTo, 'validity')
  expectThat(birth <= validFrom, 'valid before birth')
  expectThat(record.name !== '' && record.name.isWellFormed(), 'name')
  expectThat(kind.startsWith('foreigner') === /^[A-Z]{3}$/.test(record.nationality ?? ''), 'nationality')
  if (kind === 'foreigner2017') {
    expectThat(icaoSum(number.slice(0, 14)) === Number(number[14]), 'ICAO check')
    expectThat(number.slice(7, 13) === birth.slice(2).replaceAll('-', ''), 'birth in number')
    expectThat(number.slice(0, 3) === record.nationality, 'nationality in number')
    return
  }
  expectThat(parseCitizenNumber(number) === number, 'MOD 11-2')
  expectThat(birthOf(number) === birth, 'birth in number')
  expectThat(sex === '0' || sex === '9' || sex === sexOf(number), 'sex in number')
  const { formerNumber } = record
  if (formerNumber !== null)
    expectThat(icaoSum(formerNumber.slice(0, 14)) === Number(formerNumber[14]), 'former number')
}

function icaoSum(text: string): number {
  let sum = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    sum += (code < 65 ? code - 48 : code - 55) * (i % 3 === 0 ? 7 : i % 3 === 1 ? 3 : 1)
  }
  return sum % 10
}

function expectThat(holds: boolean, check: string): void {
  if (!holds) throw new Error(`accepted what breaks a check: ${check}`)
}
