/** What this converter reads of a TensorFlow.js graph model (`model.json`, format "graph-model"). */
export interface TfjsModel {
  readonly modelTopology: { readonly node: readonly TfjsNode[] }
  readonly weightsManifest: readonly { readonly weights: readonly WeightEntry[] }[]
}

export interface TfjsNode {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, TfjsAttribute>>
}

/** Texts are base64, 64-bit integers are decimal texts: the protobuf JSON mapping. */
export interface TfjsAttribute {
  readonly s?: string
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] }
}

interface WeightEntry {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly quantization?: { readonly dtype: string }
}

export interface Weight {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

/** Weights by name. `binary` is the manifest's shard; float16 is widened exactly. An unknown type throws. */
export function readWeights(model: TfjsModel, binary: Uint8Array): Map<string, Weight> {
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength)
  const weights = new Map<string, Weight>()
  let offset = 0
  for (const entry of model.weightsManifest.flatMap((group) => group.weights)) {
    const count = entry.shape.reduce((product, size) => product * size, 1)
    const type = entry.quantization?.dtype ?? entry.dtype
    const read = readers[type]
    if (read === undefined) throw new Error(`weight ${entry.name} has unknown type ${type}`)
    const data = entry.dtype === 'int32' ? new Int32Array(count) : new Float32Array(count)
    for (let i = 0; i < count; i++) data[i] = read.at(view, offset + i * read.size)
    offset += count * read.size
    weights.set(entry.name, { shape: entry.shape, data })
  }
  if (offset !== binary.length) throw new Error(`weights end at ${offset} of ${binary.length} bytes`)
  return weights
}

const readers: Readonly<Record<string, { size: number; at: (view: DataView, offset: number) => number }>> = {
  float32: { size: 4, at: (view, offset) => view.getFloat32(offset, true) },
  int32: { size: 4, at: (view, offset) => view.getInt32(offset, true) },
  float16: { size: 2, at: (view, offset) => widenHalf(view.getUint16(offset, true)) },
}

/** IEEE 754 binary16 → number, exact. */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024)
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024)
}
