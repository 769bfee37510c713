import { unwrap } from '../../src/common/result.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { livingFrames } from '../../src/demo/living-camera.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { startFaceEngine } from '../../src/face/engine.ts'
import { FrameMemory } from '../../src/face/liveness/seen-frames.ts'
import { DEFAULT_ENGINE, engineNames } from '../../src/face/open-recogniser.ts'
import { Display } from '../../src/station/display.ts'
import { defaultDoorPolicy } from '../../src/station/door-policy.ts'
import { livenessGuard } from '../../src/station/liveness-guard.ts'
import { lookAtCamera } from '../../src/station/look.ts'
import { Mailbox } from '../../src/station/mailbox.ts'
import { pause } from '../../src/station/pause.ts'
import type { Snapshot } from '../../src/station/protocol.ts'
import { campaignCounts } from './campaign-counts.ts'

/*
 * How long after the portrait's bytes are there does the door have its verdict? A camera film runs at 15 frames a
 * second through the station's own look and the real engine process. Right and wrong people take turns; the film is
 * simulated from one photograph a person, so it says how fast the door is and nothing about how often it is right.
 *
 * Looks with and without the liveness layers take turns, so that both meet the same load of the machine.
 *
 *   node test/campaigns/first-verdict.ts [--looks 200] [--fps 15] [--engine NAME] [--liveness on|off|both]
 */

const {
  looks,
  fps,
  engine: chosen,
  liveness,
} = campaignCounts({ looks: 200, fps: 15 }, { engine: engineNames, liveness: ['on', 'off', 'both'] })
const frameMs = 1000 / fps
const FILM_FRAMES = 45

const engine = await startFaceEngine({ engine: chosen ?? DEFAULT_ENGINE })
const people = await Promise.all(
  demoFaces.slice(0, 6).map(async (face, seed) => ({
    portrait: await makePortrait(face),
    film: await Array.fromAsync(livingFrames(face, { count: FILM_FRAMES, seed: seed + 1 })),
  })),
)

const frames = new Mailbox<Uint8Array>()
let showing = people[0]!.film
let shown = 0
const camera = setInterval(() => frames.put(showing[shown++ % showing.length]!), frameMs)

const modes = (['off', 'on'] as const).filter(
  (mode) => liveness === null || liveness === 'both' || liveness === mode,
)
const ms: Record<string, number[]> = {}
const verdicts: Record<string, number> = {}
for (let turn = 0; turn < looks * modes.length; turn++) {
  const i = Math.floor(turn / modes.length)
  const mode = modes[turn % modes.length]!
  const who = i % people.length
  const isWrong = i % 4 === 3
  showing = people[isWrong ? (who + 1) % people.length : who]!.film
  // A portrait comes at any moment of the camera's beat.
  await pause(frameMs * ((i * 7) % 10) * 0.1, new AbortController().signal)
  const start = performance.now()
  const { template } = unwrap(await engine.template(people[who]!.portrait, 'portrait'))
  const { verdict, liveness: proof } = await lookAtCamera(
    {
      engine,
      policy: defaultDoorPolicy,
      display: new Display({ hint: null } as Omit<Snapshot, 'type' | 'revision'>),
      frames,
      reference: template,
      // Its memory stays empty: the films are shown again and again.
      guard:
        mode === 'off'
          ? null
          : livenessGuard({ memory: new FrameMemory(), camera: () => null, light: false }),
    },
    new AbortController().signal,
  )
  const kind = `${isWrong ? 'wrong' : 'right'} liveness ${mode}`
  ms[kind] = [...(ms[kind] ?? []), performance.now() - start]
  const key = `${kind} ${verdict}${proof === null ? '' : ` ${proof.verdict}`}`
  verdicts[key] = (verdicts[key] ?? 0) + 1
}
clearInterval(camera)
await engine.close()

const answer = {
  engine: engine.info.engine,
  fps,
  looks: looks * modes.length,
  ms: Object.fromEntries(Object.entries(ms).map(([kind, taken]) => [kind, summary(taken)])),
  verdicts,
}
process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)

function summary(values: readonly number[]): { p50: number; p95: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}
