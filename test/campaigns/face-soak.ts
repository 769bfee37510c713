/*
 * A year at a small door, in minutes: checks through the real engine process, with its memory looked at on the way.
 *
 *   npx node test/campaigns/face-soak.ts --checks 10000 --engine arcface
 *
 * A check is a portrait, then three frames of its owner: one searched, two followed. Now and then there is nobody in
 * the frame, the file is cut off, or it is a picture of twelve megapixels. Prints one JSON line for each quarter and
 * one for all, memory in MB (10⁶ bytes) as Linux counts it for the engine's process (VmRSS; peak: VmHWM).
 *
 * Exit 1 when the resident memory was ever above 350 MB, when it grows, or when an answer was not the one expected.
 * It grows when the straight line through the samples after the first quarter (least squares) rises by more than 1 MB
 * in 1,000 checks: less can't be told from the garbage collector's teeth here, and would be 100 MB in a year.
 */

import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { cameraFrames, emptyFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { type FaceEngine, startFaceEngine } from '../../src/face/engine.ts'
import { DEFAULT_ENGINE, engineNames } from '../../src/face/open-recogniser.ts'
import { campaignCounts } from './campaign-counts.ts'

const MAXIMUM_MB = 350
const MAXIMUM_RISE = 1
const SAMPLES = 400

const { checks, engine: chosen } = campaignCounts({ checks: 10_000 }, { engine: engineNames })
const people = await Promise.all(
  demoFaces.map(async (face) => ({
    portrait: await makePortrait(face),
    frames: await Array.fromAsync(cameraFrames(face, { count: 12, seed: 1 })),
  })),
)
const [nobody] = await Array.fromAsync(emptyFrames({ count: 1, seed: 1 }))
const cutOff = people[0]!.frames[0]!.subarray(0, 9_000)
const large = await sharp(people[0]!.frames[0]!).resize(4_000, 3_000).jpeg().toBuffer()

const engine = await startFaceEngine({ engine: chosen ?? DEFAULT_ENGINE })
const samples: { readonly check: number; readonly mb: number }[] = []
const unexpected = new Map<string, number>()
let tracked = 0
let pid = engine.pid
const started = performance.now()
try {
  report({ check: 0, mb: residentMb() })
  for (let check = 1; check <= checks; check++) {
    await standAtTheDoor(engine, check)
    // Memory of a new process would hide the growth of the old one.
    if (engine.pid !== pid) surprise('the engine was replaced')
    pid = engine.pid
    if (check % Math.ceil(checks / SAMPLES) === 0) samples.push({ check, mb: residentMb() })
    if (check % Math.ceil(checks / 4) === 0) report({ check, mb: residentMb() })
  }
  const risePerThousand = slope(samples.filter(({ check }) => check > checks / 4)) * 1_000
  const peakMb = memoryMb('VmHWM')
  const fits = Math.max(peakMb, ...samples.map(({ mb }) => mb)) <= MAXIMUM_MB
  const grows = !(risePerThousand <= MAXIMUM_RISE)
  const ok = fits && !grows && unexpected.size === 0
  report({
    done: true,
    checks,
    ok,
    peakMb,
    grows,
    mbPerThousandChecks: Math.round(risePerThousand * 1e3) / 1e3,
  })
  process.exitCode = ok ? 0 : 1
} finally {
  await engine.close()
}

async function standAtTheDoor(engine: FaceEngine, check: number): Promise<void> {
  const { portrait, frames } = people[check % people.length]!
  const template = await engine.template(portrait, 'portrait')
  if (!template.ok) return surprise(`portrait ${template.fault.code}`)
  for (let i = 0; i < 3; i++) {
    const frame = frames[(check + i) % frames.length]!
    const compared = await engine.compare(frame, template.value.template, { fresh: i === 0 })
    if (!compared.ok) surprise(`frame ${compared.fault.code}`)
    // The simulated people sway, so a gate may refuse a frame; losing the face would be wrong.
    else if (compared.value.issue === 'no-face') surprise('nobody in a frame of somebody')
    else if (compared.value.tracked) tracked++
  }
  if (check % 20 === 0) {
    const empty = await engine.compare(nobody!, template.value.template)
    if (!empty.ok || empty.value.issue !== 'no-face') surprise('a face where nobody is')
  }
  if (check % 50 === 0) {
    const broken = await engine.compare(cutOff, template.value.template)
    if (broken.ok || broken.fault.code !== 'FACE_IMAGE_INVALID') surprise('half a file was read')
  }
  if (check % 500 === 0) {
    const compared = await engine.compare(large, template.value.template)
    if (!compared.ok) surprise(`large ${compared.fault.code}`)
  }
}

function surprise(what: string): void {
  unexpected.set(what, (unexpected.get(what) ?? 0) + 1)
}

function residentMb(): number {
  return memoryMb('VmRSS')
}

/** A line of /proc/PID/status, which counts in KiB. */
function memoryMb(line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${engine.pid}/status`, 'utf8')
  const kibibytes = Number(new RegExp(`^${line}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
  return Math.round(kibibytes * 0.01024) / 10
}

/** Of the least-squares line, MB a check. */
function slope(points: readonly { readonly check: number; readonly mb: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(points.map(({ check }) => check))
  const y = mean(points.map(({ mb }) => mb))
  const rise = points.reduce((sum, { check, mb }) => sum + (check - x) * (mb - y), 0)
  return rise / points.reduce((sum, { check }) => sum + (check - x) ** 2, 0)
}

function report(line: object): void {
  const seconds = Math.round((performance.now() - started) / 100) / 10
  process.stdout.write(
    `${JSON.stringify({ ...line, seconds, tracked, unexpected: Object.fromEntries(unexpected) })}\n`,
  )
}
