import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MODEL_FOLDER, readLocked } from './models.ts'

/** The part of @vladmandic/face-api (and of the TensorFlow.js inside its bundle) that this product calls. */
export interface FaceApi {
  readonly tf: TensorFlow
  readonly env: { setEnv(environment: Readonly<Record<string, unknown>>): void }
  readonly nets: Readonly<Record<NetName, { loadFromWeightMap(weights: unknown): void }>>
  readonly TinyFaceDetectorOptions: new (options: { inputSize: number; scoreThreshold: number }) => object
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number }) => object
  detectSingleFace(input: unknown, options: object): DetectionTask
}

interface DetectionTask {
  withFaceLandmarks(): { withFaceDescriptor(): { run(): Promise<FaceApiFace | undefined> } }
}

/** `descriptor` has 128 numbers; closeness is Euclidean distance. */
export interface FaceApiFace {
  readonly descriptor: Float32Array
  readonly detection: { readonly score: number }
}

// biome-ignore lint/suspicious/noExplicitAny: the bundle's own types need a browser's
type TensorFlow = any

type NetName = 'tinyFaceDetector' | 'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet'

const weightFiles: Readonly<Record<NetName, string>> = {
  tinyFaceDetector: 'tiny_face_detector_model',
  ssdMobilenetv1: 'ssd_mobilenetv1_model',
  faceLandmark68Net: 'face_landmark_68_model',
  faceRecognitionNet: 'face_recognition_model',
}

const packageFolder = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'))

/**
 * Loads @vladmandic/face-api with its networks in plain Node, without TensorFlow's native package.
 *
 * The package's Node builds want @tensorflow/tfjs-node or 286 MB of @tensorflow packages. Its browser bundle brings
 * its own TensorFlow.js, and with one 0.4 MB file of compiled kernels (src/face/models) that runs here too. It takes
 * itself for neither Node nor a browser, so the few functions that it would ask its platform for are given to it.
 * `withKernels: false` stays on the JavaScript backend, some thirty times slower.
 */
export function loadFaceApi({ withKernels }: { withKernels: boolean }): Promise<FaceApi> {
  loading ??= load(withKernels)
  return loading
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
    if (!(await tf.setBackend(withKernels ? 'wasm' : 'cpu'))) throw new Error('face-api has no backend')
    await tf.ready()
    return loaded
  })
  faceApi.env.setEnv(withoutPictures)
  for (const [net, file] of Object.entries(weightFiles)) {
    faceApi.nets[net as NetName].loadFromWeightMap(await readWeights(faceApi.tf, file))
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

async function readWeights(tf: TensorFlow, name: string): Promise<unknown> {
  const manifest: { weights: unknown[] }[] = JSON.parse(
    await readFile(join(packageFolder, 'model', `${name}-weights_manifest.json`), 'utf8'),
  )
  const binary = await readFile(join(packageFolder, 'model', `${name}.bin`))
  const specifications = manifest.flatMap((group) => group.weights)
  return tf.io.decodeWeights(new Uint8Array(binary).buffer, specifications)
}
