import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { Fault } from '../common/fault.ts'
import { type AlignedGeometry, ARCFACE_GEOMETRY } from './align.ts'
import type { CosineSimilarity, RgbImage } from './recogniser.ts'
import { type Affine, type PlaneFormat, samplesFor, warp } from './warp.ts'

/**
 * How embeddings are compared. `cosine` and `euclidean` take them at length 1; `euclidean-raw` takes them as the
 * network gives them (the dlib family).
 */
export type Metric = 'cosine' | 'euclidean' | 'euclidean-raw'

/** One number for each channel of a network, in the order in which the network takes them. */
export type PerChannel = readonly [number, number, number]

/** How a network wants an aligned face: channel c of a pixel becomes (value − mean[c]) × scale[c], value 0 … 255. */
export interface EmbedderFormat extends AlignedGeometry {
  /** Channels first (planes) or last (interleaved). */
  readonly layout: 'nchw' | 'nhwc'
  readonly order: 'rgb' | 'bgr'
  readonly mean: PerChannel
  readonly scale: PerChannel
  readonly metric: Metric
}

/** The built-in network, described as any other. Channel order measured: RGB loses 0.8 points of TAR at FAR 1e-3. */
export const FR_FEATURE: EmbedderFormat = {
  ...ARCFACE_GEOMETRY,
  layout: 'nchw',
  order: 'bgr',
  mean: [127, 127, 127],
  scale: [1 / 128, 1 / 128, 1 / 128],
  metric: 'cosine',
}

/** An aligned face before any network's convention: planes of blue, green and red, 0 … 255. */
export const ALIGNED_FORMAT: PlaneFormat = planesOf(ARCFACE_GEOMETRY)

/** An embedding network: aligned face → vector. Not reentrant: it owns its buffers, and nothing but the vector is new. */
export class FaceEmbedder {
  readonly format: EmbedderFormat
  /** The aligned face of the last call: planes of blue, green and red, 0 … 255, of the format's width and height. */
  readonly planes: Float32Array
  readonly #drawn: PlaneFormat
  readonly #values: Float32Array
  readonly #session: InferenceSession
  readonly #feeds: Readonly<Record<string, Tensor>>
  readonly #output: string

  /**
   * `output` names the embedding where the network has several outputs.
   * Throws `FACE_MODEL_SHAPE` when the network doesn't take one float picture of this format.
   */
  constructor(session: InferenceSession, format: EmbedderFormat = FR_FEATURE, output?: string) {
    const count = 3 * format.width * format.height
    this.format = format
    this.planes = new Float32Array(count)
    this.#drawn = planesOf(format)
    this.#values = new Float32Array(count)
    this.#session = session
    this.#feeds = { [inputName(session, format)]: new Tensor('float32', this.#values, shapeOf(format)) }
    this.#output = outputName(session, output)
  }

