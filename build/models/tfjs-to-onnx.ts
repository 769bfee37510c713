import { OnnxGraph, type ValueName } from './onnx-graph.ts'
import { readWeights, type TfjsModel, type TfjsNode, type Weight } from './tfjs-model.ts'

export interface Conversion {
  /** Name inside the ONNX file. */
  readonly name: string
  /** Height and width of the square RGB input. */
  readonly inputSize: number
  /** tfjs output node → name of the ONNX output; other outputs are dropped. */
  readonly outputs: Readonly<Record<string, string>>
}

/**
 * Converts a TensorFlow.js convolutional network to ONNX, float32, batch 1.
 *
 * Every picture-shaped value is kept channels-first from the input on (ONNX convolutions want that), so the only
 * transposes left stand before the final reshapes, whose element order is channels-last. An operator that isn't in
 * the table throws: better no model than a wrong one.
 */
export function convertTfjs(model: TfjsModel, binary: Uint8Array, conversion: Conversion): Uint8Array {
  const network = new Network(model, binary, conversion)
  for (const [node, output] of Object.entries(conversion.outputs)) {
    network.graph.output(output, network.value(node))
  }
  return network.graph.serialize()
}

class Network {
  readonly graph: OnnxGraph
  readonly #nodes: ReadonlyMap<string, TfjsNode>
  readonly #weights: ReadonlyMap<string, Weight>
  readonly #inputSize: number
  readonly #values = new Map<string, ValueName>()

  constructor(model: TfjsModel, binary: Uint8Array, { name, inputSize }: Conversion) {
    this.graph = new OnnxGraph(name)
    this.#nodes = new Map(model.modelTopology.node.map((node) => [node.name, node]))
    this.#weights = readWeights(model, binary)
    this.#inputSize = inputSize
  }

  /** The ONNX value of a tfjs node, converting whatever it needs first. */
  value(reference: string): ValueName {
    const name = reference.replace(/:0$/, '')
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const node = this.#nodes.get(name)
    if (node === undefined) throw new Error(`model has no node ${name}`)
    const convert = operators[node.op]
    if (convert === undefined) throw new Error(`operator ${node.op} of ${name} is not supported`)
    const value = convert(this, node)
    this.#values.set(name, value)
    return value
  }

  /** The n-th input of a node, as an ONNX value. */
  operand(node: TfjsNode, index: number): ValueName {
    return this.value(inputName(node, index))
  }

  /** The n-th input of a node, which must be a constant. */
  constant(node: TfjsNode, index: number): Weight {
    const weight = this.#weights.get(inputName(node, index).replace(/:0$/, ''))
    if (weight === undefined) throw new Error(`input ${index} of ${node.name} is not a constant`)
    return weight
  }

