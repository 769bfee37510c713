import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames, emptyFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { type FaceEngine, startFaceEngine } from '../../src/face/engine.ts'
import { LIVENESS_CALIBRATION } from '../../src/face/liveness/calibration.ts'
import { fingerprintOf } from '../../src/face/liveness/fingerprint.ts'
import { thumbnailOf } from '../../src/face/liveness/observation.ts'
import type { Template } from '../../src/face/recogniser.ts'

/* What the liveness layers are told of a frame, asked of the engine's own process. The people are simulated 模拟. */

let engine: FaceEngine
let frames: readonly Uint8Array[]
let nobody: Uint8Array
let reference: Template

beforeAll(async () => {
  engine = await startFaceEngine()
  frames = await Array.fromAsync(cameraFrames(demoFaces[0]!, { count: 2, seed: 1 }))
  for await (const frame of emptyFrames()) {
    nobody = frame
    break
  }
  reference = unwrap(await engine.template(await makePortrait(demoFaces[0]!), 'portrait')).template
})
afterAll(() => engine.close())

test('before any frame was compared there is nothing to observe: FACE_NONE', async () => {
  const answer = await engine.observe({ at: 0, passive: true })
  expect(answer).toMatchObject({ ok: false, fault: { code: 'FACE_NONE' } })
})

test('a face crosses the process border whole: mesh, colours, texture, fingerprint, thumbnail', async () => {
  const [frame] = frames
  unwrap(await engine.compare(frame!, reference))
  const seen = unwrap(await engine.observe({ at: 1234.5, passive: true }))
  expect(seen).toMatchObject({ at: 1234.5, width: 640, height: 480 })
  expect(seen.sha256).toBe(createHash('sha256').update(frame!).digest('hex'))
  expect(seen.mesh).toBeInstanceOf(Float32Array)
  expect(seen.mesh).toHaveLength(3 * 468)
  expect(seen.mesh!.every(Number.isFinite)).toBe(true)
  expect(seen.passive).toBeGreaterThanOrEqual(0)
  expect(seen.passive).toBeLessThanOrEqual(1)
  for (const level of [...seen.colour!.face, ...seen.colour!.surround]) {
    expect(level).toBeGreaterThanOrEqual(0)
    expect(level).toBeLessThanOrEqual(255)
  }
  expect(seen.texture).toMatchObject({ luma: expect.any(Number), colour: expect.any(Number) })
  expect(seen.noise).toBeGreaterThan(0)
  const { data, info } = await sharp(frame!).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const thumbnail = thumbnailOf({ width: info.width, height: info.height, data })
  expect(Uint8Array.from(seen.thumbnail)).toEqual(thumbnail)
  expect(seen.fingerprint).toBe(fingerprintOf(thumbnail))
})

test('the frame that is observed is the one that was compared last', async () => {
  const seen = []
  for (const frame of frames) {
    unwrap(await engine.compare(frame, reference))
    seen.push(unwrap(await engine.observe({ at: 0, passive: false })))
  }
  const hashes = frames.map((frame) => createHash('sha256').update(frame).digest('hex'))
  expect(seen.map(({ sha256 }) => sha256)).toEqual(hashes)
  expect(seen[0]!.mesh).not.toEqual(seen[1]!.mesh)
})

test('the passive network is asked only where that is wanted', async () => {
  unwrap(await engine.compare(frames[0]!, reference))
  expect(unwrap(await engine.observe({ at: 0, passive: false })).passive).toBeNull()
  expect(unwrap(await engine.observe({ at: 0, passive: true })).passive).not.toBeNull()
})

test('an empty room has a picture and no face', async () => {
  unwrap(await engine.compare(nobody, reference))
  const seen = unwrap(await engine.observe({ at: 0, passive: true }))
  expect(seen).toMatchObject({ passive: null, mesh: null, colour: null, texture: null })
  expect(seen.thumbnail).toHaveLength(64 * 48)
})

test('the network that is asked is the one that the liveness thresholds were chosen for', () => {
  expect(engine.info.liveness).toEqual(LIVENESS_CALIBRATION.model)
})
