import { describe, expect, test } from 'vitest'
import type { Point } from '../../src/face/detect.ts'
import { arcfacePoints, boxOf68, headTurn68 } from '../../src/face/landmarks68.ts'

/** Upright head of average proportions, eyes 60 pixels apart; only the points that anything is measured by matter. */
function head(change: Partial<Record<number, Point>> = {}): Point[] {
  const points: Point[] = Array.from({ length: 68 }, () => ({ x: 100, y: 100 }))
  for (let i = 36; i < 42; i++) points[i] = { x: 70, y: 80 }
  for (let i = 42; i < 48; i++) points[i] = { x: 130, y: 80 }
  points[30] = { x: 100, y: 110 }
  points[48] = { x: 80, y: 140 }
  points[54] = { x: 120, y: 140 }
  points[0] = { x: 40, y: 80 }
  points[16] = { x: 160, y: 80 }
  points[8] = { x: 100, y: 180 }
  points[19] = { x: 70, y: 60 }
  for (const [i, point] of Object.entries(change)) points[Number(i)] = point!
  return points
}

/** Turns all points about the origin. */
function turned(points: readonly Point[], degrees: number): Point[] {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return points.map(({ x, y }) => ({ x: cos * x - sin * y, y: sin * x + cos * y }))
}

describe('the turn of a head out of 68 points', () => {
  test('is none for a level head', () => {
    const { yaw, pitch, roll } = headTurn68(head())
    for (const angle of [yaw, pitch, roll]) expect(angle).toBeCloseTo(0, 9)
  })

  test('is yaw where the nose leaves the middle line, with its sign', () => {
    const right = headTurn68(head({ 30: { x: 120, y: 110 } }))
    const left = headTurn68(head({ 30: { x: 80, y: 110 } }))
    expect(right.yaw).toBeGreaterThan(20)
    expect(left.yaw).toBeCloseTo(-right.yaw, 9)
    expect(right.pitch).toBeCloseTo(0, 9)
  })

  test('is pitch where the nose comes near the mouth, positive, or near the eyes, negative', () => {
    expect(headTurn68(head({ 30: { x: 100, y: 130 } })).pitch).toBeGreaterThan(20)
    expect(headTurn68(head({ 30: { x: 100, y: 90 } })).pitch).toBeLessThan(-20)
  })

  test('is roll alone for a picture that is turned', () => {
    const { yaw, pitch, roll } = headTurn68(turned(head(), 25))
    expect(roll).toBeCloseTo(25, 9)
    expect(yaw).toBeCloseTo(0, 9)
    expect(pitch).toBeCloseTo(0, 9)
  })
})

test('ArcFace’s five points are eyes, tip of the nose and mouth corners', () => {
  expect(arcfacePoints(head())).toEqual([
    { x: 70, y: 80 },
    { x: 130, y: 80 },
    { x: 100, y: 110 },
    { x: 80, y: 140 },
    { x: 120, y: 140 },
  ])
})

test('the box reaches from the chin over the brows to the hairline', () => {
  const box = boxOf68(head())
  expect(box.x).toBe(40)
  expect(box.width).toBe(120)
  expect(box.y + box.height).toBeCloseTo(180, 9)
  expect(box.y).toBeLessThan(60)
})
