import { OnnxGraph, type ValueName } from './onnx-graph.ts'
import type { OnnxModel, OnnxNode, OnnxTensor } from './onnx-reader.ts'

/** Channels of a block on the widest vectors (16 floats, AVX-512); narrower ones divide it. */
const BLOCK = 16

/**
 * Rewrites a convolutional network so that onnxruntime can keep it in its blocked layout (NCHWc, onnxruntime:
 * core/optimizer/nchwc_transformer.cc) from the first convolution to the last. It computes the same; only the rounding
 * of the last bit may differ. What throws a network out of that layout, with a copy there and one back each time:
 *
 * - PReLU, which has no blocked kernel: becomes depthwise 1 × 1 convolutions, see `prelu`.
 * - Zeros appended as channels (Pad): becomes a 1 × 1 convolution whose kernel is an identity with empty rows.
 * - Channels that fill no block: are filled with zeros, through everything that keeps them apart.
 *
 * Throws on a network that isn't made of the operators it knows.
 */
export function forBlockedLayout(model: OnnxModel): Uint8Array {
  return new Rewriting(model).run()
}

class Rewriting {
  readonly #model: OnnxModel
  readonly #graph: OnnxGraph
  readonly #names = new Map<string, ValueName>()
  /** Channels of each picture-shaped value, in the new graph and before. */
  readonly #channels = new Map<string, Channels>()
  readonly #consumers = new Map<string, OnnxNode[]>()

  constructor(model: OnnxModel) {
    this.#model = model
    this.#graph = new OnnxGraph(model.name)
    for (const node of model.nodes) {
      for (const input of node.inputs) {
        const consumers = this.#consumers.get(input) ?? []
        this.#consumers.set(input, [...consumers, node])
      }
    }
  }

