import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { Fault } from '../common/fault.ts'
import lock from './models.lock.json' with { type: 'json' }
import type { ModelIdentity, WeightsLicence } from './recogniser.ts'

/** Where the weights lie in a checkout and in a build. */
export const MODEL_FOLDER = join(import.meta.dirname, 'models')

export type ModelName = 'blazeface' | 'facemesh' | 'fr_feature' | 'fr_liveness'

export interface LoadedModel {
  readonly identity: ModelIdentity
  readonly session: InferenceSession
}

/**
 * Opens a network after checking its bytes against models.lock.json; the bytes checked are the bytes run.
 * Throws `FACE_MODEL_MISSING` or `FACE_MODEL_ALTERED`.
 */
export async function loadModel(folder: string, name: ModelName, threads: number): Promise<LoadedModel> {
  const { bytes, sha256 } = await readLocked(folder, name)
  return {
    identity: { name, sha256 },
    session: await InferenceSession.create(bytes, sessionOptions(threads)),
  }
}

/** Bytes of an entry of models.lock.json, checked. Throws `FACE_MODEL_MISSING` or `FACE_MODEL_ALTERED`. */
export async function readLocked(
  folder: string,
  name: ModelName | 'tfjs-wasm',
): Promise<{ bytes: Uint8Array; sha256: string }> {
  const entry = lock.models.find((model) => model.name === name)
  if (entry === undefined) throw new Fault('FACE_MODEL_MISSING', `models.lock.json has no ${name}`)
  const bytes = await readFile(join(folder, entry.file)).catch((cause) => {
    throw new Fault('FACE_MODEL_MISSING', `${entry.file} can't be read`, { cause })
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== entry.sha256) {
    throw new Fault('FACE_MODEL_ALTERED', `${entry.file} has sha256 ${sha256}, not ${entry.sha256}`)
  }
  return { bytes, sha256 }
}

/** The licence and the origin of a built-in network, as models.lock.json has them. */
export function licenceOf(name: ModelName): WeightsLicence {
  const { licence, source, provenance } = lock.models.find((model) => model.name === name)!
  return { name: licence, source: source.package, provenance }
}

/** How every network runs here. */
export function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Three sessions whose threads spin while idle take the cores from each other: measured twice as slow.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }
}
