/*
 * Mutated, truncated, spliced and random streams through every parser of the cards folder.
 *
 *   node test/campaigns/card-streams.ts --count 1000000 --seed 1
 *
 * Prints one JSON line. Exit 1 if anything threw or if a record was accepted that breaks a check.
 */

import { parseArgs } from 'node:util'
import { birthOf, parseCitizenNumber, sexOf } from '../../src/cards/codec/citizen-number.ts'
import { decodeAnswer, encodeAnswer, PREAMBLE } from '../../src/cards/codec/frame.ts'
import { FrameParser } from '../../src/cards/codec/frame-parser.ts'
import { fillerWltBlock, readPhotoBlock, wrapSimulatedPortrait } from '../../src/cards/codec/photo.ts'
import { joinReadAnswer, splitReadAnswer } from '../../src/cards/codec/read-answer.ts'
import { decodeTextRecord, encodeTextRecord } from '../../src/cards/codec/text-record.ts'
import type { CardRecord } from '../../src/cards/reader.ts'
import { steadyRandom } from '../../src/cards/simulator/reader-simulator.ts'
import { unwrap } from '../../src/common/result.ts'
import { sampleRecord } from '../cards/simulated-people.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
})
const count = Number(values.count)
const seed = Number(values.seed)
const random = steadyRandom(seed)

const below = (limit: number) => Math.floor(random() * limit)
const randomBytes = (size: number) => Uint8Array.from({ length: size }, () => below(256))

const text = unwrap(encodeTextRecord(sampleRecord))
const goodRead = encodeAnswer(0x90, joinReadAnswer({ text, photo: unwrap(wrapSimulatedPortrait(null)) }))
const goodFrames = [
  goodRead,
  encodeAnswer(0x90, joinReadAnswer({ text, photo: fillerWltBlock() })),
  encodeAnswer(0x9f, new Uint8Array(4)),
  encodeAnswer(0x90, new Uint8Array(8)),
  encodeAnswer(0x80),
]
const anyFrame = () => goodFrames[below(goodFrames.length)] ?? goodRead

/** Ways to ruin a stream; each is drawn equally often. */
const ruins: Readonly<Record<string, () => Uint8Array>> = {
  mutated: () => {
    const stream = Uint8Array.from(anyFrame())
    for (let hits = 1 + below(6); hits > 0; hits--) stream[below(stream.length)] = below(256)
    return stream
  },
  truncated: () => Buffer.concat([anyFrame().subarray(0, below(goodRead.length)), anyFrame()]),
  spliced: () => {
    const cut = below(goodRead.length)
    return Buffer.concat([goodRead.subarray(0, cut), anyFrame(), goodRead.subarray(cut)])
  },
  random: () => Buffer.concat([randomBytes(below(300)), PREAMBLE, randomBytes(below(300))]),
  // A right checksum over a wrong record: what the line can't find, the record's own checks must.
  resealed: () => {
    const damaged = Uint8Array.from(text)
    for (let hits = 1 + below(6); hits > 0; hits--) damaged[below(damaged.length)] = below(256)
    return encodeAnswer(0x90, joinReadAnswer({ text: damaged, photo: randomBytes(below(1025)) }))
  },
}

const tally = { streams: 0, frames: 0, damagedFrames: 0, accepted: 0, wronglyAccepted: 0, thrown: 0 }
const started = performance.now()
const kinds = Object.values(ruins)
for (let i = 0; i < count; i++) {
  const stream = (kinds[i % kinds.length] ?? randomBytes.bind(null, 64))()
  tally.streams++
  try {
    feed(stream)
  } catch (thrown) {
    tally.thrown++
    process.stderr.write(`stream ${i} of seed ${seed}: ${thrown}\n`)
  }
}
const seconds = (performance.now() - started) / 1000
process.stdout.write(`${JSON.stringify({ seed, ...tally, perSecond: Math.round(count / seconds) })}\n`)
process.exitCode = tally.thrown + tally.wronglyAccepted === 0 ? 0 : 1

function feed(stream: Uint8Array): void {
  const parser = new FrameParser('answer')
  for (let at = 0; at < stream.length; ) {
    const chunk = stream.subarray(at, at + 1 + below(400))
    at += chunk.length
    for (const frame of parser.push(chunk)) take(frame)
  }
  for (const frame of parser.abandonPending()) take(frame)
  tally.damagedFrames += parser.damagedFrames
}

function take(frame: ReturnType<FrameParser['push']>[number]): void {
  if (frame.kind === 'damaged') return
  tally.frames++
  const answer = decodeAnswer(frame.body)
  const blocks = answer === null ? null : splitReadAnswer(answer.data)
  if (!blocks?.ok) return
  readPhotoBlock(blocks.value.photo)
  const record = decodeTextRecord(blocks.value.text)
  if (!record.ok) return
  tally.accepted++
  if (!isConsistent(record.value)) tally.wronglyAccepted++
}

/** Written apart from the decoder, so that a check it forgot shows. */
function isConsistent({ number, birth, sex, validFrom, validTo, name }: CardRecord): boolean {
  const isDay = (day: string) => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
  return (
    parseCitizenNumber(number) === number &&
    birthOf(number) === birth &&
    (sex === '0' || sex === '9' || sex === sexOf(number)) &&
    [birth, validFrom, validTo ?? birth].every(isDay) &&
    (validTo === null || validFrom <= validTo) &&
    name !== '' &&
    name.isWellFormed()
  )
}
