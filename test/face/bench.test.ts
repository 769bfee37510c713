import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ok } from '../../src/common/result.ts'
import { type BenchInput, personOf, scorePairs } from '../../src/face/bench.ts'
import { readGenuinePairs, readImageList } from '../../src/face/bench-files.ts'
import type { FaceFound, Recogniser, RgbImage } from '../../src/face/recogniser.ts'

/** Knows a person by the red of the upper left pixel; a red of zero is no face. Equal reds score 1, others 0. */
const byColour: Recogniser = {
  engine: 'colour',
  model: { name: 'colour', sha256: '' },
  thresholds: { accept: 0.5, reject: 0.5, fmr: 0, population: '' },
  analyse: async ({ data }: RgbImage) => (data[0] === 0 ? [] : [faceOf(data[0]!)]),
  compare: (a, b) => ok(a.embedding[0] === b.embedding[0] ? 1 : 0),
  close: async () => undefined,
}

function faceOf(red: number): FaceFound {
  const quality = { issue: null, eyeDistance: 0, yaw: 0, pitch: 0, roll: 0, sharpness: 0, brightness: 0 }
  const template = { model: byColour.model, embedding: Float32Array.of(red) }
  return { box: { x: 0, y: 0, width: 1, height: 1 }, quality, template, tracked: false }
}

let root: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'shidao-bench-'))
  const reds = { An_1: 10, An_2: 10, Bo_1: 20, Bo_2: 20, Cy_1: 0 }
  for (const [name, r] of Object.entries(reds)) {
    const background = { r, g: 0, b: 0 }
    await sharp({ create: { width: 4, height: 4, channels: 3, background } })
      .png()
      .toFile(join(root, name))
  }
  writeFileSync(join(root, 'Di_1'), 'not a picture')
})
afterAll(() => rmSync(root, { recursive: true }))

const bench = (input: Partial<BenchInput>) =>
  scorePairs(
    byColour,
    // Only card portraits are drawn by it, and none is asked for here.
    undefined as never,
    {
      images: ['An_1', 'An_2', 'Bo_1', 'Bo_2', 'Cy_1'],
      genuine: [
        ['An_1', 'An_2'],
        ['Bo_1', 'Bo_2'],
      ],
      root,
      portrait: 'orig',
      ...input,
    },
    () => undefined,
  )

describe('the bench', () => {
  test('scores the pairs given and every cross-person pair once', async () => {
    const scores = await bench({})
    expect(Array.from(scores.genuine.scores)).toEqual([1, 1])
    // 5 pictures make 10 pairs, 2 of them of one person.
    expect(scores.impostor.scores.length).toBe(8)
    expect(scores.people).toBe(3)
  })

  test('scores −1 and reports where no face was found', async () => {
    const scores = await bench({})
    expect(scores.failures).toEqual({ probe: 1, portrait: 1 })
    expect(Array.from(scores.impostor.scores).filter((score) => score === -1).length).toBe(4)
  })

  test('counts a damaged file as a picture without a face', async () => {
    const scores = await bench({ images: ['An_1', 'An_2', 'Di_1'], genuine: [['An_1', 'An_2']] })
    expect(scores.failures).toEqual({ probe: 1, portrait: 1 })
  })

  test('leaves out genuine pairs whose pictures are not on the list', async () => {
    const scores = await bench({ images: ['An_1', 'An_2', 'Cy_1'] })
    expect(scores.genuine.scores.length).toBe(1)
  })

  test('refuses a list that leaves nothing to compare, and a file that isn’t there', async () => {
    await expect(bench({ images: ['An_1', 'An_2'] })).rejects.toMatchObject({ code: 'FACE_BENCH_INPUT' })
    await expect(bench({ images: ['An_1', 'No_1'] })).rejects.toMatchObject({ code: 'FACE_BENCH_INPUT' })
  })
})

test('a person is the file name before the last underline', () => {
  expect(personOf('Ann_Lee_0001.jpg')).toBe('Ann_Lee')
  expect(personOf('nobody.jpg')).toBe('nobody.jpg')
})

test('lists and pairs that are no such files are refused with a code', () => {
  const file = join(root, 'pairs.csv')
  writeFileSync(file, 'a,b\r\nAn_1,An_2\r\n')
  expect(readGenuinePairs(file)).toEqual([['An_1', 'An_2']])
  for (const text of ['', 'x,y\nAn_1,An_2\n', 'a,b\nAn_1\n', 'a,b\nAn_1,An_2,An_3\n']) {
    writeFileSync(file, text)
    expect(() => readGenuinePairs(file)).toThrow(expect.objectContaining({ code: 'FACE_BENCH_INPUT' }))
  }
  writeFileSync(file, '\n')
  expect(() => readImageList(file)).toThrow(expect.objectContaining({ code: 'FACE_BENCH_INPUT' }))
  expect(() => readImageList(root)).toThrow(expect.objectContaining({ code: 'FACE_BENCH_INPUT' }))
})
