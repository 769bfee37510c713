import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames, emptyFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { FaceApiRecogniser } from '../../src/face/face-api-recogniser.ts'
import { FACE_API_WEIGHTS, loadFaceApi } from '../../src/face/face-api-runtime.ts'
import { runFaceApiSelfTest } from '../../src/face/face-api-self-test.ts'
import { decodeImage } from '../../src/face/image.ts'
import { MODEL_FOLDER } from '../../src/face/models.ts'
import type { FaceFound, RgbImage } from '../../src/face/recogniser.ts'

let recogniser: FaceApiRecogniser
let arcface: ArcfaceRecogniser
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shidao-face-api-'))
  recogniser = await FaceApiRecogniser.open()
  arcface = await ArcfaceRecogniser.open()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await arcface.close()
})

async function picture(encoded: Uint8Array): Promise<RgbImage> {
  return unwrap(await decodeImage(encoded)).image
}

async function frameOf(who: number, seed = 1): Promise<RgbImage> {
  for await (const frame of cameraFrames(demoFaces[who]!, { count: 1, seed })) return picture(frame)
  throw new Error('no frame')
}

async function oneFace(image: RgbImage, purpose: 'frame' | 'portrait'): Promise<FaceFound> {
  const [face] = await recogniser.analyse(image, purpose)
  if (face === undefined) throw new Error('no face')
  return face
}

test('tells two people apart on 1 KB portraits, at its own calibrated thresholds', async () => {
  const frame = await oneFace(await frameOf(0), 'frame')
  const portraits = await Promise.all([0, 1].map(async (who) => picture(await makePortrait(demoFaces[who]!))))
  const own = await oneFace(portraits[0]!, 'portrait')
  const foreign = await oneFace(portraits[1]!, 'portrait')
  const { accept, reject } = recogniser.thresholds
  expect(unwrap(recogniser.compare(frame.template, own.template))).toBeGreaterThan(accept)
  expect(unwrap(recogniser.compare(frame.template, foreign.template))).toBeLessThan(reject)
})

test('sees box, eyes and turn of a face as the default engine does', async () => {
  for (const who of [0, 3, 5]) {
    const image = await frameOf(who)
    const [other] = await arcface.analyse(image, 'frame')
    const { box, quality } = await oneFace(image, 'frame')
    expect(Math.abs(quality.eyeDistance / other!.quality.eyeDistance - 1)).toBeLessThan(0.1)
    expect(Math.abs(quality.roll - other!.quality.roll)).toBeLessThan(4)
    expect(Math.abs(quality.yaw - other!.quality.yaw)).toBeLessThan(12)
    expect(Math.abs(quality.brightness - other!.quality.brightness)).toBeLessThan(10)
    expect(Math.abs(box.x - other!.box.x)).toBeLessThan(0.2 * box.width)
    expect(Math.abs(box.y - other!.box.y)).toBeLessThan(0.2 * box.height)
  }
})

describe('its gates find', () => {
  test('nobody in an empty room and on one pixel', async () => {
    for await (const frame of emptyFrames({ count: 1, seed: 1 })) {
      expect(await recogniser.analyse(await picture(frame), 'frame')).toEqual([])
    }
    expect(await recogniser.analyse({ width: 1, height: 1, data: new Uint8Array(3) }, 'portrait')).toEqual([])
  })

  test('a face too dark', async () => {
    const { width, height, data } = await frameOf(0)
    const dark = { width, height, data: data.map((value) => value / 6) }
    const { quality } = await oneFace(dark, 'portrait')
    const [asFrame] = await recogniser.analyse(dark, 'frame')
    expect(quality.issue).toBe(null)
    expect(asFrame?.quality.issue ?? 'no-face').toMatch(/too-dark|no-face/)
  })

  test('a second face of the same size', async () => {
    const { width, height, data } = await frameOf(0)
    const twins = { width: 2 * width, height, data: new Uint8Array(6 * width * height) }
    for (let y = 0; y < height; y++) {
      const row = data.subarray(3 * y * width, 3 * (y + 1) * width)
      twins.data.set(row, 6 * y * width)
      twins.data.set(row, 6 * y * width + 3 * width)
    }
    expect((await oneFace(twins, 'frame')).quality.issue).toBe('several-faces')
  })
})

test('a template of other weights is a mismatch and no score', async () => {
  const image = await frameOf(0)
  const { template } = await oneFace(image, 'frame')
  const [foreign] = await arcface.analyse(image, 'frame')
  expect(recogniser.compare(template, foreign!.template)).toMatchObject({
    ok: false,
    fault: { code: 'FACE_MODEL_MISMATCH' },
  })
})

test('names the three networks and one identity over them', () => {
  const names = recogniser.models.map(({ name }) => name)
  expect(names).toEqual(['tinyFaceDetector', 'faceLandmark68Net', 'faceRecognitionNet', 'face-api'])
  expect(recogniser.models.at(-1)).toEqual(recogniser.model)
  expect(recogniser.licence.name).toMatch(/public domain/)
})

test('60 pictures with and without a face leave no tensor behind', { timeout: 120_000 }, async () => {
  const { tf } = await loadFaceApi({ withKernels: true })
  const face = await picture(await makePortrait(demoFaces[0]!))
  const nobody = { width: 64, height: 64, data: new Uint8Array(3 * 64 * 64) }
  await recogniser.analyse(face, 'portrait')
  const before = tf.memory().numTensors
  for (let i = 0; i < 10; i++) await recogniser.analyse(face, 'portrait')
  for (let i = 0; i < 50; i++) await recogniser.analyse(nobody, 'portrait')
  expect(tf.memory().numTensors).toBe(before)
})

describe('it does not open', () => {
  test('without one of its weights, or with one flipped bit in weights or manifest', async () => {
    cpSync(FACE_API_WEIGHTS, folder, { recursive: true })
    const open = () => FaceApiRecogniser.open({ weightFolder: folder })
    await expect(open()).resolves.toBeInstanceOf(FaceApiRecogniser)
    for (const name of ['face_recognition_model.bin', 'face_landmark_68_model-weights_manifest.json']) {
      const file = join(folder, name)
      const bytes = readFileSync(file)
      const altered = Buffer.from(bytes)
      altered[altered.length >> 1]! ^= 1
      writeFileSync(file, altered)
      await expect(open()).rejects.toMatchObject({ code: 'FACE_MODEL_ALTERED' })
      writeFileSync(file, bytes)
    }
    rmSync(join(folder, 'tiny_face_detector_model.bin'))
    await expect(open()).rejects.toMatchObject({ code: 'FACE_MODEL_MISSING' })
  })

  test('on altered kernels', async () => {
    const kernels = join(folder, 'kernels')
    cpSync(MODEL_FOLDER, kernels, { recursive: true })
    writeFileSync(join(kernels, 'tfjs-backend-wasm-simd.wasm'), 'other')
    await expect(FaceApiRecogniser.open({ modelFolder: kernels })).rejects.toMatchObject({
      code: 'FACE_MODEL_ALTERED',
    })
  })

  test('when the networks answer otherwise than recorded', async () => {
    const faceApi = await loadFaceApi({ withKernels: true })
    const broken = { ...faceApi, computeFaceDescriptor: async () => new Float32Array(128).fill(1) }
    await expect(runFaceApiSelfTest(broken)).rejects.toMatchObject({ code: 'FACE_SELF_TEST' })
  })
})
