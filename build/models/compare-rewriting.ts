import { InferenceSession, Tensor } from 'onnxruntime-node'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'

/** Cosine that every output of a rewritten network must reach beside the same output before. */
const MINIMUM_COSINE = 0.999_999
const PICTURES = 3

/**
 * Runs a network and its rewriting on the same random pictures.
 * Gives a line for people; an output that is another, or of another shape, throws.
 */
export async function compareRewriting(plain: Uint8Array, rewritten: Uint8Array): Promise<string> {
  const before = await InferenceSession.create(plain)
  const after = await InferenceSession.create(rewritten)
  const metadata = before.inputMetadata[0]
  if (metadata?.isTensor !== true) throw new Error('the network takes no tensor')
  const shape = metadata.shape.map(Number)
  const random = pseudoRandom(1)
  let worst = 1
  for (let picture = 0; picture < PICTURES; picture++) {
    const values = Float32Array.from({ length: shape.reduce((product, n) => product * n, 1) })
    for (let i = 0; i < values.length; i++) values[i] = 2 * random() - 1
    const input = { [metadata.name]: new Tensor('float32', values, shape) }
    const expected = await before.run(input)
    const answers = await after.run(input)
    for (const [name, tensor] of Object.entries(expected)) {
      const answer = answers[name]
      if (answer?.dims.join() !== tensor.dims.join()) throw new Error(`${name} has another shape`)
      worst = Math.min(worst, cosine(tensor.data as Float32Array, answer.data as Float32Array))
    }
  }
  // Written so that NaN throws too.
  if (!(worst >= MINIMUM_COSINE)) throw new Error(`the rewriting gives other answers: cosine ${worst}`)
  return `rewritten, 1 − cosine ${Math.max(0, 1 - worst).toExponential(1)}`
}

function cosine(a: Float32Array, b: Float32Array): number {
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
