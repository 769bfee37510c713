import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import { wilsonInterval } from '../../src/common/proportion.ts'
import { unwrap } from '../../src/common/result.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { decodeImage } from '../../src/face/image.ts'
import { fingerprintDistance } from '../../src/face/liveness/fingerprint.ts'
import { type FrameObservation, observe } from '../../src/face/liveness/observation.ts'
import { FrameMemory } from '../../src/face/liveness/seen-frames.ts'
import { text } from './figures.ts'
import { FRAME_MS, honest } from './instruments/clips.ts'
import { loadRoom, loadSitters } from './people.ts'

/*
 * node build/liveness/measure-replay.ts [--clips N]     how far a film of an earlier visit is known again that was changed
 *
 * Each of the generated honest clips is an earlier visit; then its film is shown once more, changed. Frames are known one by one,
 * so half of the film is as good as all of it. False alarms: every honest clip against the visits of everybody else, and of the same
 * person at another time in the same room, which is the harder question. Simulations of our own: real rooms differ less or more.
 */

/** What is done to each frame before it is shown again. */
const CHANGES: Readonly<Record<string, (frame: Uint8Array) => Sharp>> = {
  'compressed anew': (frame) => sharp(frame),
  mirrored: (frame) => sharp(frame).flop(),
  ...Object.fromEntries(
    [2, 4, 6, 8, 10, 15, 20, 30].map((percent) => [
      `${percent} % zoomed, middle`,
      (frame: Uint8Array) => cropped(frame, percent, 0.5, 0.5),
    ]),
  ),
  ...Object.fromEntries(
    [4, 8, 15, 30].map((percent) => [
      `${percent} % zoomed, a corner`,
      (frame: Uint8Array) => cropped(frame, percent, 0, 1),
    ]),
  ),
  'mirrored, 8 % zoomed': (frame) => cropped(frame, 8, 0.5, 0.5).flop(),
  'turned by 2 degrees': (frame) =>
    sharp(frame).rotate(2, { background: '#888' }).resize(WIDTH, HEIGHT, { fit: 'cover' }),
  'smaller, black around': (frame) =>
    sharp(frame).resize(576, 432).extend({ top: 24, bottom: 24, left: 32, right: 32, background: '#000' }),
}

const WIDTH = 640
const HEIGHT = 480

const clipsEach = Number(option('--clips') ?? 2)
const recogniser = await ArcfaceRecogniser.open()
const sitters = await loadSitters(recogniser)
const room = await loadRoom()
const visits: { readonly person: number; readonly frames: readonly Uint8Array[] }[] = []
for (const [person, sitter] of sitters.entries()) {
  for (let number = 0; number < clipsEach; number++) {
    const seed = createHash('sha256').update(`replay ${person} ${number}`).digest().readUInt32LE()
    visits.push({ person, frames: (await honest.make({ sitter, other: sitter, room }, seed)).frames })
  }
}
await recogniser.close()

const seen = await Promise.all(visits.map(({ frames }) => observed(frames)))
console.log('| film of an earlier visit | films known again | frames known again |')
console.log('| --- | --- | --- |')
for (const [name, change] of Object.entries(CHANGES)) {
  const hits = { films: 0, frames: 0, of: 0 }
  for (const [i, { frames }] of visits.entries()) {
    const memory = new FrameMemory()
    memory.addVisit(seen[i]!)
    const changed = await Promise.all(frames.map((frame) => change(frame).jpeg({ quality: 80 }).toBuffer()))
    const known = (await observed(changed)).filter((frame) => memory.sameMoment(frame) !== null).length
    hits.films += known > 0 ? 1 : 0
    hits.frames += known
    hits.of += frames.length
  }
  console.log(`| ${name} | ${share(hits.films, visits.length)} | ${share(hits.frames, hits.of)} |`)
}

for (const [words, isEarlier] of [
  ['other people’s visits', (a: number, b: number) => a !== b],
  ['the same person’s other visits', (a: number, b: number) => a === b],
] as const) {
  const alarms = { films: 0, frames: 0, of: 0 }
  for (const [i, frames] of seen.entries()) {
    const memory = new FrameMemory()
    for (const [j, earlier] of seen.entries()) {
      if (i !== j && isEarlier(visits[i]!.person, visits[j]!.person)) memory.addVisit(earlier)
    }
    const known = frames.filter((frame) => memory.sameMoment(frame) !== null).length
    alarms.films += known > 0 ? 1 : 0
    alarms.frames += known
    alarms.of += frames.length
  }
  console.log(
    `| false alarm: ${words} | ${share(alarms.films, seen.length)} | ${share(alarms.frames, alarms.of)} |`,
  )
}

const bitsOf = (frames: readonly FrameObservation[], others: readonly FrameObservation[]) =>
  frames.map(({ fingerprint }) =>
    Math.min(...others.map((other) => fingerprintDistance(fingerprint, other.fingerprint))),
  )
for (const quality of [80, 50, 30]) {
  const bits: number[] = []
  for (const [i, { frames }] of visits.entries()) {
    const again = await Promise.all(frames.map((frame) => sharp(frame).jpeg({ quality }).toBuffer()))
    bits.push(...bitsOf(await observed(again), seen[i]!))
  }
  console.log(`bits to the nearest kept frame, quality ${quality}: ${spread(bits)}`)
}
for (const same of [true, false]) {
  const bits = seen.flatMap((frames, i) =>
    bitsOf(
      frames,
      seen.flatMap((other, j) =>
        i !== j && (visits[i]!.person === visits[j]!.person) === same ? other : [],
      ),
    ),
  )
  console.log(
    `bits to the nearest frame of ${same ? 'the same person’s other' : 'others’'} visits: ${spread(bits)}`,
  )
}

const probe = new FrameMemory()
for (let i = 0; i < 2_000 / seen[0]!.length; i++) probe.addVisit(seen[i % seen.length]!)
const unknown = {
  ...seen[0]![0]!,
  thumbnail: seen[0]![0]!.thumbnail.toReversed(),
  fingerprint: '5a'.repeat(32),
}
const start = performance.now()
for (let i = 0; i < 20; i++) probe.sameMoment(unknown)
console.log(`one frame against a full memory: ${((performance.now() - start) / 20).toFixed(2)} ms`)

async function observed(frames: readonly Uint8Array[]): Promise<FrameObservation[]> {
  const observations: FrameObservation[] = []
  for (const [i, frame] of frames.entries()) {
    const { image } = unwrap(await decodeImage(frame))
    const sha256 = createHash('sha256').update(frame).digest('hex')
    observations.push(observe({ image, sha256, at: i * FRAME_MS }, null, null))
  }
  return observations
}

/** `percent` of width and height cut away; `x`, `y` 0 … 1: from which side. */
function cropped(frame: Uint8Array, percent: number, x: number, y: number): Sharp {
  const width = Math.round(WIDTH * (1 - percent / 100))
  const height = Math.round(HEIGHT * (1 - percent / 100))
  const left = Math.round((WIDTH - width) * x)
  const top = Math.round((HEIGHT - height) * y)
  return sharp(frame).extract({ left, top, width, height }).resize(WIDTH, HEIGHT)
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))]
  return `least ${at(0)}, 5 % ${at(0.05)}, median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}`
}

function share(hits: number, trials: number): string {
  return text({ hits, trials, interval: wilsonInterval(hits, trials) })
}

function option(name: string): string | null {
  const index = process.argv.indexOf(name)
  return index < 0 ? null : (process.argv[index + 1] ?? null)
}
