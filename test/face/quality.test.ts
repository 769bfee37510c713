import { expect, test } from 'vitest'
import { ALIGNED_SIDE, ARCFACE_TEMPLATE } from '../../src/face/align.ts'
import { LANDMARK_COUNT, type Landmarks } from '../../src/face/landmarks.ts'
import {
  faceBox,
  firstIssue,
  GATES,
  type Measures,
  measureFace,
  shareOutside,
} from '../../src/face/quality.ts'

const good: Measures = { eyeDistance: 70, yaw: 5, pitch: 5, roll: 2, sharpness: 150, brightness: 120 }
const alone = { outside: 0, otherFaceWidth: 0 }

test('a good frame passes every gate', () => {
  expect(firstIssue(good, alone, GATES.frame)).toBe(null)
})

test.each([
  ['several-faces', {}, { outside: 0, otherFaceWidth: 0.8 }],
  ['too-small', { eyeDistance: 20 }, alone],
  ['at-edge', {}, { outside: 0.3, otherFaceWidth: 0 }],
  ['turned', { yaw: -45 }, alone],
  ['turned', { pitch: 40 }, alone],
  ['turned', { roll: 60 }, alone],
  ['too-dark', { brightness: 15 }, alone],
  ['too-bright', { brightness: 245 }, alone],
  ['blurred', { sharpness: 8 }, alone],
] as const)('%s is found before the camera', (issue, change, surroundings) => {
  expect(firstIssue({ ...good, ...change }, surroundings, GATES.frame)).toBe(issue)
})

test('a portrait may be small, soft and beside others, because no better one will come', () => {
  const measures = { ...good, eyeDistance: 20, sharpness: 8 }
  expect(firstIssue(measures, { outside: 0.1, otherFaceWidth: 1 }, GATES.portrait)).toBe(null)
})

test('the person behind, half as wide, is no second face', () => {
  expect(firstIssue(good, { outside: 0, otherFaceWidth: 0.45 }, GATES.frame)).toBe(null)
})

/** An aligned face of these grey levels. */
function greyPlanes(level: (x: number, y: number) => number): Float32Array {
  const count = ALIGNED_SIDE * ALIGNED_SIDE
  return Float32Array.from({ length: 3 * count }, (_, i) => {
    const at = i % count
    return level(at % ALIGNED_SIDE, Math.floor(at / ALIGNED_SIDE))
  })
}

/** A flat face that looks `yaw` degrees to the image's right and `pitch` degrees down. */
function flatFace(yaw: number, pitch: number): Landmarks {
  const points = new Float32Array(3 * LANDMARK_COUNT)
  const set = (i: number, x: number, y: number, depth: number) => points.set([x, y, depth], 3 * i)
  const radians = Math.PI / 180
  set(234, -100 * Math.cos(yaw * radians), 0, -100 * Math.sin(yaw * radians))
  set(454, 100 * Math.cos(yaw * radians), 0, 100 * Math.sin(yaw * radians))
  set(10, 0, -100 * Math.cos(pitch * radians), -100 * Math.sin(pitch * radians))
  set(152, 0, 100 * Math.cos(pitch * radians), 100 * Math.sin(pitch * radians))
  return { points, presence: 1 }
}

test('brightness is the mean grey level and a flat picture has no sharpness', () => {
  const { brightness, sharpness } = measureFace(
    ARCFACE_TEMPLATE,
    flatFace(0, 0),
    greyPlanes(() => 90),
  )
  expect(brightness).toBeCloseTo(90, 3)
  expect(sharpness).toBeCloseTo(0, 3)
})

test('sharpness falls when the same edges are softened', () => {
  const edges = measureFace(
    ARCFACE_TEMPLATE,
    flatFace(0, 0),
    greyPlanes((x) => (x % 8 < 4 ? 60 : 180)),
  )
  const soft = measureFace(
    ARCFACE_TEMPLATE,
    flatFace(0, 0),
    greyPlanes((x) => 120 + 60 * Math.sin((x * Math.PI) / 4)),
  )
  expect(edges.sharpness).toBeGreaterThan(2 * soft.sharpness)
})

test('a head’s turn is read from the depth of its mesh', () => {
  const { yaw, pitch } = measureFace(
    ARCFACE_TEMPLATE,
    flatFace(25, -15),
    greyPlanes(() => 90),
  )
  expect(yaw).toBeCloseTo(25, 3)
  expect(pitch).toBeCloseTo(-15, 3)
})

test('the box holds every point of the mesh, and its share outside the picture is known', () => {
  const box = faceBox(flatFace(0, 0))
  expect(box).toEqual({ x: -100, y: -100, width: 200, height: 200 })
  expect(shareOutside(box, { width: 640, height: 480, data: new Uint8Array() })).toBeCloseTo(0.75, 9)
})
