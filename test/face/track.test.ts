import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import type { FivePoints } from '../../src/face/align.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { decodeImage } from '../../src/face/image.ts'
import { LANDMARK_COUNT, type Landmarks } from '../../src/face/landmarks.ts'
import type { RgbImage } from '../../src/face/recogniser.ts'
import {
  beginTrack,
  continueTrack,
  isPlausible,
  mayFollow,
  regionOf,
  TRACKING,
  type Track,
} from '../../src/face/track.ts'

/** Five points of a face with the eyes 40 pixels apart around (100, 100), moved, scaled and turned (radians). */
function face({ x = 0, y = 0, scale = 1, turn = 0 } = {}): FivePoints {
  const put = (px: number, py: number) => ({
    x: 100 + x + scale * (px * Math.cos(turn) - py * Math.sin(turn)),
    y: 100 + y + scale * (px * Math.sin(turn) + py * Math.cos(turn)),
  })
  return [put(-20, -20), put(20, -20), put(0, 0), put(-15, 25), put(15, 25)]
}

function landmarks(presence: number): Landmarks {
  return { points: Float32Array.from({ length: 3 * LANDMARK_COUNT }, (_, i) => 80 + (i % 40)), presence }
}

const still = beginTrack(landmarks(1), face(), 0)

describe('a face is followed', () => {
  test('until the detector’s turn comes, and never without a face before', () => {
    let track: Track = still
    for (let age = 0; age < TRACKING.detectEvery - 1; age++) {
      expect(mayFollow(track)).toBe(true)
      track = continueTrack(track, landmarks(1), face())
    }
    expect(mayFollow(track)).toBe(false)
    expect(mayFollow(null)).toBe(false)
  })

  test('while it moves, grows and turns no more than a head does between two frames', () => {
    for (const change of [{}, { x: 15 }, { y: -15 }, { scale: 1.1 }, { scale: 0.9 }, { turn: 0.2 }]) {
      expect(isPlausible(still, landmarks(1), face(change)), JSON.stringify(change)).toBe(true)
    }
  })

  test('not after a jump, a sudden growth, a spin, a doubt or an answer that is no number', () => {
    for (const change of [
      { x: 25 },
      { y: 25 },
      { scale: 1.4 },
      { scale: 0.7 },
      { turn: 0.5 },
      { x: Number.NaN },
    ]) {
      expect(isPlausible(still, landmarks(1), face(change)), JSON.stringify(change)).toBe(false)
    }
    expect(isPlausible(still, landmarks(0.8), face())).toBe(false)
    expect(isPlausible(still, landmarks(Number.NaN), face())).toBe(false)
  })
})

test('the region of a face turns with it and keeps its size', () => {
  const mesh = (turn: number): Landmarks => {
    const points = new Float32Array(3 * LANDMARK_COUNT)
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const [px, py] = [(i % 21) - 10, Math.floor(i / 21) - 11]
      points[3 * i] = 100 + px * Math.cos(turn) - py * Math.sin(turn)
      points[3 * i + 1] = 100 + px * Math.sin(turn) + py * Math.cos(turn)
    }
    return { points, presence: 1 }
  }
  const upright = regionOf(mesh(0), face()).box
  const turned = regionOf(mesh(0.4), face({ turn: 0.4 })).box
  expect(upright.width).toBeCloseTo(0.914 * 22, 3)
  expect(turned.width).toBeCloseTo(upright.width, 3)
  // The detector's box lies a little lower than the mesh, along the face.
  expect(upright.y + upright.height / 2).toBeCloseTo(100 + 0.035 * 22, 3)
  expect(turned.x + turned.width / 2).toBeCloseTo(100 - 0.035 * 22 * Math.sin(0.4), 3)
})

describe('on frames of a moving person', () => {
  let recogniser: ArcfaceRecogniser
  let frames: RgbImage[]
  beforeAll(async () => {
    recogniser = await ArcfaceRecogniser.open()
    const encoded = await Array.fromAsync(cameraFrames(demoFaces[0]!, { count: 9, seed: 1 }))
    frames = await Promise.all(encoded.map(async (frame) => unwrap(await decodeImage(frame)).image))
  })
  afterAll(() => recogniser.close())

  async function look(from: number) {
    let previous: Track | null = null
    const seen = []
    for (const frame of frames.slice(from)) {
      const { faces, track } = await recogniser.track(frame, previous)
      seen.push(faces[0]!)
      previous = track
    }
    return seen
  }

  test('the detector looks at each fourth frame only, and the scores stay the face’s own', async () => {
    const seen = await look(0)
    expect(seen.map(({ tracked }) => tracked)).toEqual([
      false,
      true,
      true,
      true,
      false,
      true,
      true,
      true,
      false,
    ])
    for (const [i, { template }] of seen.entries()) {
      const [searched] = await recogniser.analyse(frames[i]!, 'frame')
      expect(unwrap(recogniser.compare(template, searched!.template))).toBeGreaterThan(0.95)
    }
  })

  test('the same frames give the same embeddings to the bit, whatever came before the last detection', async () => {
    const whole = await look(0)
    const again = await look(4)
    const tail = whole.slice(4)
    expect(again.map(({ tracked }) => tracked)).toEqual(tail.map(({ tracked }) => tracked))
    expect(again.map(({ template }) => template.embedding)).toEqual(
      tail.map(({ template }) => template.embedding),
    )
  })

  test('an empty frame ends the track', async () => {
    const { track } = await recogniser.track(frames[0]!, null)
    expect(track).not.toBeNull()
    const empty = { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3).fill(90) }
    expect(await recogniser.track(empty, track)).toEqual({ faces: [], track: null })
  })
})
