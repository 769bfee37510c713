import type { Attribute } from './onnx-graph.ts'

/** One operator of a network that was read. An absent optional input has the name ''. */
export interface OnnxNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface OnnxTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

/** A network as a list of operators in running order, with its constants. */
export interface OnnxModel {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly constants: ReadonlyMap<string, OnnxTensor>
  /** Inputs that are no constants, with their shapes. */
  readonly inputs: ReadonlyMap<string, readonly number[]>
  readonly outputs: readonly string[]
}

/**
 * Reads an ONNX file (onnx.proto) of floats and 64-bit integers, one graph, default domain.
 * Anything else in it throws: a model that is read half would compute something else.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const graph = only(fieldsOf(bytes), 7).bytes
  const fields = fieldsOf(graph)
  const constants = new Map(messages(fields, 5).map(readTensor))
  const ports = messages(fields, 11).map(readPort)
  return {
    name: texts(fields, 2)[0] ?? '',
    nodes: messages(fields, 1).map(readNode),
    constants,
    inputs: new Map(ports.filter(([name]) => !constants.has(name))),
    outputs: messages(fields, 12).map((port) => readPort(port)[0]),
  }
}

interface Field {
  readonly number: number
  /** Of a varint. */
  readonly value: bigint
  /** Of everything else. */
  readonly bytes: Uint8Array
}

const NOTHING = new Uint8Array()
const FLOAT = 1
const INT64 = 7

function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = []
  let at = 0
  function varint(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]
      if (byte === undefined) throw new Error('the model ends within a number')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = Number(varint())
    const number = tag >> 3
    const type = tag & 7
    if (type === 0) {
      fields.push({ number, value: BigInt.asIntN(64, varint()), bytes: NOTHING })
      continue
    }
    const length = type === 2 ? Number(varint()) : type === 5 ? 4 : type === 1 ? 8 : -1
    if (length < 0 || at + length > message.length) throw new Error('the model ends within a field')
    fields.push({ number, value: 0n, bytes: message.subarray(at, at + length) })
    at += length
  }
  return fields
}

function readNode(message: Uint8Array): OnnxNode {
  const fields = fieldsOf(message)
  const domain = texts(fields, 7)[0] ?? ''
  if (domain !== '') throw new Error(`operators of ${domain} are not supported`)
  return {
    inputs: texts(fields, 1),
    outputs: texts(fields, 2),
    operator: texts(fields, 4)[0] ?? '',
    attributes: Object.fromEntries(messages(fields, 5).map(readAttribute)),
  }
}

function readAttribute(message: Uint8Array): [string, Attribute] {
  const fields = fieldsOf(message)
  const name = texts(fields, 1)[0] ?? ''
  const type = Number(only(fields, 20).value)
  if (type === 2) return [name, Number(only(fields, 3).value)]
  if (type === 3) return [name, texts(fields, 4)[0] ?? '']
  if (type === 7) return [name, integers(fields, 8)]
  throw new Error(`attribute ${name} has a type that is not supported`)
}

function readTensor(message: Uint8Array): [string, OnnxTensor] {
  const fields = fieldsOf(message)
  const name = texts(fields, 8)[0] ?? ''
  const shape = integers(fields, 1)
  const type = Number(only(fields, 2).value)
  // A copy, because a view of 4- or 8-byte numbers must begin at a multiple of their size.
  const raw = Uint8Array.from(only(fields, 9).bytes).buffer
  if (type === FLOAT) return [name, { shape, data: new Float32Array(raw) }]
  if (type === INT64) return [name, { shape, data: new BigInt64Array(raw) }]
  throw new Error(`constant ${name} is neither of floats nor of integers`)
}

function readPort(message: Uint8Array): [string, readonly number[]] {
  const fields = fieldsOf(message)
  const [type] = messages(fields, 2)
  const [tensor] = type === undefined ? [] : messages(fieldsOf(type), 1)
  const [shape] = tensor === undefined ? [] : messages(fieldsOf(tensor), 2)
  const dimensions = shape === undefined ? [] : messages(fieldsOf(shape), 1)
  const sizes = dimensions.map((dimension) => Number(fieldsOf(dimension).find(isSize)?.value ?? -1n))
  return [texts(fields, 1)[0] ?? '', sizes]
}

function isSize({ number }: Field): boolean {
  return number === 1
}

function only(fields: readonly Field[], number: number): Field {
  const [field, ...more] = fields.filter((candidate) => candidate.number === number)
  if (field === undefined || more.length > 0) throw new Error(`field ${number} is not there once`)
  return field
}

function messages(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.filter((field) => field.number === number).map(({ bytes }) => bytes)
}

function texts(fields: readonly Field[], number: number): string[] {
  return messages(fields, number).map((bytes) => Buffer.from(bytes).toString())
}

/** Repeated integers, one field each or packed into one. */
function integers(fields: readonly Field[], number: number): number[] {
  const found: number[] = []
  for (const { bytes, value } of fields.filter((field) => field.number === number)) {
    if (bytes.length === 0) found.push(Number(value))
    else found.push(...unpacked(bytes))
  }
  return found
}

function unpacked(bytes: Uint8Array): number[] {
  const values: number[] = []
  let value = 0n
  let shift = 0n
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift
    shift += 7n
    if (byte >= 0x80) continue
    values.push(Number(BigInt.asIntN(64, value)))
    value = 0n
    shift = 0n
  }
  return values
}
