import { parseArgs } from 'node:util'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { startFaceEngine } from '../../src/face/engine.ts'
import { DEFAULT_ENGINE } from '../../src/face/open-recogniser.ts'
import { Display } from '../../src/station/display.ts'
import { defaultDoorPolicy } from '../../src/station/door-policy.ts'
import { lookAtCamera } from '../../src/station/look.ts'
import { Mailbox } from '../../src/station/mailbox.ts'
import { pause } from '../../src/station/pause.ts'
import type { Snapshot } from '../../src/station/protocol.ts'

/*
 * How long after the portrait's bytes are there does the door have its verdict? A camera film runs at 15 frames a
 * second through the station's own look and the real engine process. Right and wrong people take turns; the film is
 * simulated from one photograph a person, so it says how fast the door is and nothing about how often it is right.
 *
 *   node test/campaigns/first-verdict.ts [--looks 200] [--fps 15] [--engine NAME] [--json]
 */

const { values } = parseArgs({
  options: {
    looks: { type: 'string', default: '200' },
    fps: { type: 'string', default: '15' },
    engine: { type: 'string', default: DEFAULT_ENGINE },
    json: { type: 'boolean', default: false },
  },
})
const looks = Number(values.looks)
const frameMs = 1000 / Number(values.fps)
const FILM_FRAMES = 45

const engine = await startFaceEngine({ engine: values.engine })
const people = await Promise.all(
  demoFaces.slice(0, 6).map(async (face, seed) => ({
    portrait: await makePortrait(face),
    film: await Array.fromAsync(cameraFrames(face, { count: FILM_FRAMES, seed: seed + 1 })),
  })),
)

const frames = new Mailbox<Uint8Array>()
let showing = people[0]!.film
let turn = 0
const camera = setInterval(() => frames.put(showing[turn++ % showing.length]!), frameMs)

const ms: Record<'right' | 'wrong', number[]> = { right: [], wrong: [] }
const verdicts: Record<string, number> = {}
for (let i = 0; i < looks; i++) {
  const who = i % people.length
  const isWrong = i % 4 === 3
  showing = people[isWrong ? (who + 1) % people.length : who]!.film
  // A portrait comes at any moment of the camera's beat.
  await pause(frameMs * ((i * 7) % 10) * 0.1, new AbortController().signal)
  const start = performance.now()
  const { template } = unwrap(await engine.template(people[who]!.portrait, 'portrait'))
  const { verdict } = await lookAtCamera(
    {
      engine,
      policy: defaultDoorPolicy,
      display: new Display({ hint: null } as Omit<Snapshot, 'type' | 'revision'>),
      frames,
      reference: template,
    },
    new AbortController().signal,
  )
  ms[isWrong ? 'wrong' : 'right'].push(performance.now() - start)
  const key = `${isWrong ? 'wrong' : 'right'} ${verdict}`
  verdicts[key] = (verdicts[key] ?? 0) + 1
}
clearInterval(camera)
await engine.close()

const all = [...ms.right, ...ms.wrong]
const answer = {
  engine: engine.info.engine,
  fps: Number(values.fps),
  looks: all.length,
  ms: { all: summary(all), right: summary(ms.right), wrong: summary(ms.wrong) },
  verdicts,
}
if (values.json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
else {
  for (const [name, { p50, p95, max }] of Object.entries(answer.ms)) {
    process.stdout.write(`${name.padEnd(6)} median ${p50} ms, p95 ${p95} ms, longest ${max} ms\n`)
  }
  process.stdout.write(`${looks} looks at ${answer.fps} frames/s, ${answer.engine}: `)
  process.stdout.write(
    `${Object.entries(verdicts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}\n`,
  )
}

function summary(values: readonly number[]): { p50: number; p95: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}
