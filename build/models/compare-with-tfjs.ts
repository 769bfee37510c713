import { InferenceSession, Tensor } from 'onnxruntime-node'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { loadFaceApi } from '../../src/face/face-api-runtime.ts'

/** Largest difference that a conversion may show, as a share of the largest output. */
const TOLERANCE = 1e-4

/**
 * Runs the TensorFlow.js model and its conversion on the same random picture.
 * Gives a line for people; a difference above the tolerance throws. `parts` are topology and weights.
 */
export async function compareWithTfjs(parts: readonly Uint8Array[], onnx: Uint8Array): Promise<string> {
  const { tf } = await loadFaceApi({ withKernels: false })
  const topology = JSON.parse(Buffer.from(parts[0]!).toString())
  const weightSpecs = topology.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights)
  const weightData = new Uint8Array(parts[1]!).buffer
  const model = await tf.loadGraphModel({
    load: async () => ({ ...topology, weightSpecs, weightData }),
  })
  const session = await InferenceSession.create(onnx)
  const metadata = session.inputMetadata[0]!
  const size = metadata.isTensor ? Number(metadata.shape[2]) : 0

  const random = pseudoRandom(1)
  const planes = Float32Array.from({ length: 3 * size * size }, () => 2 * random() - 1)
  const pixels = new Float32Array(planes.length)
  for (let i = 0; i < size * size; i++)
    for (let channel = 0; channel < 3; channel++) pixels[3 * i + channel] = planes[channel * size * size + i]!
  const answers = await session.run({ input: new Tensor('float32', planes, [1, 3, size, size]) })
  const expected: { shape: number[]; dataSync(): Float32Array }[] = [
    model.execute(tf.tensor(pixels, [1, size, size, 3])),
  ].flat()

  let worst = 0
  for (const output of Object.values(answers)) {
    const reference = expected.find(({ shape }) => shape.join() === output.dims.join())
    if (reference === undefined) throw new Error(`no TensorFlow.js output has shape [${output.dims.join()}]`)
    worst = Math.max(worst, relativeDifference(output.data as Float32Array, reference.dataSync()))
  }
  if (!(worst < TOLERANCE)) throw new Error(`conversion differs from TensorFlow.js by ${worst}`)
  return `largest difference to TensorFlow.js ${worst.toExponential(1)} of the largest output`
}

function relativeDifference(a: Float32Array, b: Float32Array): number {
  let difference = 0
  // Not below 1: beside a probability of nearly nothing, rounding would look large.
  let largest = 1
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!))
    largest = Math.max(largest, Math.abs(b[i]!))
  }
  return difference / largest
}
