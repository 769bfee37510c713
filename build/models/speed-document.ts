import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { LivenessNetwork } from '../../src/face/liveness/passive.ts'
import { asKioskFrame, measureSpeed, type SpeedReport, type Timing } from '../../src/face/speed.ts'

/*
 * node build/models/speed-document.ts      measures and writes docs/face-speed.md
 *
 * The median of three runs, because the machine may have other work; all numbers of a line come from one run.
 */

const RUNS = 60
const [encoded] = await Array.fromAsync(cameraFrames(demoFaces[0]!, { count: 1, seed: 1 }))
const frame = await asKioskFrame(encoded!)
const one = await medianReport(1)
const two = await medianReport(2)
writeFileSync(join(import.meta.dirname, '../../docs/face-speed.md'), document(one, two))

async function medianReport(threads: number): Promise<SpeedReport> {
  const reports: SpeedReport[] = []
  for (let i = 0; i < 3; i++) {
    const recogniser = await ArcfaceRecogniser.open({ threads })
    const network = await LivenessNetwork.open({ threads })
    const report = await measureSpeed(recogniser, network, frame, RUNS)
    await Promise.all([recogniser.close(), network.close()])
    if (report === null) throw new Error('the demonstration’s frame has no face')
    reports.push(report)
  }
  return reports.toSorted((a, b) => a.ratio.tiny - b.ratio.tiny)[1]!
}

function document(one: SpeedReport, two: SpeedReport): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  const rows = Object.keys(one.stages).map((name) => {
    const stage = name as keyof SpeedReport['stages']
    return row(name, one.stages[stage], two.stages[stage])
  })
  return `# Speed of the face check

_Written by \`node build/models/speed-document.ts\`; don't edit by hand._

## What these numbers are not

- They are of one machine: ${processor}, ${cpus().length} of its cores, with other work beside. A kiosk's processor is two to
  five times slower. Measure yours: \`npm run -s shidao -- face speed\`.
- One frame of 640 × 480 with one face. Decoding is a stage of its own and in none of the chains, liveness only in the
  line that says so: the passive network and all that the other layers go by, for each frame that they are asked about.
- @vladmandic/face-api runs on TensorFlow.js with its WebAssembly kernels, one thread: the fastest way to run it in Node
  without a native package that can't be installed offline. A graphics card would change its numbers.

## Stages

Milliseconds, median (95th percentile).

| stage | one thread | two threads |
| ----- | ---------- | ----------- |
${rows.join('\n')}
${row('**chain**: frame to score', one.chain, two.chain)}
${row('**tracked chain**: the face is followed', one.trackedChain, two.trackedChain)}
${row('**with liveness**: the chain, then the liveness layers', one.withLiveness, two.withLiveness)}
| face-api, tiny detector, 68 landmarks, descriptor | ${cell(one.faceApi.tiny)} | ${cell(two.faceApi.tiny)} |
| face-api, SSD detector, 68 landmarks, descriptor | ${cell(one.faceApi.ssd)} | ${cell(two.faceApi.ssd)} |
| how many times the chain: tiny, SSD | ${times(one)} | ${times(two)} |

A line's chains were timed in turns within one run, so other work hits all of them alike. The product uses one thread: a
second one gains little on networks this small, and takes the core that serves readers and ledger.

## What made it fast

- The three networks are rewritten when they are built in (\`build/models/blocked-layout.ts\`): onnxruntime's CPU
  provider then keeps every value in its blocked layout. PReLU has no kernel there and forced two
  copies each; as depthwise convolutions it costs a third. Embedding 5.0 → 2.3 ms, landmarks 1.25 → 0.6, detection
  3.3 → 2.7, each alone on a quiet machine. \`make.ts\` refuses a rewriting whose outputs have a cosine below 0.999999
  beside those before; rates on the East-Asian list are the same to the last pair.
- In a look, a found face is followed for three frames by its landmarks, then searched for again
  (\`src/face/track.ts\`). Each frame is embedded and compared anew: a track carries places, never a score. It can't tell
  one person from another who takes exactly the same place between two frames; the scores do. On the East-Asian list a
  followed face scores as a found one (TAR at FAR 1e-3, pictures as they are: 98.75 % found, 98.57–98.92 % followed,
  on pictures that stay and on ones that move).
- Pictures are drawn for the networks without allocating anything.

## What was measured and left out

- A second, smaller detector (BlazeFace, front camera, 128 × 128) in front of this one: 2.5 ms less on searched frames and no
  worse rates, but it finds no face narrower than about a tenth of the frame, which needs the larger one after all;
  tracking saves as much without more weights.
- onnxruntime's memory arena, memory pattern, denormals as zero, prepacking: no difference beyond noise.
- Threads that spin while they wait: with two threads and three networks on two busy cores five times slower. Off.
`
}

function row(name: string, one: Timing, two: Timing): string {
  return `| ${name} | ${cell(one)} | ${cell(two)} |`
}

function cell({ p50, p95 }: Timing): string {
  return `${p50.toFixed(1)} (${p95.toFixed(1)})`
}

function times({ ratio }: SpeedReport): string {
  return `${ratio.tiny.toFixed(1)}, ${ratio.ssd.toFixed(1)}`
}
