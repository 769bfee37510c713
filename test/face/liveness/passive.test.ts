import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../src/common/result.ts'
import { cameraFrames } from '../../../src/demo/camera.ts'
import { demoFaces } from '../../../src/demo/faces.ts'
import { ArcfaceRecogniser } from '../../../src/face/arcface-recogniser.ts'
import { decodeImage } from '../../../src/face/image.ts'
import { contextBox, LivenessNetwork } from '../../../src/face/liveness/passive.ts'

describe('the context that the network sees', () => {
  const image = { width: 640, height: 480 }

  test('is 2.7 times the face where the picture has room', () => {
    const box = contextBox({ x: 300, y: 200, width: 60, height: 80 }, image)
    expect([box.width, box.height]).toEqual([expect.closeTo(162, 6), expect.closeTo(216, 6)])
    expect(box.x + box.width / 2).toBeCloseTo(330, 6)
  })

  test('is less around a large face and never outside the picture', () => {
    for (const x of [-40, 0, 200, 440]) {
      const box = contextBox({ x, y: 20, width: 240, height: 320 }, image)
      expect(box.x).toBeGreaterThanOrEqual(0)
      expect(box.y).toBeGreaterThanOrEqual(0)
      expect(box.x + box.width).toBeLessThanOrEqual(639.001)
      expect(box.y + box.height).toBeLessThanOrEqual(479.001)
      expect(box.width / box.height).toBeCloseTo(240 / 320, 6)
    }
  })
})

describe('the passive network', () => {
  let recogniser: ArcfaceRecogniser
  let network: LivenessNetwork
  beforeAll(async () => {
    recogniser = await ArcfaceRecogniser.open()
    network = await LivenessNetwork.open()
  })
  afterAll(() => Promise.all([recogniser.close(), network.close()]))

  test('gives the same frame the same probability', async () => {
    for await (const frame of cameraFrames(demoFaces[0]!, { count: 1, seed: 3 })) {
      const { image } = unwrap(await decodeImage(frame))
      const face = await recogniser.locate(image, 'frame')
      const scores = [
        await network.score(image, face!.landmarks),
        await network.score(image, face!.landmarks),
      ]
      expect(scores[0]).toBe(scores[1])
      expect(scores[0]).toBeGreaterThan(0)
      expect(scores[0]).toBeLessThan(1)
    }
  })

  test('doesn’t open without its weights', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shidao-no-models-'))
    await expect(LivenessNetwork.open({ modelFolder: folder })).rejects.toMatchObject({
      code: 'FACE_MODEL_MISSING',
    })
    rmSync(folder, { recursive: true })
  })

  test('is named with the weights that the thresholds were chosen for', () => {
    expect(network.identity).toEqual({
      name: 'fr_liveness',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })
})
