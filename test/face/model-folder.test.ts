import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ARCFACE_TEMPLATE } from '../../src/face/align.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { startFaceEngine } from '../../src/face/engine.ts'
import { goldenOf, openModelFolder } from '../../src/face/model-folder.ts'
import { formatOf, parseManifest, thresholdsOf } from '../../src/face/model-manifest.ts'
import { MODEL_FOLDER } from '../../src/face/models.ts'
import { openRecogniser } from '../../src/face/open-recogniser.ts'
import { echo, manifestFor, modelFolder, network } from './model-folder-rig.ts'

const weights = echo([1, 3, 32, 32])

describe('a manifest', () => {
  const parse = (change: Record<string, unknown>) =>
    parseManifest(new TextEncoder().encode(JSON.stringify(manifestFor(weights, change))))

  test('gives one mean and scale to all channels, or three in the order of the network', () => {
    const input = { width: 32, height: 32, layout: 'nhwc', order: 'bgr', mean: 127.5, scale: [1, 2, 3] }
    const format = formatOf(parse({ input }))
    expect(format).toMatchObject({
      layout: 'nhwc',
      order: 'bgr',
      mean: [127.5, 127.5, 127.5],
      scale: [1, 2, 3],
    })
  })

  test('takes a template of its own, or ArcFace’s, scaled to its picture', () => {
    const own = [
      [10, 12],
      [20, 12],
      [15, 18],
      [11, 24],
      [19, 24],
    ]
    expect(formatOf(parse({ template: own })).template[2]).toEqual({ x: 15, y: 18 })
    const side = (width: number, height: number) =>
      formatOf(parse({ input: { width, height, layout: 'nchw', order: 'rgb', mean: 0, scale: 1 } })).template
    expect(side(112, 112)).toEqual(ARCFACE_TEMPLATE)
    const double = side(224, 224)
    expect(double[0].x).toBeCloseTo(2 * ARCFACE_TEMPLATE[0].x + 0.5, 9)
    expect(double[4].y).toBeCloseTo(2 * ARCFACE_TEMPLATE[4].y + 0.5, 9)
    // The MTCNN crop of 96 × 112: the same face, eight pixels narrower on either side.
    expect(side(96, 112)[2].x - 47.5).toBeCloseTo(((ARCFACE_TEMPLATE[2].x - 55.5) * 96) / 112, 9)
  })

  test('states thresholds in its own metric', () => {
    const thresholds = { accept: 1.1, reject: 1.2, fmr: 0.001, population: 'nobody' }
    expect(thresholdsOf(parse({ metric: 'euclidean', thresholds }))?.accept).toBeCloseTo(0.395, 9)
    expect(thresholdsOf(parse({ thresholds: undefined }))).toBe(null)
  })

  test.each([
    [
      'a distance where the metric is a cosine',
      { thresholds: { accept: 0.9, reject: 1.2, fmr: 0.001, population: 'p' } },
    ],
    ['a cosine where the metric is a distance', { metric: 'euclidean' }],
    [
      'thresholds without their false match rate',
      { thresholds: { accept: 0.5, reject: 0.3, population: 'p' } },
    ],
    ['no licence', { licence: undefined }],
    ['weights in another folder', { file: '../tiny.onnx' }],
    ['a field that nobody knows', { channels: 'rgb' }],
    [
      'four points',
      {
        template: [
          [1, 1],
          [2, 1],
          [1, 2],
          [2, 2],
        ],
      },
    ],
    [
      'a size of nothing',
      { input: { width: 0, height: 0, layout: 'nchw', order: 'rgb', mean: 0, scale: 1 } },
    ],
    ['another version', { format: 'shidao-face-model-2' }],
  ])('is refused with %s', (_, change) => {
    expect(() => thresholdsOf(parse(change))).toThrow(
      expect.objectContaining({ code: 'FACE_MODEL_MANIFEST' }),
    )
  })

  test('that is no JSON or no UTF-8 is refused', () => {
    for (const bytes of [new Uint8Array(), Uint8Array.of(0xff, 0xfe), new TextEncoder().encode('{')]) {
      expect(() => parseManifest(bytes)).toThrow(expect.objectContaining({ code: 'FACE_MODEL_MANIFEST' }))
    }
  })
})