  /** Draws the aligned face into `planes`. */
  align(image: RgbImage, map: Affine): void {
    warp(image, map, this.#drawn, this.planes, samplesFor(map, 1.5))
  }

  /**
   * Embedding of `planes`, of length 1 unless the metric is `euclidean-raw`.
   * Throws `FACE_NOT_FINITE` on a vector that is no direction.
   */
  async embed(): Promise<Float32Array> {
    arrange(this.planes, this.format, this.#values)
    const outputs = await this.#session.run(this.#feeds)
    return this.#settled((outputs[this.#output]!.data as Float32Array).slice())
  }

  /** The middle of several embeddings of one face. Throws `FACE_NOT_FINITE` when they cancel out. */
  fuse(embeddings: readonly Float32Array[]): Float32Array {
    const middle = new Float32Array(embeddings[0]?.length ?? 0)
    for (const embedding of embeddings) {
      for (let i = 0; i < middle.length; i++) middle[i] = middle[i]! + embedding[i]! / embeddings.length
    }
    return this.#settled(middle)
  }

  #settled(vector: Float32Array): Float32Array {
    return this.format.metric === 'euclidean-raw' ? directed(vector) : normalised(vector)
  }
}

/** Puts blue, green and red planes of 0 … 255 into the order, range and layout that a network takes. */
export function arrange(planes: Float32Array, format: EmbedderFormat, values: Float32Array): void {
  const { layout, order, mean, scale } = format
  const count = planes.length / 3
  const step = layout === 'nchw' ? 1 : 3
  for (let channel = 0; channel < 3; channel++) {
    const source = (order === 'bgr' ? channel : 2 - channel) * count
    const target = layout === 'nchw' ? channel * count : channel
    const factor = scale[channel]!
    const subtract = mean[channel]!
    for (let i = 0; i < count; i++) values[target + i * step] = (planes[source + i]! - subtract) * factor
  }
}

/** Scales to length 1, in place. Throws `FACE_NOT_FINITE` for zeros, NaN and infinities. */
export function normalised(vector: Float32Array): Float32Array {
  const length = lengthOf(vector)
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! / length
  return vector
}

function directed(vector: Float32Array): Float32Array {
  lengthOf(vector)
  return vector
}

function lengthOf(vector: Float32Array): number {
  let square = 0
  for (const value of vector) square += value * value
  const length = Math.sqrt(square)
  if (!(length > 0 && Number.isFinite(length))) {
    throw new Fault('FACE_NOT_FINITE', 'the network gave no finite embedding')
  }
  return length
}

/** How alike two embeddings are, −1 … 1, larger for more alike in every metric: see `similarityAt`. */
export function similarityOf(metric: Metric, a: Float32Array, b: Float32Array): CosineSimilarity {
  return metric === 'euclidean-raw' ? similarityAt(metric, distance(a, b)) : cosine(a, b)
}

/**
 * The similarity that a value of a metric stands for, to carry a threshold over: a cosine is one; a distance between
 * embeddings of length 1 gives its cosine, 1 − d²/2; a raw distance gives 1 − d, and from 2 on −1.
 */
export function similarityAt(metric: Metric, value: number): CosineSimilarity {
  if (metric === 'cosine') return value
  return metric === 'euclidean' ? 1 - value ** 2 / 2 : Math.max(-1, 1 - value)
}

/** Inner product of two embeddings of length 1, kept inside −1 … 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return Math.max(-1, Math.min(1, sum))
}

function distance(a: Float32Array, b: Float32Array): number {
  let square = 0
  for (let i = 0; i < a.length; i++) square += (a[i]! - b[i]!) ** 2
  return Math.sqrt(square)
}

function planesOf({ width, height }: AlignedGeometry): PlaneFormat {
  return { width, height, order: 'bgr', scale: 1, offset: 0 }
}

function shapeOf({ layout, width, height }: EmbedderFormat): readonly number[] {
  return layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3]
}

function inputName(session: InferenceSession, format: EmbedderFormat): string {
  const [input, ...more] = session.inputMetadata
  const wanted = shapeOf(format)
  if (input === undefined || more.length > 0) throw shapeFault('takes more or less than one input')
  if (!input.isTensor || input.type !== 'float32') throw shapeFault('takes no float32 tensor')
  // A word or a negative number is a size that the network leaves open.
  const fits = (size: number | string, i: number) =>
    typeof size === 'string' || size < 0 || size === wanted[i]
  if (input.shape.length !== wanted.length || !input.shape.every(fits)) {
    throw shapeFault(`takes ${input.shape.join('×')}, not ${wanted.join('×')}`)
  }
  return input.name
}

function outputName(session: InferenceSession, wanted: string | undefined): string {
  const names = session.outputNames
  if (wanted === undefined && names.length > 1) throw shapeFault(`has several outputs: ${names.join(', ')}`)
  const name = wanted ?? names[0]
  if (name === undefined || !names.includes(name)) throw shapeFault(`has no output "${wanted}"`)
  const output = session.outputMetadata[names.indexOf(name)]
  if (output?.isTensor !== true || output.type !== 'float32')
    throw shapeFault(`gives no float32 tensor "${name}"`)
  return name
}

function shapeFault(detail: string): Fault {
  return new Fault('FACE_MODEL_SHAPE', `the embedding network ${detail}`)
}
