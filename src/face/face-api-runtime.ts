import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Fault } from '../common/fault.ts'
import lock from './face-api.lock.json' with { type: 'json' }
import { MODEL_FOLDER, readLocked } from './models.ts'
import type { ModelIdentity, WeightsLicence } from './recogniser.ts'

/** The part of @vladmandic/face-api (and of the TensorFlow.js inside its bundle) that this product calls. */
export interface FaceApi {
  readonly tf: TensorFlow
  readonly env: { setEnv(environment: Readonly<Record<string, unknown>>): void }
  readonly nets: Readonly<Record<NetName, { loadFromWeightMap(weights: unknown): void }>>
  readonly TinyFaceDetectorOptions: new (options: { inputSize: number; scoreThreshold: number }) => object
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number }) => object
  detectSingleFace(input: unknown, options: object): DetectionTask
  detectAllFaces(input: unknown, options: object): { run(): Promise<FaceApiDetection[]> }
  /** Of a picture of one face; 68 points, pixels of that picture. */
  detectFaceLandmarks(face: unknown): Promise<{ readonly positions: readonly FaceApiPoint[] }>
  /** 128 numbers of a picture of one face. */
  computeFaceDescriptor(face: unknown): Promise<Float32Array>
}

interface DetectionTask {
  withFaceLandmarks(): { withFaceDescriptor(): { run(): Promise<FaceApiFace | undefined> } }
}

interface FaceApiPoint {
  readonly x: number
  readonly y: number
}

/** `score` 0 … 1, `box` in pixels of the picture; it may reach beyond its edges. */
export interface FaceApiDetection {
  readonly score: number
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

/** `descriptor` has 128 numbers; closeness is Euclidean distance. */
export interface FaceApiFace {
  readonly descriptor: Float32Array
  readonly detection: { readonly score: number }
}

// biome-ignore lint/suspicious/noExplicitAny: the bundle's own types need a browser's
type TensorFlow = any

export type NetName = 'tinyFaceDetector' | 'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet'

const packageFolder = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'))

/** Where the package keeps its weights. */
export const FACE_API_WEIGHTS = join(packageFolder, 'model')

/**
 * Loads @vladmandic/face-api with its networks in plain Node, without TensorFlow's native package.
 *
 * The package's Node builds want @tensorflow/tfjs-node or 286 MB of @tensorflow packages. Its browser bundle brings
 * its own TensorFlow.js, and with one 0.4 MB file of compiled kernels (src/face/models) that runs here too. It takes
 * itself for neither Node nor a browser, so the few functions that it would ask its platform for are given to it.
 * `withKernels: false` stays on the JavaScript backend, some thirty times slower.
 * Throws `FACE_MODEL_MISSING` or `FACE_MODEL_ALTERED` for weights or kernels that are not the locked ones.
 */
export function loadFaceApi({ withKernels }: { withKernels: boolean }): Promise<FaceApi> {
  loading ??= load(withKernels)
  return loading
}

/**
 * Checks the files of networks against face-api.lock.json and gives their identities. The lock knows no other bytes,
 * so networks that a process has loaded once are these. Throws `FACE_MODEL_MISSING` or `FACE_MODEL_ALTERED`.
 */
export async function checkWeights(folder: string, names: readonly NetName[]): Promise<ModelIdentity[]> {
  return await Promise.all(
    names.map(async (name) => {
      const { weights, manifest } = locked(name)
      await readChecked(folder, manifest)
      await readChecked(folder, weights)
      return { name, sha256: weights.sha256 }
    }),
  )
}

/** Licence and origin of the descriptor's weights. */
export function faceApiLicence(): WeightsLicence {
  const { licence, provenance } = locked('faceRecognitionNet')
  return { name: licence, source: lock.package, provenance }
}

// TensorFlow.js keeps one engine for a whole process.
let loading: Promise<FaceApi> | undefined

async function load(withKernels: boolean): Promise<FaceApi> {
  const faceApi = await outsideNode(async () => {
    const bundle = pathToFileURL(join(packageFolder, 'dist/face-api.esm.js')).href
    const loaded = (await import(bundle)) as FaceApi
    const { tf } = loaded
    tf.env().setPlatform('shidao', platform)
    // Threads need a browser's Worker.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
    tf.setWasmPaths(join(MODEL_FOLDER, '/'), true)
    if (!(await tf.setBackend(withKernels ? 'wasm' : 'cpu'))) {
      throw new Fault('FACE_ENGINE_START', 'the TensorFlow.js of face-api has no backend here')
    }
    await tf.ready()
    return loaded
  })
  faceApi.env.setEnv(withoutPictures)
  for (const { name } of lock.nets) {
    faceApi.nets[name as NetName].loadFromWeightMap(await readWeights(faceApi.tf, name as NetName))
  }
  return faceApi
}

/** Both TensorFlow.js and Emscripten choose their platform by `process.versions.node` and then call `require`. */
async function outsideNode<T>(action: () => Promise<T>): Promise<T> {
  const real = globalThis.process
  globalThis.process = Object.create(real, { versions: { value: {} } })
  try {
    return await action()
  } finally {
    globalThis.process = real
  }
}

const platform = {
  /** The kernels are all that is ever fetched. */
  fetch: async () => {
    const { bytes } = await readLocked(MODEL_FOLDER, 'tfjs-wasm')
    return new Response(Buffer.from(bytes), { headers: { 'content-type': 'application/wasm' } })
  },
  now: () => performance.now(),
  encode: (text: string) => new TextEncoder().encode(text),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  setTimeoutCustom: setTimeout,
}

class NoPicture {}

/** Frames are handed over as tensors, so no canvas, image or video of a browser is ever made. */
const withoutPictures = {
  Canvas: NoPicture,
  CanvasRenderingContext2D: NoPicture,
  Image: NoPicture,
  ImageData: NoPicture,
  Video: NoPicture,
  createCanvasElement: () => new NoPicture(),
  createImageElement: () => new NoPicture(),
  createVideoElement: () => new NoPicture(),
  fetch: platform.fetch,
  readFile,
}

async function readWeights(tf: TensorFlow, name: NetName): Promise<unknown> {
  const { weights, manifest } = locked(name)
  const groups: { weights: unknown[] }[] = JSON.parse(
    Buffer.from(await readChecked(FACE_API_WEIGHTS, manifest)).toString('utf8'),
  )
  const binary = await readChecked(FACE_API_WEIGHTS, weights)
  const specifications = groups.flatMap((group) => group.weights)
  return tf.io.decodeWeights(new Uint8Array(binary).buffer, specifications)
}

function locked(name: NetName): (typeof lock.nets)[number] {
  const net = lock.nets.find((entry) => entry.name === name)
  if (net === undefined) throw new Fault('FACE_MODEL_MISSING', `face-api.lock.json has no ${name}`)
  return net
}

async function readChecked(folder: string, entry: { file: string; sha256: string }): Promise<Uint8Array> {
  const bytes = await readFile(join(folder, entry.file)).catch((cause) => {
    throw new Fault('FACE_MODEL_MISSING', `${entry.file} can't be read`, { cause })
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 === entry.sha256) return bytes
  throw new Fault('FACE_MODEL_ALTERED', `${entry.file} has sha256 ${sha256}, not ${entry.sha256}`)
}