describe('a model folder', () => {
  test('opens as an engine whose name, licence and thresholds are the manifest’s', async () => {
    const folder = modelFolder(weights, manifestFor(weights))
    const recogniser = await openRecogniser(folder)
    expect(recogniser.engine).toBe('folder:tiny')
    expect(recogniser.model.sha256).toBe(manifestFor(weights).sha256)
    expect(recogniser.thresholds).toEqual({
      accept: 0.5,
      reject: 0.3,
      fmr: 0.001,
      population: 'nobody: a test',
    })
    expect(recogniser.licence.name).toBe('none needed')
    await recogniser.close()
  })

  test('runs as the station’s engine, which reports the name and not the path', async () => {
    const folder = modelFolder(weights, manifestFor(weights))
    const engine = await startFaceEngine({ engine: folder })
    expect(engine.info).toMatchObject({ engine: 'folder:tiny', licence: { name: 'none needed' } })
    expect(JSON.stringify(engine.info)).not.toContain(folder)
    await engine.close()
  })

  test('without thresholds compares no face, but can be opened to be measured', async () => {
    const folder = modelFolder(weights, manifestFor(weights, { thresholds: undefined }))
    await expect(openRecogniser(folder)).rejects.toMatchObject({ code: 'FACE_NOT_CALIBRATED' })
    const measuring = { accept: 1, reject: 1, fmr: 0, population: '' }
    const recogniser = await ArcfaceRecogniser.open({ embedderFolder: folder, thresholds: measuring })
    expect(recogniser.thresholds).toBe(measuring)
    await recogniser.close()
  })

  test('does not inherit the built-in thresholds by bringing the built-in weights', async () => {
    const builtIn = readFileSync(join(MODEL_FOLDER, 'fr_feature.onnx'))
    const manifest = builtInManifest(builtIn, { order: 'rgb', thresholds: undefined })
    await expect(openRecogniser(modelFolder(builtIn, manifest))).rejects.toMatchObject({
      code: 'FACE_NOT_CALIBRATED',
    })
  })

  test('compares no template with one of the same weights read in another way', async () => {
    const mean = (value: number) => ({
      width: 32,
      height: 32,
      layout: 'nchw',
      order: 'rgb',
      mean: value,
      scale: 1,
    })
    const [a, b] = await Promise.all(
      [0, 127.5].map((value) =>
        openRecogniser(modelFolder(weights, manifestFor(weights, { input: mean(value) }))),
      ),
    )
    const template = (model: typeof a) => ({
      model: model!.model,
      embedding: new Float32Array(3072).fill(0.01),
    })
    expect(a!.compare(template(a), template(a)).ok).toBe(true)
    const compared = a!.compare(template(a), template(b))
    expect(compared.ok ? null : compared.fault.code).toBe('FACE_MODEL_MISMATCH')
    await Promise.all([a!.close(), b!.close()])
  })

  const faults: [string, string, () => string][] = [
    ['no folder', 'FACE_MODEL_MISSING', () => '/nowhere/at/all'],
    [
      'no weights',
      'FACE_MODEL_MISSING',
      () => modelFolder(weights, manifestFor(weights, { file: 'other.onnx' })),
    ],
    ['other weights', 'FACE_MODEL_ALTERED', () => modelFolder(echo([1, 32, 32, 3]), manifestFor(weights))],
    [
      'weights that are no network',
      'FACE_MODEL_INVALID',
      () => modelFolder(Buffer.from('no network'), manifestFor(Buffer.from('no network'))),
    ],
    [
      'another input than declared',
      'FACE_MODEL_SHAPE',
      () => {
        const other = echo([1, 32, 32, 3])
        return modelFolder(other, manifestFor(other))
      },
    ],
    [
      'another number of dimensions',
      'FACE_MODEL_SHAPE',
      () => modelFolder(weights, manifestFor(weights, { output: { dimensions: 512 } })),
    ],
    [
      'an embedding of NaN',
      'FACE_NOT_FINITE',
      () => {
        const broken = network([1, 3, 32, 32], (graph, input) =>
          graph.node('Sqrt', [graph.node('Sub', [input, graph.floats([], Float32Array.of(999))])]),
        )
        return modelFolder(broken, manifestFor(broken))
      },
    ],
    [
      'one answer for every picture',
      'FACE_SELF_TEST',
      () => {
        const dead = network([1, 3, 32, 32], (graph, input) => {
          const zeros = graph.node('Sub', [input, input])
          return graph.node('Add', [zeros, graph.floats([], Float32Array.of(1))])
        })
        return modelFolder(dead, manifestFor(dead))
      },
    ],
  ]
  test.each(faults)('is refused with %s: %s', async (_, code, folder) => {
    await expect(openRecogniser(folder())).rejects.toMatchObject({ code })
  })
})

describe('the golden embedding', () => {
  test('lets a folder open that gives it, and none that reads the picture in another way', async () => {
    const model = await openModelFolder(modelFolder(weights, manifestFor(weights)), 1)
    const golden = await goldenOf(model.embedder)
    await model.session.release()
    const open = (change: Record<string, unknown>) =>
      openModelFolder(modelFolder(weights, manifestFor(weights, { golden, ...change })), 1)
    await (await open({})).session.release()
    const input = { width: 32, height: 32, layout: 'nchw', order: 'bgr', mean: 0, scale: 1 }
    await expect(open({ input })).rejects.toMatchObject({ code: 'FACE_SELF_TEST' })
    await expect(open({ golden: 'AAAA' })).rejects.toMatchObject({ code: 'FACE_SELF_TEST' })
  })
})

test('the built-in weights described by a manifest give the built-in templates', async () => {
  const builtIn = readFileSync(join(MODEL_FOLDER, 'fr_feature.onnx'))
  const folder = modelFolder(builtIn, builtInManifest(builtIn, {}))
  const [described, own] = await Promise.all([openModelFolder(folder, 1), ArcfaceRecogniser.open()])
  expect(await goldenOf(described.embedder)).toBe(await goldenOf(own.embedder))
  await Promise.all([described.session.release(), own.close()])
})

function builtInManifest(bytes: Uint8Array, { order = 'bgr', ...change }: Record<string, unknown>) {
  const input = { width: 112, height: 112, layout: 'nchw', order, mean: 127, scale: 1 / 128 }
  return manifestFor(bytes, { input, output: { dimensions: 512 }, ...change })
}
