/*
 * Mutated, truncated, spliced and random bytes through every parser of the cards folder.
 *
 *   npx node test/campaigns/card-streams.ts --count 1000000 --seed 1 [--parser NAME]
 *
 * `--count` streams for each parser. Prints one JSON line a parser and one for all. Exit 1 if a parser threw, took
 * longer than a second over one stream, or accepted what breaks a check.
 */

import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { campaignCounts } from './campaign-counts.ts'
import { cardParsers, type ParserUnderFire } from './card-parsers.ts'

const { count, seed, parser } = campaignCounts(
  { count: 20_000, seed: 1 },
  { parser: cardParsers.map(({ name }) => name) },
)
const everySample = cardParsers.flatMap(({ samples }) => samples ?? [])

const chosen = cardParsers.filter(({ name }) => parser === null || name === parser)
const tallies = chosen.map(attack)
const streams = tallies.reduce((total, tally) => total + tally.streams, 0)
const bad = tallies.reduce((total, tally) => total + tally.thrown + tally.slow, 0)
print({ parser: 'all', seed, streams, bad })
process.exitCode = bad === 0 && streams > 0 ? 0 : 1

function attack(parser: ParserUnderFire) {
  const random = pseudoRandom(seed)
  const samples = parser.samples ?? everySample
  const tally = { parser: parser.name, streams: 0, accepted: 0, thrown: 0, slow: 0 }
  const started = performance.now()
  for (let i = 0; i < count; i++) {
    const stream = ruin(i, samples, random)
    const began = performance.now()
    try {
      if (parser.parse(stream)) tally.accepted++
    } catch (thrown) {
      tally.thrown++
      process.stderr.write(`${parser.name}, stream ${i} of seed ${seed}: ${thrown}\n`)
    }
    tally.streams++
    if (performance.now() - began > 1_000) tally.slow++
  }
  print({ ...tally, perSecond: Math.round((count * 1_000) / (performance.now() - started)) })
  return tally
}

/** A stream ruined in one of eight ways, each as often. */
function ruin(i: number, samples: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit)
  const any = () => samples[below(samples.length)] ?? new Uint8Array()
  const noise = (size: number) => Uint8Array.from({ length: size }, () => below(256))
  const sample = any()
  const cut = below(sample.length + 1)
  switch (i % 8) {
    case 0:
      return changed(sample, 1 + below(6), below, () => below(256))
    case 1:
      // Digits and letters of UTF-16LE where they were: what a damaged but plausible record has.
      return changed(sample, 1 + below(4), below, () => 0x30 + below(43))
    case 2:
      return sample.slice(0, cut)
    case 3:
      return Buffer.concat([sample.subarray(0, cut), any()])
    case 4:
      return Buffer.concat([sample.subarray(0, cut), any().subarray(0, 64), sample.subarray(cut)])
    case 5:
      // Of the same length, so that what only looks at the length goes on.
      return Buffer.concat([sample.subarray(0, cut), any().subarray(cut)])
    case 6:
      return Buffer.concat([noise(below(100)), sample, noise(below(100))])
    default:
      return noise(i % 16 < 8 ? sample.length : below(600))
  }
}

function changed(
  sample: Uint8Array,
  hits: number,
  below: (limit: number) => number,
  value: () => number,
): Uint8Array {
  const stream = Uint8Array.from(sample)
  for (let hit = 0; hit < hits && stream.length > 0; hit++) stream[below(stream.length)] = value()
  return stream
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
