import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { MAX_PORTRAIT_BYTES, makePortrait } from '../../src/demo/portrait.ts'
import { decide } from '../../src/face/decide.ts'
import { type FaceEngine, startFaceEngine } from '../../src/face/engine.ts'
import { decodeImage } from '../../src/face/image.ts'
import type { Template } from '../../src/face/recogniser.ts'

/*
 * The people of the demonstration, through portrait, camera and engine. Portrait and frames of a person come from one
 * photograph: this shows that the parts fit together, not how accurate anything is.
 */

let engine: FaceEngine
const references: Template[] = []

beforeAll(async () => {
  engine = await startFaceEngine()
  for (const face of demoFaces) {
    const portrait = await makePortrait(face)
    references.push(unwrap(await engine.template(portrait, 'portrait')).template)
  }
})
afterAll(() => engine.close())

test('a card portrait is 102 × 126 and fits into the photo block', async () => {
  const portrait = await makePortrait(demoFaces[0]!)
  expect(portrait.length).toBeLessThanOrEqual(MAX_PORTRAIT_BYTES)
  const { image } = unwrap(await decodeImage(portrait))
  expect([image.width, image.height]).toEqual([102, 126])
})

test('the same seed gives the same frames, another seed others', async () => {
  const film = async (seed: number) => {
    const frames: string[] = []
    for await (const frame of cameraFrames(demoFaces[0]!, { count: 2, seed })) {
      frames.push(Buffer.from(frame).toString('base64'))
    }
    return frames
  }
  const first = await film(3)
  expect(await film(3)).toEqual(first)
  expect(await film(4)).not.toEqual(first)
  expect(first[0]).not.toBe(first[1])
})

test('everybody is verified against their own portrait and refused against everybody else’s', async () => {
  for (const [who, face] of demoFaces.entries()) {
    const frames: Uint8Array[] = []
    for await (const frame of cameraFrames(face, { count: 4, seed: 10 + who })) frames.push(frame)
    for (const [whose, reference] of references.entries()) {
      const evidence = []
      for (const frame of frames) evidence.push(unwrap(await engine.compare(frame, reference)))
      const { verdict } = decide(evidence, engine.info.thresholds, true)
      expect(`${who} as ${whose}: ${verdict}`).toBe(
        `${who} as ${whose}: ${who === whose ? 'verified' : 'refused'}`,
      )
    }
  }
})