  run(): Uint8Array {
    for (const [name, shape] of this.#model.inputs) {
      this.#names.set(name, this.#graph.input(name, shape))
      this.#channels.set(name, { now: shape[1]!, before: shape[1]! })
    }
    for (const node of this.#model.nodes) {
      const output = only(node.outputs)
      if (node.operator === 'Identity' && this.#model.outputs.includes(output)) continue
      this.#names.set(output, this.#rewrite(node, output))
    }
    for (const output of this.#model.outputs) {
      const identity = this.#model.nodes.find((node) => node.outputs[0] === output)
      const value = identity?.operator === 'Identity' ? identity.inputs[0]! : output
      this.#graph.output(output, this.#value(value))
    }
    return this.#graph.serialize()
  }

  #rewrite(node: OnnxNode, output: string): ValueName {
    const { operator, inputs } = node
    if (operator === 'Conv') return this.#convolution(node, output)
    if (operator === 'PRelu') return this.#prelu(node, output)
    if (operator === 'Pad') return this.#appendedChannels(node, output)
    if (operator === 'Relu' || operator === 'Add' || operator === 'MaxPool') {
      const [first, ...others] = inputs.map((input) => this.#channelsOf(input))
      if (others.some(({ now }) => now !== first!.now)) throw new Error(`${operator} of unequal channels`)
      this.#channels.set(output, first!)
    } else if (!['Sigmoid', 'Transpose', 'Reshape'].includes(operator)) {
      throw new Error(`operator ${operator} is not supported`)
    }
    const operands = inputs.map((input) => this.#value(input))
    return this.#graph.node(operator, operands, node.attributes)
  }

  #convolution({ inputs, attributes }: OnnxNode, output: string): ValueName {
    const [input, kernelName, biasName] = inputs as [string, string, string | undefined]
    const kernel = this.#floats(kernelName)
    const [filters, depth, height, width] = kernel.shape as [number, number, number, number]
    const isDepthwise = attributes.group !== 1
    const newFilters = this.#canBeFilled(output) ? filled(filters) : filters
    const newDepth = isDepthwise ? depth : this.#channelsOf(input).now
    this.#channels.set(output, { now: newFilters, before: filters })
    const shape = [newFilters, newDepth, height, width]
    const operands = [this.#value(input), this.#graph.floats(shape, placed(kernel, shape))]
    if (biasName !== undefined) {
      operands.push(this.#graph.floats([newFilters], placed(this.#floats(biasName), [newFilters])))
    }
    const group = isDepthwise ? newFilters : 1
    return this.#graph.node('Conv', operands, { ...attributes, group })
  }

  /**
   * With slope s, PReLU(y) is s·y + (1 − s)·max(y, 0). While 1 − s isn't negative, it moves inside the maximum, where
   * the activation is part of the convolution before it; the sum is part of the other one: two passes over memory.
   */
  #prelu({ inputs }: OnnxNode, output: string): ValueName {
    const [input, slopeName] = inputs as [string, string]
    const channels = this.#channelsOf(input)
    const slopes = placed(this.#floats(slopeName), [channels.now, 1, 1])
    const value = this.#value(input)
    this.#channels.set(output, channels)
    const rest = slopes.map((slope) => 1 - slope)
    const isConvex = rest.every((share) => share >= 0)
    const positive = isConvex
      ? this.#graph.node('Relu', [this.#scaled(value, rest)])
      : this.#scaled(this.#graph.node('Relu', [value]), rest)
    return this.#graph.node('Add', [positive, this.#scaled(value, slopes)])
  }

  #scaled(value: ValueName, factors: Float32Array): ValueName {
    const kernel = this.#graph.floats([factors.length, 1, 1, 1], factors)
    return this.#graph.node('Conv', [value, kernel], { kernel_shape: [1, 1], group: factors.length })
  }

  #appendedChannels({ inputs }: OnnxNode, output: string): ValueName {
    const amounts = Array.from(this.#constant(inputs[1]!).data, Number)
    const appended = amounts[5]!
    if (amounts.some((amount, i) => i !== 5 && amount !== 0)) throw new Error('Pad of more than channels')
    const { now: depth, before: kept } = this.#channelsOf(inputs[0]!)
    const filters = filled(kept + appended)
    this.#channels.set(output, { now: filters, before: kept + appended })
    const kernel = new Float32Array(filters * depth)
    for (let i = 0; i < kept; i++) kernel[i * depth + i] = 1
    const identity = this.#graph.floats([filters, depth, 1, 1], kernel)
    return this.#graph.node('Conv', [this.#value(inputs[0]!), identity], { kernel_shape: [1, 1], group: 1 })
  }

  /** Whether everything that takes a value, directly or through others, leaves empty channels empty. */
  #canBeFilled(value: string): boolean {
    if (this.#model.outputs.includes(value)) return false
    return (this.#consumers.get(value) ?? []).every(({ operator, outputs }) => {
      if (operator === 'Conv' || operator === 'Pad') return true
      return ['Relu', 'PRelu', 'Add', 'MaxPool'].includes(operator) && this.#canBeFilled(only(outputs))
    })
  }

  #channelsOf(value: string): Channels {
    const channels = this.#channels.get(value)
    if (channels === undefined) throw new Error(`${value} is no picture`)
    return channels
  }

  #value(name: string): ValueName {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const { shape, data } = this.#constant(name)
    const value =
      data instanceof Float32Array
        ? this.#graph.floats(shape, data)
        : this.#graph.integers(Array.from(data, Number))
    this.#names.set(name, value)
    return value
  }

  #floats(name: string): OnnxTensor & { readonly data: Float32Array } {
    const { shape, data } = this.#constant(name)
    if (!(data instanceof Float32Array)) throw new Error(`${name} is not of floats`)
    return { shape, data }
  }

  #constant(name: string): OnnxTensor {
    const constant = this.#model.constants.get(name)
    if (constant === undefined) throw new Error(`${name} is not a constant`)
    return constant
  }
}

interface Channels {
  readonly now: number
  readonly before: number
}

function filled(channels: number): number {
  return Math.ceil(channels / BLOCK) * BLOCK
}

/** A tensor in the corner of a larger one of zeros; only the first two axes may grow. */
function placed({ shape, data }: OnnxTensor & { readonly data: Float32Array }, newShape: readonly number[]) {
  const rows = shape[0]!
  const columns = shape[1] ?? 1
  const newColumns = newShape[1] ?? 1
  const rest = data.length / (rows * columns)
  const larger = new Float32Array(newShape.reduce((product, size) => product * size, 1))
  for (let row = 0; row < rows; row++) {
    larger.set(data.subarray(row * columns * rest, (row + 1) * columns * rest), row * newColumns * rest)
  }
  return larger
}

function only(outputs: readonly string[]): string {
  if (outputs.length !== 1) throw new Error('an operator with several outputs')
  return outputs[0]!
}
