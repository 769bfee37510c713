import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames, emptyFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { type FaceEngine, startFaceEngine } from '../../src/face/engine.ts'
import type { Template } from '../../src/face/recogniser.ts'

let engine: FaceEngine
let frame: Uint8Array
let reference: Template

beforeAll(async () => {
  engine = await startFaceEngine({ requestTimeoutMs: 6_000 })
  frame = await firstOf(cameraFrames(demoFaces[0]!, { count: 1, seed: 1 }))
  reference = unwrap(await engine.template(await makePortrait(demoFaces[0]!), 'portrait')).template
})
afterAll(() => engine.close())

async function firstOf(frames: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const one of frames) return one
  throw new Error('no frame')
}

const codeOf = (result: { ok: true } | { ok: false; fault: { code: string } }) =>
  result.ok ? null : result.fault.code

test('reports its weights, thresholds and that it tested itself', () => {
  const { info } = engine
  expect(info.engine).toBe('arcface')
  expect(info.models.map(({ name }) => name)).toEqual(['blazeface', 'facemesh', 'fr_feature'])
  expect(info.model).toEqual(info.models[2])
  expect(info.thresholds.accept).toBeGreaterThan(info.thresholds.reject)
  expect(info.selfTestMs).toBeGreaterThan(0)
})

test('the same frame gives the same score to the bit', async () => {
  const first = unwrap(await engine.compare(frame, reference))
  const second = unwrap(await engine.compare(frame, reference))
  expect(first.score).not.toBe(null)
  expect(second.score).toBe(first.score)
  expect(second.sha256).toBe(first.sha256)
})

describe('answers with a code to', () => {
  test('bytes that are no picture, and a cut-off frame', async () => {
    expect(codeOf(await engine.compare(new Uint8Array(10), reference))).toBe('FACE_IMAGE_INVALID')
    expect(codeOf(await engine.compare(frame.subarray(0, frame.length >> 1), reference))).toBe(
      'FACE_IMAGE_INVALID',
    )
  })

  test('a portrait without a face', async () => {
    const nobody = await firstOf(emptyFrames())
    expect(codeOf(await engine.template(nobody, 'portrait'))).toBe('FACE_NONE')
  })

  test('a reference that other weights made', async () => {
    const foreign = { model: { name: 'other', sha256: '0'.repeat(64) }, embedding: reference.embedding }
    expect(codeOf(await engine.compare(frame, foreign))).toBe('FACE_MODEL_MISMATCH')
  })
})

describe('finds an issue, and gives no score, in', () => {
  test('a picture of one pixel', async () => {
    const pixel = await sharp(new Uint8Array(3), { raw: { width: 1, height: 1, channels: 3 } })
      .png()
      .toBuffer()
    expect(unwrap(await engine.compare(pixel, reference))).toMatchObject({ score: null, issue: 'no-face' })
  })

  test('an empty room', async () => {
    const nobody = await firstOf(emptyFrames())
    expect(unwrap(await engine.compare(nobody, reference))).toMatchObject({ score: null, issue: 'no-face' })
  })

  test('a dark, a blurred and a far away face', async () => {
    const dark = await sharp(frame).linear(0.2, 0).jpeg().toBuffer()
    const blurred = await sharp(frame).blur(9).jpeg().toBuffer()
    const far = await sharp(frame)
      .resize(160, 120)
      .extend({ top: 180, bottom: 180, left: 240, right: 240, background: '#888' })
      .jpeg()
      .toBuffer()
    expect(unwrap(await engine.compare(dark, reference)).issue).toBe('too-dark')
    expect(unwrap(await engine.compare(blurred, reference)).issue).toBe('blurred')
    expect(unwrap(await engine.compare(far, reference)).issue).toBe('too-small')
  })

  test('a face that is half out of the picture', async () => {
    const { box } = unwrap(await engine.compare(frame, reference))
    const left = Math.round(box!.x + box!.width * 0.35)
    const cut = await sharp(frame)
      .extract({ left, top: 0, width: 640 - left, height: 480 })
      .jpeg()
      .toBuffer()
    expect(unwrap(await engine.compare(cut, reference)).issue).not.toBe(null)
  })

  test('two people side by side', async () => {
    const other = await firstOf(cameraFrames(demoFaces[2]!, { count: 1, seed: 1 }))
    const both = await sharp(frame)
      .extend({ right: 640, background: '#888' })
      .composite([{ input: Buffer.from(other), left: 640, top: 0 }])
      .jpeg()
      .toBuffer()
    expect(unwrap(await engine.compare(both, reference)).issue).toBe('several-faces')
  })
})

test('an 8K picture is compared like a small one, its box in its own pixels', async () => {
  const huge = await sharp(frame).resize(7680, 4320, { fit: 'contain' }).jpeg().toBuffer()
  const { score, box } = unwrap(await engine.compare(huge, reference))
  expect(score).toBeGreaterThan(engine.info.thresholds.accept)
  expect(box!.width).toBeGreaterThan(1000)
})

test('grey and turned pictures of the person still match', async () => {
  const grey = await sharp(frame).greyscale().jpeg().toBuffer()
  const turned = await sharp(frame).rotate(-90).withMetadata({ orientation: 6 }).jpeg().toBuffer()
  for (const picture of [grey, turned]) {
    expect(unwrap(await engine.compare(picture, reference)).score).toBeGreaterThan(
      engine.info.thresholds.accept,
    )
  }
})

describe('a process that fails is replaced', () => {
  test('killed under a request: the request is lost, the next one works', async () => {
    const before = engine.pid!
    const underWay = engine.compare(frame, reference)
    // After the request has been handed over.
    await new Promise((resolve) => setImmediate(resolve))
    process.kill(before, 'SIGKILL')
    expect(codeOf(await underWay)).toBe('FACE_ENGINE_LOST')
    expect(unwrap(await engine.compare(frame, reference)).score).not.toBe(null)
    expect(engine.pid).not.toBe(before)
  })

  test('hung: the request is cut off, and those that queue behind it are answered', async () => {
    const before = engine.pid!
    process.kill(before, 'SIGSTOP')
    const [hung, queued] = await Promise.all([
      engine.compare(frame, reference),
      engine.compare(frame, reference),
    ])
    expect(codeOf(hung)).toBe('FACE_ENGINE_TIMEOUT')
    expect(unwrap(queued).score).not.toBe(null)
    expect(engine.pid).not.toBe(before)
  })

  test('killed while idle: the next request works', async () => {
    const before = engine.pid!
    process.kill(before, 'SIGKILL')
    while (engine.pid === before) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(unwrap(await engine.compare(frame, reference)).score).not.toBe(null)
  })
})

test('a closed engine answers with a code and leaves no process behind', async () => {
  const other = await startFaceEngine()
  const pid = other.pid!
  await other.close()
  expect(codeOf(await other.compare(frame, reference))).toBe('FACE_ENGINE_CLOSED')
  expect(() => process.kill(pid, 0)).toThrow()
})

test('an unknown engine is a wrong use', async () => {
  await expect(startFaceEngine({ engine: 'no-such' })).rejects.toMatchObject({ code: 'USAGE_ENGINE' })
})
