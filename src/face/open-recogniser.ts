import { existsSync } from 'node:fs'
import { Fault } from '../common/fault.ts'
import { type ArcfaceOptions, ArcfaceRecogniser } from './arcface-recogniser.ts'
import { FaceApiRecogniser } from './face-api-recogniser.ts'
import type { ModelIdentity, Recogniser, WeightsLicence } from './recogniser.ts'

/** A recogniser with what its start-up found out. */
export type OpenedRecogniser = Recogniser & {
  readonly models: readonly ModelIdentity[]
  readonly selfTestMs: number
  /** Of the weights whose embeddings are compared. */
  readonly licence: WeightsLicence
}

const engines: Readonly<Record<string, (options: ArcfaceOptions) => Promise<OpenedRecogniser>>> = {
  arcface: (options) => ArcfaceRecogniser.open(options),
  'face-api': ({ modelFolder, thresholds }) =>
    FaceApiRecogniser.open({
      ...(modelFolder === undefined ? {} : { modelFolder }),
      ...(thresholds === undefined ? {} : { thresholds }),
    }),
}

export const DEFAULT_ENGINE = 'arcface'

/** Names of the engines that the product brings, the default one first. */
export const engineNames: readonly string[] = Object.keys(engines)

/** What an engine computes with. */
export function backendOf(engine: string): string {
  return engine === 'face-api' ? 'TensorFlow.js, WebAssembly, one thread' : 'onnxruntime, CPU, one thread'
}

/**
 * Opens an engine by its name, or the default engine with the embedding network of a folder (docs/face-models.md);
 * weights checked and self-tested. `USAGE_ENGINE` when there is neither.
 */
export async function openRecogniser(
  engine: string,
  options: ArcfaceOptions = {},
): Promise<OpenedRecogniser> {
  return assertEngine(engine)(options)
}

/** Like `openRecogniser`, but for scores and never for decisions: weights that have no thresholds yet open too. */
export async function openToMeasure(engine: string): Promise<OpenedRecogniser> {
  try {
    return await openRecogniser(engine)
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'FACE_NOT_CALIBRATED') throw thrown
    return openRecogniser(engine, { thresholds: { accept: 1, reject: -1, fmr: 0, population: 'none' } })
  }
}

/** How that engine is opened; `USAGE_ENGINE` when there is no engine of that name and no such folder. */
export function assertEngine(engine: string): (options: ArcfaceOptions) => Promise<OpenedRecogniser> {
  const open = engines[engine]
  if (open !== undefined) return open
  if (/[\\/]/.test(engine) || existsSync(engine)) {
    return (options) => ArcfaceRecogniser.open({ ...options, embedderFolder: engine })
  }
  const names = Object.keys(engines).join(', ')
  throw new Fault(
    'USAGE_ENGINE',
    `no engine "${engine}"; there is ${names}, or a folder with a manifest.json`,
  )
}
