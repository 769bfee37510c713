import { afterEach, expect, test } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { failed } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { type FaceEngine, startFaceEngine } from '../../src/face/engine.ts'
import { DoorRig } from './door-rig.ts'

let rig: DoorRig
let engine: FaceEngine | null = null

afterEach(async () => {
  await rig.stop()
  await engine?.close()
  engine = null
})

test('an inference that hangs costs the person at the door neither the check nor the time for it', async () => {
  const started = await startFaceEngine({ requestTimeoutMs: 6_000 })
  engine = started
  const film = await Array.fromAsync(cameraFrames(demoFaces[0]!, { count: 12, seed: 3 }))
  const portrait = await makePortrait(demoFaces[0]!)
  // Less time than the hanging request takes by itself.
  rig = new DoorRig({ lookMs: 5_500, nobodyMs: 5_500 }, { engine: started })
  let turn = 0
  rig.camera = () => film[turn++ % film.length]!
  const hints: (string | null)[] = []
  rig.door.subscribe(({ screen, hint }) => {
    // The first frame after this meets a process that answers nothing.
    if (screen === 'looking' && hints.length === 0) process.kill(started.pid!, 'SIGSTOP')
    if (screen === 'looking') hints.push(hint)
  })
  rig.door.start()
  rig.consent()
  const before = started.pid
  expect(await rig.pass({}, portrait, 60_000)).toMatchObject({ verdict: 'verified', reason: null })
  expect(hints).toContain('restarting')
  expect(started.pid).not.toBe(before)
}, 90_000)

test('without any engine a supervisor signs the person in, and nothing is said about their face', async () => {
  rig = new DoorRig({ lookMs: 300, answerMs: 5_000 }, { engine: brokenEngine() })
  rig.door.start()
  rig.consent()
  const passing = rig.pass({}, undefined, 20_000)
  expect((await rig.until('witness')).message).toBe('face-unavailable')
  await rig.door.command({ type: 'witness', ...rig.supervisor })
  expect(await passing).toMatchObject({ verdict: 'witnessed', reason: 'face-unavailable' })
  expect(rig.last('attendance')).toMatchObject({ face: null, outcome: 'witnessed' })
}, 30_000)

/** Finds the portrait, then fails for ever. */
function brokenEngine(): FaceEngine {
  const model = { name: 'broken', sha256: '2'.repeat(64) }
  return {
    info: {
      engine: 'broken',
      models: [model],
      model,
      liveness: model,
      thresholds: { accept: 0.5, reject: 0.3, fmr: 0.001, population: 'none' },
      selfTestMs: 0,
      licence: { name: 'none', source: 'test', provenance: 'test' },
    },
    pid: null,
    template: async () => ({
      ok: true,
      value: {
        template: { model, embedding: Float32Array.of(1) },
        quality: {} as never,
        box: {} as never,
        sha256: '4'.repeat(64),
      },
    }),
    compare: async () => failed(new Fault('FACE_ENGINE_LOST', 'gone')),
    observe: async () => failed(new Fault('FACE_ENGINE_LOST', 'gone')),
    close: async () => {},
  }
}

test('a portrait over which the engine is lost is read by the next one', async () => {
  let asked = 0
  const broken = brokenEngine()
  const template: FaceEngine['template'] = async (...words) =>
    asked++ === 0 ? failed(new Fault('FACE_ENGINE_TIMEOUT', 'too long')) : broken.template(...words)
  rig = new DoorRig({ lookMs: 300, answerMs: 300 }, { engine: { ...broken, template } })
  rig.door.start()
  rig.consent()
  // Not `no-portrait`: the check came as far as the camera.
  expect(await rig.pass({}, undefined, 20_000)).toMatchObject({ reason: 'no-witness' })
  expect(asked).toBe(2)
}, 30_000)
