import { Tensor } from 'onnxruntime-node'
import { Fault } from '../common/fault.ts'
import { pseudoRandom } from '../common/pseudo-random.ts'
import golden from './golden.json' with { type: 'json' }
import type { LoadedModel } from './models.ts'

/** Two runs of one network may differ by processor and thread count, but not by more than this. */
export const MINIMUM_COSINE = 0.9999

/**
 * Runs every network on its synthetic picture and compares all outputs with the golden ones (golden.json).
 * Throws `FACE_SELF_TEST`: the arithmetic of this machine or runtime can't be trusted and the lane stays closed.
 */
export async function runSelfTest(models: readonly LoadedModel[]): Promise<void> {
  for (const model of models) {
    const outputs = await runOnSyntheticPicture(model)
    const expected = golden.outputs.filter((entry) => entry.model === model.identity.name)
    if (expected.length === 0) throw selfTestFault(model, 'has no golden outputs')
    for (const { output, values } of expected) {
      const actual = outputs.get(output)
      const closeness = actual === undefined ? Number.NaN : directionCosine(actual, decodeFloats(values))
      // Written so that NaN fails too.
      if (!(closeness >= MINIMUM_COSINE)) throw selfTestFault(model, `gives other ${output}: ${closeness}`)
    }
  }
}

/** Every output of a network for its synthetic picture. Also what `build/models/golden.ts` records. */
export async function runOnSyntheticPicture(model: LoadedModel): Promise<Map<string, Float32Array>> {
  const metadata = model.session.inputMetadata[0]
  if (metadata?.isTensor !== true) throw selfTestFault(model, 'has no tensor input')
  const side = Number(metadata.shape[3])
  const input = new Tensor('float32', syntheticPlanes(side), [1, 3, side, side])
  const outputs = await model.session.run({ [metadata.name]: input })
  return new Map(Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]))
}

/** Three planes of smooth waves with a little noise, −1 … 1: every layer of a network has something to do. */
export function syntheticPlanes(side: number): Float32Array {
  const random = pseudoRandom(side)
  const planes = new Float32Array(3 * side * side)
  for (let i = 0; i < planes.length; i++) {
    const channel = Math.floor(i / (side * side))
    const x = (i % side) / side
    const y = (Math.floor(i / side) % side) / side
    const wave = Math.sin(12 * x + 3 * channel) * Math.cos(9 * y - channel)
    planes[i] = 0.8 * wave + 0.2 * (2 * random() - 1)
  }
  return planes
}

export function encodeFloats(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
}

/** What `encodeFloats` wrote; a last group of fewer than four bytes is left out. */
export function decodeFloats(base64: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer, 0, bytes.length >> 2)
}

/** Cosine between two vectors of any length; NaN where they have other dimensions or no direction. */
export function directionCosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.NaN
  let product = 0
  let squareA = 0
  let squareB = 0
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!
    squareA += a[i]! ** 2
    squareB += b[i]! ** 2
  }
  return product / Math.sqrt(squareA * squareB)
}

function selfTestFault({ identity }: LoadedModel, detail: string): Fault {
  return new Fault('FACE_SELF_TEST', `${identity.name} ${detail}`)
}
