import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadFaceApi } from '../../src/face/face-api-runtime.ts'
import { describeSyntheticPicture } from '../../src/face/face-api-self-test.ts'
import { loadModel, MODEL_FOLDER, type ModelName } from '../../src/face/models.ts'
import { encodeFloats, runOnSyntheticPicture } from '../../src/face/self-test.ts'

/*
 * node build/models/golden.ts      records what the engines' self-tests expect of every network (src/face/…golden.json)
 *
 * Run it after a change of weights only, on a machine whose conversions `make.ts --check` has confirmed.
 */

/** Outputs that are worth their bytes: the others hang off the same layers. */
const recorded: readonly [ModelName, readonly string[]][] = [
  ['blazeface', ['scores_16', 'scores_8', 'boxes_8']],
  ['facemesh', ['mesh']],
  ['fr_feature', ['output']],
  ['fr_liveness', ['output']],
]

const outputs: { model: string; output: string; values: string }[] = []
for (const [name, wanted] of recorded) {
  const model = await loadModel(MODEL_FOLDER, name, 1)
  const values = await runOnSyntheticPicture(model)
  for (const output of wanted)
    outputs.push({ model: name, output, values: encodeFloats(values.get(output)!) })
}
writeGolden('golden.json', outputs)

const faceApiOutputs = await describeSyntheticPicture(await loadFaceApi({ withKernels: true }))
writeGolden(
  'face-api-golden.json',
  Object.entries(faceApiOutputs).map(([output, values]) => ({ output, values: encodeFloats(values) })),
)

function writeGolden(name: string, recordedOutputs: readonly object[]): void {
  const file = join(import.meta.dirname, '../../src/face', name)
  const golden = { encoding: 'base64 of little-endian float32', outputs: recordedOutputs }
  writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`)
}
