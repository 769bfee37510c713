import { describe, expect, it } from 'vitest'
import { ok } from '../../src/common/result.ts'
import { matchFace } from '../../src/face/match.ts'
import type { FaceFound, Recogniser, Template } from '../../src/face/recogniser.ts'

const model = { name: 'none', sha256: '00' }
const image = { width: 1, height: 1, data: new Uint8Array(3) }
const template = (value: number): Template => ({ model, embedding: Float32Array.of(value) })
const thresholds = { accept: 0.5, reject: 0.25, fmr: 0.001, population: 'nobody' }

/** Its score is the frame's number; a careful look gives 0.75. */
function recogniser(refine?: Recogniser['refine']): Recogniser {
  return {
    engine: 'test',
    model,
    thresholds,
    analyse: async () => [],
    compare: (a) => ok(a.embedding[0]!),
    close: async () => {},
    ...(refine !== undefined && { refine }),
  }
}

const careful = recogniser(async () => template(0.75))

function faceScoring(score: number): FaceFound {
  const quality = { issue: null, eyeDistance: 60, yaw: 0, pitch: 0, roll: 0, sharpness: 99, brightness: 120 }
  return { box: { x: 0, y: 0, width: 1, height: 1 }, quality, template: template(score), tracked: false }
}

describe('a face beside a reference', () => {
  it.each([0.4375, 0.25, 0.5625, 0.9])('%f is plain enough to be taken as it is', async (score) => {
    const matched = await matchFace(careful, image, faceScoring(score), template(1))
    expect(matched).toMatchObject({ ok: true, value: Math.fround(score) })
  })

  it.each([0.46875, 0.5, 0.53125])('%f is too near the threshold and is looked at again', async (score) => {
    expect(await matchFace(careful, image, faceScoring(score), template(1))).toMatchObject({ value: 0.75 })
  })

  it('is taken as it is where the engine has no careful look', async () => {
    expect(await matchFace(recogniser(), image, faceScoring(0.5), template(1))).toMatchObject({ value: 0.5 })
  })
})
