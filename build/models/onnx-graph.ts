import { ProtobufWriter } from './protobuf.ts'

/** Name of a value inside the graph. */
export type ValueName = string

export type Attribute = number | string | readonly number[]

interface Node {
  readonly operator: string
  readonly inputs: readonly ValueName[]
  readonly output: ValueName
  readonly attributes: Readonly<Record<string, Attribute>>
}

interface Initializer {
  readonly name: ValueName
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

interface Port {
  readonly name: ValueName
  readonly shape: readonly number[] | null
}

// onnx.proto: TensorProto.DataType and AttributeProto.AttributeType
const FLOAT = 1
const INT64 = 7
const ATTRIBUTE_INT = 2
const ATTRIBUTE_STRING = 3
const ATTRIBUTE_INTS = 7

const IR_VERSION = 8
const OPSET = 13

/** An ONNX graph being built (onnx.proto, IR 8, opset 13). Equal calls serialise to equal bytes. */
export class OnnxGraph {
  readonly #name: string
  readonly #nodes: Node[] = []
  readonly #initializers: Initializer[] = []
  readonly #inputs: Port[] = []
  readonly #outputs: Port[] = []

  constructor(name: string) {
    this.#name = name
  }

  input(name: ValueName, shape: readonly number[]): ValueName {
    this.#inputs.push({ name, shape })
    return name
  }

  /** Names `value` as an output of the model. */
  output(name: ValueName, value: ValueName): void {
    this.#nodes.push({ operator: 'Identity', inputs: [value], output: name, attributes: {} })
    this.#outputs.push({ name, shape: null })
  }

  floats(shape: readonly number[], data: Float32Array): ValueName {
    return this.#initializer(shape, data)
  }

  integers(values: readonly number[]): ValueName {
    return this.#initializer([values.length], BigInt64Array.from(values.map(BigInt)))
  }

  /** Adds one operator and gives the name of its output. */
  node(
    operator: string,
    inputs: readonly ValueName[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): ValueName {
    const output = `${operator}_${this.#nodes.length}`
    this.#nodes.push({ operator, inputs, output, attributes })
    return output
  }

  serialize(): Uint8Array {
    const graph = new ProtobufWriter()
    for (const node of this.#nodes) graph.message(1, nodeProto(node))
    graph.text(2, this.#name)
    for (const initializer of this.#initializers) graph.message(5, tensorProto(initializer))
    for (const port of this.#inputs) graph.message(11, valueInfoProto(port))
    for (const port of this.#outputs) graph.message(12, valueInfoProto(port))
    const opset = new ProtobufWriter().text(1, '').integer(2, OPSET)
    return new ProtobufWriter()
      .integer(1, IR_VERSION)
      .text(2, 'shidao build/models')
      .message(7, graph)
      .message(8, opset)
      .finish()
  }

  #initializer(shape: readonly number[], data: Float32Array | BigInt64Array): ValueName {
    const name = `constant_${this.#initializers.length}`
    this.#initializers.push({ name, shape, data })
    return name
  }
}

function nodeProto(node: Node): ProtobufWriter {
  const writer = new ProtobufWriter()
  for (const input of node.inputs) writer.text(1, input)
  writer.text(2, node.output).text(3, node.output).text(4, node.operator)
  for (const [name, value] of Object.entries(node.attributes)) writer.message(5, attributeProto(name, value))
  return writer
}

function attributeProto(name: string, value: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().text(1, name)
  if (typeof value === 'number') return writer.integer(3, value).integer(20, ATTRIBUTE_INT)
  if (typeof value === 'string') return writer.text(4, value).integer(20, ATTRIBUTE_STRING)
  for (const item of value) writer.integer(8, item)
  return writer.integer(20, ATTRIBUTE_INTS)
}

function tensorProto({ name, shape, data }: Initializer): ProtobufWriter {
  const writer = new ProtobufWriter()
  for (const size of shape) writer.integer(1, size)
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return writer
    .integer(2, data instanceof Float32Array ? FLOAT : INT64)
    .text(8, name)
    .bytes(9, raw)
}

function valueInfoProto({ name, shape }: Port): ProtobufWriter {
  const tensor = new ProtobufWriter().integer(1, FLOAT)
  if (shape !== null) {
    const dimensions = new ProtobufWriter()
    for (const size of shape) dimensions.message(1, new ProtobufWriter().integer(1, size))
    tensor.message(2, dimensions)
  }
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor))
}
