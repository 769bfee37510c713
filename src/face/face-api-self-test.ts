import { Fault } from '../common/fault.ts'
import golden from './face-api-golden.json' with { type: 'json' }
import type { FaceApi } from './face-api-runtime.ts'
import { decodeFloats, directionCosine, MINIMUM_COSINE, syntheticPlanes } from './self-test.ts'

/** What each network says of its synthetic picture. */
export interface FaceApiOutputs {
  /** 68 points, x and y, as shares of the picture's side. */
  readonly landmarks: Float32Array
  readonly descriptor: Float32Array
  /** Boxes and scores of the detector, before anything is left out. */
  readonly detections: Float32Array
}

/**
 * Runs the three networks on a synthetic picture and compares their answers with the golden ones.
 * Throws `FACE_SELF_TEST`: the arithmetic of this machine or runtime can't be trusted.
 */
export async function runFaceApiSelfTest(faceApi: FaceApi): Promise<void> {
  const outputs = await describeSyntheticPicture(faceApi)
  for (const { output, values } of golden.outputs) {
    const closeness = directionCosine(outputs[output as keyof FaceApiOutputs], decodeFloats(values))
    // Written so that NaN fails too.
    if (!(closeness >= MINIMUM_COSINE)) {
      throw new Fault('FACE_SELF_TEST', `face-api gives other ${output}: ${closeness}`)
    }
  }
}

/** Every network's answer to its synthetic picture. Also what `build/models/golden.ts` records. */
export async function describeSyntheticPicture(faceApi: FaceApi): Promise<FaceApiOutputs> {
  const { tf } = faceApi
  const picture = (side: number) =>
    tf.tidy(() => tf.tensor3d(syntheticPlanes(side), [3, side, side]).transpose([1, 2, 0]).add(1).mul(127.5))
  const [small, large] = [picture(150), picture(320)]
  try {
    const { positions } = await faceApi.detectFaceLandmarks(small)
    const descriptor = await faceApi.computeFaceDescriptor(small)
    const options = new faceApi.TinyFaceDetectorOptions({ inputSize: 320, scoreThreshold: 1e-6 })
    const detections = await faceApi.detectAllFaces(large, options).run()
    return {
      landmarks: Float32Array.from(positions.flatMap(({ x, y }) => [x / 150, y / 150])),
      descriptor: Float32Array.from(descriptor),
      detections: Float32Array.from(
        detections
          .slice(0, 8)
          .flatMap(({ score, box }) => [score, box.x / 320, box.y / 320, box.width / 320]),
      ),
    }
  } finally {
    small.dispose()
    large.dispose()
  }
}
