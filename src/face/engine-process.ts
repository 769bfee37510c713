import { createHash } from 'node:crypto'
import { asFault, Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import type { EngineReply, EngineRequest, FrameComparison, TemplateFound } from './engine-protocol.ts'
import { decodeImage } from './image.ts'
import { openRecogniser } from './open-recogniser.ts'
import type { Box, Recogniser } from './recogniser.ts'

/*
 * The process that `engine.ts` starts: one recogniser that answers one request after the other.
 * Arguments: engine name, model folder.
 */

const [engine = '', modelFolder = ''] = process.argv.slice(2)

// The station is gone: nobody is left to answer.
process.once('disconnect', () => process.exit(0))

try {
  const recogniser = await openRecogniser(engine, { modelFolder })
  const { models, model, thresholds, selfTestMs } = recogniser
  process.on('message', (message: EngineRequest & { id: number }) => void answer(recogniser, message))
  reply({ type: 'ready', info: { engine, models, model, thresholds, selfTestMs } })
} catch (thrown) {
  const { code, message } = asFault(thrown)
  reply({ type: 'fault', id: null, code, message })
}

async function answer(recogniser: Recogniser, request: EngineRequest & { id: number }): Promise<void> {
  const { id } = request
  try {
    const value = await (request.type === 'template'
      ? findTemplate(recogniser, request.image, request.purpose)
      : compareFrame(recogniser, request.frame, request.reference))
    reply({ type: 'answer', id, value })
  } catch (thrown) {
    const { code, message } = asFault(thrown)
    reply({ type: 'fault', id, code, message })
  }
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
  encoded: Uint8Array,
  reference: Parameters<Recogniser['compare']>[1],
): Promise<FrameComparison> {
  const start = performance.now()
  const { image, scale } = unwrap(await decodeImage(encoded))
  const [face] = await recogniser.analyse(image, 'frame')
  const common = { sha256: sha256(encoded) }
  if (face === undefined) {
    const ms = performance.now() - start
    return { ...common, score: null, issue: 'no-face', box: null, quality: null, ms }
  }
  const { quality } = face
  const score = unwrap(recogniser.compare(face.template, reference))
  return {
    ...common,
    score: quality.issue === null ? score : null,
    issue: quality.issue,
    box: scaled(face.box, scale),
    quality,
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