  picture(): ValueName {
    return this.graph.input('input', [1, 3, this.#inputSize, this.#inputSize])
  }
}

type Converter = (network: Network, node: TfjsNode) => ValueName

const operators: Readonly<Record<string, Converter>> = {
  Placeholder: (network) => network.picture(),
  Identity: (network, node) => network.operand(node, 0),
  _FusedConv2D: (network, node) => {
    const { shape, data } = network.constant(node, 1)
    const convolved = convolution(network, node, reorder(data, shape, [3, 2, 0, 1]), 1)
    const fused = (node.attr?.fused_ops?.list?.s ?? []).map(decodeText)
    if (fused[1] === 'Relu') return network.graph.node('Relu', [convolved])
    if (fused[1] === 'Prelu') return prelu(network, convolved, network.constant(node, 3))
    if (fused[1] !== undefined) throw new Error(`fused ${fused[1]} of ${node.name} is not supported`)
    return convolved
  },
  DepthwiseConv2dNative: (network, node) => {
    const { shape, data } = network.constant(node, 1)
    return convolution(network, node, reorder(data, shape, [2, 3, 0, 1]), size(shape, 2))
  },
  Prelu: (network, node) => prelu(network, network.operand(node, 0), network.constant(node, 1)),
  Relu: (network, node) => network.graph.node('Relu', [network.operand(node, 0)]),
  Sigmoid: (network, node) => network.graph.node('Sigmoid', [network.operand(node, 0)]),
  AddV2: (network, node) => network.graph.node('Add', [network.operand(node, 0), network.operand(node, 1)]),
  MaxPool: (network, node) => {
    const [, height, width] = integers(node, 'ksize')
    const [, down, right] = integers(node, 'strides')
    return network.graph.node('MaxPool', [network.operand(node, 0)], {
      kernel_shape: [height!, width!],
      strides: [down!, right!],
      auto_pad: padding(node),
    })
  },
  Pad: (network, node) => {
    const { data } = network.constant(node, 1)
    const channelsFirst = [0, 3, 1, 2]
    const before = channelsFirst.map((axis) => data[2 * axis]!)
    const after = channelsFirst.map((axis) => data[2 * axis + 1]!)
    const amounts = network.graph.integers([...before, ...after])
    return network.graph.node('Pad', [network.operand(node, 0), amounts], { mode: 'constant' })
  },
  Reshape: (network, node) => {
    const { data } = network.constant(node, 1)
    // A leading −1 is the batch, which is fixed here.
    const shape = Array.from(data, (length, axis) => (axis === 0 && length === -1 ? 1 : length))
    const channelsLast = network.graph.node('Transpose', [network.operand(node, 0)], { perm: [0, 2, 3, 1] })
    return network.graph.node('Reshape', [channelsLast, network.graph.integers(shape)])
  },
}

function convolution(network: Network, node: TfjsNode, kernel: Reordered, groups: number): ValueName {
  const [, down, right] = integers(node, 'strides')
  const dilations = node.attr?.dilations?.list?.i?.map(Number) ?? [1, 1, 1, 1]
  const operands = [network.operand(node, 0), network.graph.floats(depthwise(kernel, groups), kernel.data)]
  if (node.op === '_FusedConv2D') {
    const bias = network.constant(node, 2)
    operands.push(network.graph.floats(bias.shape, asFloats(bias.data)))
  }
  return network.graph.node('Conv', operands, {
    kernel_shape: kernel.shape.slice(2),
    strides: [down!, right!],
    dilations: dilations.slice(1, 3),
    group: groups,
    auto_pad: padding(node),
  })
}

/** tfjs keeps [channels, multiplier, …], ONNX wants [channels · multiplier, 1, …]: the same bytes. */
function depthwise({ shape }: Reordered, groups: number): readonly number[] {
  return groups === 1 ? shape : [size(shape, 0) * size(shape, 1), 1, size(shape, 2), size(shape, 3)]
}

/** Slopes are one per channel: [1, 1, channels] in tfjs, [channels, 1, 1] in ONNX. */
function prelu(network: Network, value: ValueName, slopes: Weight): ValueName {
  const channels = size(slopes.shape, slopes.shape.length - 1)
  if (slopes.data.length !== channels) throw new Error('PReLU slopes are not one per channel')
  return network.graph.node('PRelu', [value, network.graph.floats([channels, 1, 1], asFloats(slopes.data))])
}

interface Reordered {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** Permutes the axes of a four-dimensional constant; `axes[i]` is the old place of the new axis i. */
function reorder(
  data: Weight['data'],
  shape: readonly number[],
  axes: readonly [number, number, number, number],
): Reordered {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1))
  const newShape = axes.map((axis) => size(shape, axis))
  const [a, b, c, d] = newShape as [number, number, number, number]
  const [sa, sb, sc, sd] = axes.map((axis) => size(strides, axis)) as [number, number, number, number]
  const out = new Float32Array(data.length)
  let next = 0
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++)
        for (let l = 0; l < d; l++) out[next++] = data[i * sa + j * sb + k * sc + l * sd]!
  return { shape: newShape, data: out }
}

function inputName(node: TfjsNode, index: number): string {
  const name = node.input?.[index]
  if (name === undefined) throw new Error(`${node.name} has no input ${index}`)
  return name
}

function integers(node: TfjsNode, attribute: string): readonly number[] {
  const list = node.attr?.[attribute]?.list?.i
  if (list === undefined) throw new Error(`${node.name} has no ${attribute}`)
  return list.map(Number)
}

function padding(node: TfjsNode): string {
  return decodeText(node.attr?.padding?.s ?? '') === 'SAME' ? 'SAME_UPPER' : 'VALID'
}

function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1')
}

function asFloats(data: Weight['data']): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data)
}

function size(shape: readonly number[], axis: number): number {
  const length = shape[axis]
  if (length === undefined) throw new Error(`shape [${shape.join()}] has no axis ${axis}`)
  return length
}
