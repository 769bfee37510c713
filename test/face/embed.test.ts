import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { ARCFACE_TEMPLATE } from '../../src/face/align.ts'
import {
  arrange,
  cosine,
  type EmbedderFormat,
  FaceEmbedder,
  normalised,
  similarityAt,
  similarityOf,
} from '../../src/face/embed.ts'
import type { RgbImage } from '../../src/face/recogniser.ts'
import { echo, network } from './model-folder-rig.ts'

/** 32 × 32 with a colour of its own at every pixel. */
const picture: RgbImage = {
  width: 32,
  height: 32,
  data: Uint8Array.from({ length: 3 * 32 * 32 }, (_, i) => (i * 7 + (i % 3) * 60) % 256),
}
const identityMap = [1, 0, 0, 0, 1, 0] as const
const base: EmbedderFormat = {
  width: 32,
  height: 32,
  template: ARCFACE_TEMPLATE,
  layout: 'nchw',
  order: 'rgb',
  mean: [0, 0, 0],
  scale: [1, 1, 1],
  metric: 'euclidean-raw',
}

describe('what arrives at the network', () => {
  const conventions: [string, Partial<EmbedderFormat>][] = [
    ['InsightFace ArcFace: RGB, (x − 127.5) / 127.5', conventionOf('rgb', 127.5, 1 / 127.5)],
    ['MobileFaceNet: RGB, (x − 127.5) / 128', conventionOf('rgb', 127.5, 1 / 128)],
    [
      'an ArcFace that was trained on OpenCV’s order: BGR, (x − 127.5) / 128',
      conventionOf('bgr', 127.5, 1 / 128),
    ],
    ['OpenCV SFace: RGB, 0 … 255', conventionOf('rgb', 0, 1)],
    ['a mean and a scale for each channel', { order: 'bgr', mean: [104, 117, 123], scale: [0.5, 0.25, 2] }],
  ]
  for (const layout of ['nchw', 'nhwc'] as const) {
    test.each(conventions)(`${layout}: every pixel as declared by %s`, async (_, convention) => {
      const format: EmbedderFormat = { ...base, ...convention, layout }
      const shape = layout === 'nchw' ? [1, 3, 32, 32] : [1, 32, 32, 3]
      const embedder = new FaceEmbedder(await InferenceSession.create(echo(shape)), format)
      embedder.align(picture, identityMap)
      const arrived = await embedder.embed()
      const wanted = new Float32Array(arrived.length)
      for (let y = 0; y < 32; y++)
        for (let x = 0; x < 32; x++)
          for (let channel = 0; channel < 3; channel++) {
            const colour = format.order === 'rgb' ? channel : 2 - channel
            const value = picture.data[3 * (32 * y + x) + colour]!
            const at = layout === 'nchw' ? channel * 1024 + 32 * y + x : 3 * (32 * y + x) + channel
            wanted[at] = (value - format.mean[channel]!) * format.scale[channel]!
          }
      expect(arrived).toEqual(wanted)
    })
  }

  test('is drawn into the same buffers at every call', async () => {
    const embedder = new FaceEmbedder(await InferenceSession.create(echo([1, 3, 32, 32])), base)
    const { planes } = embedder
    embedder.align(picture, identityMap)
    const first = await embedder.embed()
    embedder.align({ ...picture, data: picture.data.map((value) => 255 - value) }, identityMap)
    const second = await embedder.embed()
    expect(embedder.planes).toBe(planes)
    expect(second).not.toEqual(first)
  })
})

test('arranging planes writes every number once', () => {
  const values = new Float32Array(3 * 32 * 32).fill(Number.NaN)
  arrange(new Float32Array(values.length).fill(9), { ...base, layout: 'nhwc' }, values)
  expect(values.every((value) => value === 9)).toBe(true)
})

describe('a network that does not fit its description', () => {
  test.each([
    ['another size', echo([1, 3, 16, 16])],
    ['channels last instead of first', echo([1, 32, 32, 3])],
    ['a batch of two', network([2, 3, 32, 32], (graph, input) => graph.node('Flatten', [input]))],
    ['no picture at all', echo([1, 3072])],
  ])('is refused: %s', async (_, weights) => {
    const session = await InferenceSession.create(weights)
    expect(() => new FaceEmbedder(session, base)).toThrow(
      expect.objectContaining({ code: 'FACE_MODEL_SHAPE' }),
    )
  })

  test('is refused: it lacks the output that was named', async () => {
    const session = await InferenceSession.create(echo([1, 3, 32, 32]))
    expect(() => new FaceEmbedder(session, base, 'features')).toThrow(
      expect.objectContaining({ code: 'FACE_MODEL_SHAPE' }),
    )
  })
})

describe('an embedding that is no direction is a fault and no score', () => {
  test.each([
    ['zeros', (graph, input) => graph.node('Sub', [input, input])],
    [
      'NaN',
      (graph, input) =>
        graph.node('Sqrt', [graph.node('Sub', [input, graph.floats([], new Float32Array([999]))])]),
    ],
    [
      'infinities',
      (graph, input) =>
        graph.node('Exp', [graph.node('Add', [input, graph.floats([], new Float32Array([999]))])]),
    ],
  ] as [string, Parameters<typeof network>[1]][])('%s', async (_, draw) => {
    for (const metric of ['cosine', 'euclidean-raw'] as const) {
      const session = await InferenceSession.create(network([1, 3, 32, 32], draw))
      const embedder = new FaceEmbedder(session, { ...base, metric })
      embedder.align(picture, identityMap)
      await expect(embedder.embed()).rejects.toMatchObject({ code: 'FACE_NOT_FINITE' })
    }
  })

  test('two embeddings that cancel each other out', async () => {
    const session = await InferenceSession.create(echo([1, 3, 32, 32]))
    const embedder = new FaceEmbedder(session, { ...base, metric: 'cosine' })
    const one = Float32Array.of(1, 0)
    expect(() => embedder.fuse([one, Float32Array.of(-1, 0)])).toThrow(
      expect.objectContaining({ code: 'FACE_NOT_FINITE' }),
    )
  })
})

describe('metrics', () => {
  const a = normalised(Float32Array.of(3, 4, 0))
  const b = normalised(Float32Array.of(3, 3, 3))

  test('the distance of embeddings of length 1 says what their cosine says', () => {
    const distance = Math.hypot(...a.map((value, i) => value - b[i]!))
    expect(similarityOf('euclidean', a, b)).toBe(cosine(a, b))
    expect(similarityAt('euclidean', distance)).toBeCloseTo(cosine(a, b), 6)
    // OpenCV's two thresholds for SFace are one and the same.
    expect(similarityAt('euclidean', 1.128)).toBeCloseTo(0.363, 2)
  })

  test('a raw distance counts with the lengths that the network gave', () => {
    expect(similarityOf('euclidean-raw', Float32Array.of(1, 0), Float32Array.of(1, 0.25))).toBe(0.75)
    expect(similarityOf('euclidean-raw', Float32Array.of(9, 0), Float32Array.of(0, 9))).toBe(-1)
    expect(similarityAt('euclidean-raw', 0.6)).toBeCloseTo(0.4, 12)
  })
})

function conventionOf(order: 'rgb' | 'bgr', mean: number, scale: number): Partial<EmbedderFormat> {
  return { order, mean: [mean, mean, mean], scale: [scale, scale, scale] }
}
