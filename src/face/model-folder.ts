import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { Fault } from '../common/fault.ts'
import { FaceEmbedder } from './embed.ts'
import { type FaceModelManifest, formatOf, parseManifest, thresholdsOf } from './model-manifest.ts'
import { sessionOptions } from './models.ts'
import type { ModelIdentity, RgbImage, Thresholds, WeightsLicence } from './recogniser.ts'
import { decodeFloats, directionCosine, encodeFloats, MINIMUM_COSINE } from './self-test.ts'

/** An embedding network, checked and tested, and what is said of it: the built-in one or a folder's. */
export interface EmbedderModel {
  /** The engine's name with this network in it. */
  readonly engine: string
  readonly identity: ModelIdentity
  readonly session: InferenceSession
  readonly embedder: FaceEmbedder
  /** As the folder states them; null leaves it to calibration.json, which knows the built-in weights. */
  readonly thresholds: Thresholds | null
  readonly licence: WeightsLicence
}

/**
 * Opens a folder with `manifest.json` and the weights that it names, and runs its self-test.
 * Throws `FACE_MODEL_MISSING`, `FACE_MODEL_MANIFEST`, `FACE_MODEL_ALTERED` (other bytes than the manifest's sha256),
 * `FACE_MODEL_INVALID` (no ONNX network that runs here), `FACE_MODEL_SHAPE` (other input or output than declared),
 * `FACE_NOT_FINITE` or `FACE_SELF_TEST`.
 */
export async function openModelFolder(folder: string, threads: number): Promise<EmbedderModel> {
  const manifest = await readManifest(folder)
  const thresholds = thresholdsOf(manifest)
  const bytes = await readWeights(folder, manifest)
  const session = await InferenceSession.create(bytes, sessionOptions(threads)).catch((cause) => {
    throw new Fault('FACE_MODEL_INVALID', `${manifest.file} is no network that can run here`, { cause })
  })
  try {
    const embedder = new FaceEmbedder(session, formatOf(manifest), manifest.output.name)
    await testFolderModel(embedder, manifest)
    const identity = { name: `${manifest.name}@${readingOf(manifest)}`, sha256: manifest.sha256 }
    return {
      engine: `folder:${manifest.name}`,
      identity,
      session,
      embedder,
      thresholds,
      licence: manifest.licence,
    }
  } catch (thrown) {
    await session.release()
    throw thrown
  }
}

/** The manifest of a folder. Throws `FACE_MODEL_MISSING` or `FACE_MODEL_MANIFEST`. */
export async function readManifest(folder: string): Promise<FaceModelManifest> {
  const bytes = await readFile(join(folder, 'manifest.json')).catch((cause) => {
    throw new Fault('FACE_MODEL_MISSING', `${basename(folder)} has no manifest.json that can be read`, {
      cause,
    })
  })
  return parseManifest(bytes)
}

/** The embedding of the self-test's face, in the spelling of the manifest's `golden`. */
export async function goldenOf(embedder: FaceEmbedder): Promise<string> {
  return encodeFloats(await embedSynthetic(embedder, 0))
}

/** Eight hexadecimal digits of how the weights are read: read in another way they give other embeddings. */
function readingOf({ input, output, template, metric }: FaceModelManifest): string {
  const reading = JSON.stringify([input, output, template, metric])
  return createHash('sha256').update(reading).digest('hex').slice(0, 8)
}

async function readWeights(folder: string, { file, sha256 }: FaceModelManifest): Promise<Uint8Array> {
  const bytes = await readFile(join(folder, file)).catch((cause) => {
    throw new Fault('FACE_MODEL_MISSING', `${file} can't be read`, { cause })
  })
  const actual = createHash('sha256').update(bytes).digest('hex')
  if (actual === sha256) return bytes
  throw new Fault('FACE_MODEL_ALTERED', `${file} has sha256 ${actual}, not ${sha256}`)
}

async function testFolderModel(embedder: FaceEmbedder, manifest: FaceModelManifest): Promise<void> {
  const { name, output, golden } = manifest
  const embedding = await embedSynthetic(embedder, 0)
  if (embedding.length !== output.dimensions) {
    throw new Fault(
      'FACE_MODEL_SHAPE',
      `${name} gives ${embedding.length} numbers, not ${output.dimensions} as its manifest says`,
    )
  }
  const other = await embedSynthetic(embedder, 1)
  if (directionCosine(embedding, other) > MINIMUM_COSINE) {
    throw new Fault('FACE_SELF_TEST', `${name} gives one answer for two pictures`)
  }
  if (golden === undefined) return
  const closeness = directionCosine(embedding, decodeFloats(golden))
  // Written so that NaN fails too.
  if (!(closeness >= MINIMUM_COSINE)) {
    throw new Fault('FACE_SELF_TEST', `${name} gives another embedding than its golden one: ${closeness}`)
  }
}

/** The whole way of an aligned face, drawing included, so that a wrong order, scale or layout changes it. */
async function embedSynthetic(embedder: FaceEmbedder, turn: number): Promise<Float32Array> {
  const { width, height } = embedder.format
  embedder.align(syntheticPicture(width, height, turn), [1, 0, 0, 0, 1, 0])
  try {
    return await embedder.embed()
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    throw new Fault('FACE_MODEL_INVALID', 'the embedding network fails on a picture', { cause: thrown })
  }
}

/** Waves of another direction and phase in each channel, 0 … 255. `turn` 0 and 1 give quite different pictures. */
function syntheticPicture(width: number, height: number, turn: number): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let i = 0; i < data.length; i++) {
    const channel = i % 3
    const x = (Math.floor(i / 3) % width) / width
    const y = Math.floor(i / 3 / width) / height
    const wave = Math.sin((12 - 5 * turn) * x + 3 * channel) * Math.cos((9 + 8 * turn) * y - channel)
    data[i] = Math.round(127.5 * (1 + wave))
  }
  return { width, height, data }
}
