import { expect, test } from 'vitest'
import type { RgbImage } from '../../src/face/recogniser.ts'
import { type PlaneFormat, samplesFor, warp } from '../../src/face/warp.ts'

/** 3 × 2 pixels; red counts the pixels, green is ten times that, blue a hundred less. */
const image: RgbImage = {
  width: 3,
  height: 2,
  data: Uint8Array.from([0, 1, 2, 3, 4, 5].flatMap((n) => [n, 10 * n, 100 - n])),
}
const format: PlaneFormat = { width: 3, height: 2, order: 'rgb', scale: 1, offset: 0 }

function drawn(map: Parameters<typeof warp>[1], change: Partial<PlaneFormat> = {}, samples = 1): number[][] {
  const target = { ...format, ...change }
  const count = target.width * target.height
  const out = new Float32Array(3 * count)
  warp(image, map, target, out, samples)
  return [0, 1, 2].map((plane) => Array.from(out.subarray(plane * count, (plane + 1) * count)))
}

test('the identity copies every pixel into its plane', () => {
  expect(drawn([1, 0, 0, 0, 1, 0])).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 10, 20, 30, 40, 50],
    [100, 99, 98, 97, 96, 95],
  ])
})

test('bgr order swaps the outer planes, scale and offset apply to all', () => {
  const [first, , last] = drawn([1, 0, 0, 0, 1, 0], { order: 'bgr', scale: 2, offset: -1 })
  expect(first).toEqual([199, 197, 195, 193, 191, 189])
  expect(last).toEqual([-1, 1, 3, 5, 7, 9])
})

test('half a pixel to the right lies between two neighbours', () => {
  expect(drawn([1, 0, 0.5, 0, 1, 0], { width: 2 })[0]).toEqual([0.5, 1.5, 3.5, 4.5])
})

test('outside the image everything is black, and the rim fades into it', () => {
  expect(drawn([1, 0, -1, 0, 1, 0], { height: 1 })[1]).toEqual([0, 0, 10])
  expect(drawn([1, 0, 2.5, 0, 1, 0], { width: 2, height: 1 })[1]).toEqual([10, 0])
  expect(drawn([1, 0, 50, 0, 1, -50])[2]).toEqual([0, 0, 0, 0, 0, 0])
})

test('several samples average what a shrinking map would skip', () => {
  const shrink = [3, 0, 1, 0, 2, 0.5] as const
  expect(drawn(shrink, { width: 1, height: 1 })[0]).toEqual([2.5])
  const wide = drawn([3, 0, 1, 0, 3, 0.5], { width: 1, height: 1 }, 3)[0]![0]!
  expect(wide).toBeGreaterThan(0)
  expect(wide).toBeLessThan(2.5)
})

test('more samples are taken the more a map shrinks', () => {
  const shrinking = (by: number) => samplesFor([by, 0, 0, 0, by, 0], 1.5)
  expect([1, 1.5, 2, 4, 100].map(shrinking)).toEqual([1, 1, 2, 3, 4])
})
