import { createHash } from 'node:crypto'
import { asFault, Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import type {
  EngineAnswer,
  EngineReply,
  EngineRequest,
  FrameComparison,
  TemplateFound,
} from './engine-protocol.ts'
import { decodeImage } from './image.ts'
import type { Landmarks } from './landmarks.ts'
import { type FrameObservation, observe } from './liveness/observation.ts'
import { LivenessNetwork } from './liveness/passive.ts'
import { matchFace } from './match.ts'
import { MeshFinder } from './mesh-finder.ts'
import { openRecogniser } from './open-recogniser.ts'
import type { Box, Recogniser, RgbImage } from './recogniser.ts'
import type { Track } from './track.ts'

/*
 * The process that `engine.ts` starts: one recogniser that answers one request after the other.
 * Arguments: engine name or the folder of an embedding model, folder of the built-in models.
 */

const [engine = '', modelFolder = ''] = process.argv.slice(2)

// The station is gone: nobody is left to answer.
process.once('disconnect', () => process.exit(0))

/** Where the frame before had its face. */
let track: Track | null = null
/** Only beside an engine that finds no mesh by itself. */
let meshes: MeshFinder | null = null
let liveness: LivenessNetwork | null = null
/** The frame that was compared last, for whoever asks what else it shows. */
let latest: { image: RgbImage; sha256: string; landmarks: Landmarks | null } | null = null

try {
  const recogniser = await openRecogniser(engine, { modelFolder })
  liveness = await LivenessNetwork.open({ modelFolder, threads: 1 })
  if (recogniser.track === undefined) meshes = await MeshFinder.open(modelFolder)
  const { engine: name, models, model, thresholds, selfTestMs, licence } = recogniser
  process.on('message', (message: EngineRequest & { id: number }) => void answer(recogniser, message))
  const { identity } = liveness
  reply({
    type: 'ready',
    info: { engine: name, models, model, liveness: identity, thresholds, selfTestMs, licence },
  })
} catch (thrown) {
  const { code, message } = asFault(thrown)
  reply({ type: 'fault', id: null, code, message })
}

async function answer(recogniser: Recogniser, request: EngineRequest & { id: number }): Promise<void> {
  const { id } = request
  try {
    const value = await answerTo(recogniser, request)
    reply({ type: 'answer', id, value })
  } catch (thrown) {
    track = null
    const { code, message } = asFault(thrown)
    reply({ type: 'fault', id, code, message })
  }
}

function answerTo(recogniser: Recogniser, request: EngineRequest): Promise<EngineAnswer> {
  switch (request.type) {
    case 'template':
      return findTemplate(recogniser, request.image, request.purpose)
    case 'compare':
      return compareFrame(recogniser, request)
    case 'observe':
      return observeLatest(request)
  }
}

async function observeLatest({
  at,
  passive,
}: Extract<EngineRequest, { type: 'observe' }>): Promise<FrameObservation> {
  if (latest === null) throw new Fault('FACE_NONE', 'no frame was compared yet')
  const { image, sha256 } = latest
  const landmarks = latest.landmarks ?? (await meshes?.find(image)) ?? null
  const score = passive && landmarks !== null ? await liveness!.score(image, landmarks) : null
  return observe({ image, sha256, at }, landmarks, score)
}

async function findTemplate(
  recogniser: Recogniser,
  encoded: Uint8Array,
  purpose: 'portrait' | 'frame',
): Promise<TemplateFound> {
  const { image, scale } = unwrap(await decodeImage(encoded))
  const [face] = await recogniser.analyse(image, purpose)
  if (face === undefined) throw new Fault('FACE_NONE', 'no face in the picture')
  const { issue } = face.quality
  if (issue !== null) throw new Fault('FACE_LOW_QUALITY', `the picture’s face is ${issue}`)
  return {
    template: face.template,
    quality: face.quality,
    box: scaled(face.box, scale),
    sha256: sha256(encoded),
  }
}

async function compareFrame(
  recogniser: Recogniser,
  { frame: encoded, reference, fresh }: Extract<EngineRequest, { type: 'compare' }>,
): Promise<FrameComparison> {
  const start = performance.now()
  const { image, scale } = unwrap(await decodeImage(encoded))
  const found =
    recogniser.track === undefined
      ? { faces: await recogniser.analyse(image, 'frame'), track: null }
      : await recogniser.track(image, fresh ? null : track)
  const [face] = found.faces
  // A frame without a face leaves no record, so nothing may rest on it.
  track = face === undefined ? null : found.track
  const common = { sha256: sha256(encoded) }
  latest = { image, ...common, landmarks: face?.landmarks ?? null }
  if (face === undefined) {
    const ms = performance.now() - start
    return { ...common, score: null, issue: 'no-face', box: null, quality: null, tracked: false, ms }
  }
  const { quality, tracked } = face
  // An infinite reference would score 1, the best there is.
  if (!reference.embedding.every(Number.isFinite)) {
    throw new Fault('FACE_NOT_FINITE', 'the reference is no finite embedding')
  }
  const score = unwrap(await matchFace(recogniser, image, face, reference))
  if (!Number.isFinite(score)) throw new Fault('FACE_NOT_FINITE', 'the comparison gave no number')
  return {
    ...common,
    score: quality.issue === null ? score : null,
    issue: quality.issue,
    box: scaled(face.box, scale),
    quality,
    tracked,
    ms: performance.now() - start,
  }
}

function scaled({ x, y, width, height }: Box, scale: number): Box {
  return { x: x / scale, y: y / scale, width: width / scale, height: height / scale }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function reply(message: EngineReply): void {
  process.send?.(message)
}
