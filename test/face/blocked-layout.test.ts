import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { forBlockedLayout } from '../../build/models/blocked-layout.ts'
import { compareRewriting } from '../../build/models/compare-rewriting.ts'
import { OnnxGraph } from '../../build/models/onnx-graph.ts'
import { readOnnx } from '../../build/models/onnx-reader.ts'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { MODEL_FOLDER } from '../../src/face/models.ts'

const random = pseudoRandom(7)
const noise = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1)

/** Convolution to 5 channels → PReLU → depthwise, added to itself → 3 more channels → convolution to 2. */
function network(slopes: readonly number[], filters = noise(5 * 3 * 9)): Uint8Array {
  const graph = new OnnxGraph('small')
  const same = { auto_pad: 'SAME_UPPER', group: 1 }
  const input = graph.input('input', [1, 3, 6, 6])
  const wide = graph.node(
    'Conv',
    [input, graph.floats([5, 3, 3, 3], filters), graph.floats([5], noise(5))],
    same,
  )
  const bent = graph.node('PRelu', [wide, graph.floats([5, 1, 1], Float32Array.from(slopes))])
  const kernel = graph.floats([5, 1, 3, 3], noise(45))
  const depthwise = graph.node('Conv', [bent, kernel], { ...same, group: 5 })
  const sum = graph.node('Add', [bent, depthwise])
  const pooled = graph.node('MaxPool', [sum], { kernel_shape: [2, 2], strides: [2, 2] })
  const amounts = graph.integers([0, 0, 0, 0, 0, 3, 0, 0])
  const padded = graph.node('Pad', [pooled, amounts], { mode: 'constant' })
  const last = graph.node('Conv', [padded, graph.floats([2, 8, 1, 1], noise(16))], { group: 1 })
  const channelsLast = graph.node('Transpose', [last], { perm: [0, 2, 3, 1] })
  graph.output('answer', graph.node('Reshape', [channelsLast, graph.integers([1, 18])]))
  return graph.serialize()
}

describe('a network rewritten for the blocked layout', () => {
  test('answers the same, with slopes below 0, above 1 and between', async () => {
    for (const slopes of [
      [0.25, 0, 1, -0.5, 0.9],
      [1.5, -0.2, 0.3, 2, 1],
    ]) {
      const plain = network(slopes)
      await expect(compareRewriting(plain, forBlockedLayout(readOnnx(plain)))).resolves.toContain('rewritten')
    }
  })

  test('has neither PReLU nor Pad, and only whole blocks of channels inside', () => {
    const { nodes, constants } = readOnnx(forBlockedLayout(readOnnx(network([0.1, 0.2, 0.3, 0.4, 0.5]))))
    expect(nodes.map(({ operator }) => operator)).not.toContain('PRelu')
    expect(nodes.map(({ operator }) => operator)).not.toContain('Pad')
    const convolutions = nodes.filter(({ operator }) => operator === 'Conv')
    const filters = convolutions.map(({ inputs }) => constants.get(inputs[1]!)!.shape[0]!)
    expect(filters.slice(0, -1).every((count) => count % 16 === 0)).toBe(true)
    expect(filters.at(-1)).toBe(2)
  })

  test('that answers otherwise is noticed', async () => {
    const slopes = [0.1, 0.2, 0.3, 0.4, 0.5]
    await expect(compareRewriting(network(slopes), network(slopes))).rejects.toThrow('other answers')
  })

  test('with an operator that nobody thought of is refused', () => {
    const graph = new OnnxGraph('strange')
    graph.output('answer', graph.node('Tanh', [graph.input('input', [1, 3, 4, 4])]))
    expect(() => forBlockedLayout(readOnnx(graph.serialize()))).toThrow('Tanh')
  })
})

describe('an ONNX file', () => {
  test('is read as it was written', async () => {
    const model = readOnnx(network([0.1, 0.2, 0.3, 0.4, 0.5]))
    expect(model.inputs).toEqual(new Map([['input', [1, 3, 6, 6]]]))
    expect(model.outputs).toEqual(['answer'])
    const pooling = model.nodes.find(({ operator }) => operator === 'MaxPool')
    expect(pooling?.attributes).toEqual({ kernel_shape: [2, 2], strides: [2, 2] })
    const [slopes] = [...model.constants.values()].filter(({ shape }) => shape.join() === '5,1,1')
    expect(slopes?.data).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5))
  })

  test('that ends early is refused, wherever it is cut', () => {
    const bytes = network([0.1, 0.2, 0.3, 0.4, 0.5])
    for (let length = 1; length < bytes.length; length += 97) {
      expect(() => readOnnx(bytes.subarray(0, length))).toThrow()
    }
  })
})

test('the networks of the product have left PReLU behind', () => {
  for (const name of ['blazeface', 'facemesh', 'fr_feature']) {
    const { nodes } = readOnnx(readFileSync(join(MODEL_FOLDER, `${name}.onnx`)))
    expect(nodes.filter(({ operator }) => operator === 'PRelu')).toEqual([])
  }
})

test('a rewritten network runs on one thread as on two', async () => {
  const bytes = forBlockedLayout(readOnnx(network([0.5, 1.5, -1, 0, 1])))
  const input = new Tensor('float32', noise(108), [1, 3, 6, 6])
  const answers = []
  for (const intraOpNumThreads of [1, 2]) {
    const session = await InferenceSession.create(bytes, { intraOpNumThreads })
    answers.push(Array.from((await session.run({ input })).answer!.data as Float32Array))
  }
  expect(answers[0]).toEqual(answers[1])
})
