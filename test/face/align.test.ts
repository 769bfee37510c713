import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ARCFACE_TEMPLATE, eyeDistance, type FivePoints, mirrored, similarity } from '../../src/face/align.ts'
import type { Point } from '../../src/face/detect.ts'
import type { Affine } from '../../src/face/warp.ts'

describe('similarity', () => {
  test('finds the turn, scale and shift that a face has been given', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        fc.double({ min: -2000, max: 2000, noNaN: true }),
        fc.double({ min: -2000, max: 2000, noNaN: true }),
        (turn, scale, x, y) => {
          const place = (point: Point): Point => ({
            x: scale * (Math.cos(turn) * point.x - Math.sin(turn) * point.y) + x,
            y: scale * (Math.sin(turn) * point.x + Math.cos(turn) * point.y) + y,
          })
          const face = ARCFACE_TEMPLATE.map(place) as unknown as FivePoints
          const map = similarity(face, ARCFACE_TEMPLATE)
          for (const [i, point] of ARCFACE_TEMPLATE.entries()) {
            const back = apply(map, point)
            expect(back.x).toBeCloseTo(face[i]!.x, 5)
            expect(back.y).toBeCloseTo(face[i]!.y, 5)
          }
        },
      ),
    )
  })

  test('fits a face that matches the template nowhere, without mirroring or shearing it', () => {
    const face: FivePoints = [
      { x: 100, y: 120 },
      { x: 180, y: 110 },
      { x: 150, y: 170 },
      { x: 110, y: 210 },
      { x: 175, y: 220 },
    ]
    const [a, b, , d, e] = similarity(face, ARCFACE_TEMPLATE)
    expect(a).toBeCloseTo(e, 12)
    expect(b).toBeCloseTo(-d, 12)
    expect(a * e - b * d).toBeGreaterThan(0)
  })
})

test('a mirrored map reads every row from right to left', () => {
  const map: Affine = [1.2, 0.3, 10, -0.3, 1.2, 20]
  const mirror = mirrored(map, 112)
  for (const x of [0, 17, 111]) {
    const there = apply(mirror, { x, y: 40 })
    const here = apply(map, { x: 111 - x, y: 40 })
    expect(there.x).toBeCloseTo(here.x, 9)
    expect(there.y).toBeCloseTo(here.y, 9)
  }
})

test('the template has its eyes 35 pixels apart', () => {
  expect(eyeDistance(ARCFACE_TEMPLATE)).toBeCloseTo(35.24, 2)
})

function apply([a, b, c, d, e, f]: Affine, { x, y }: Point): Point {
  return { x: a * x + b * y + c, y: d * x + e * y + f }
}
