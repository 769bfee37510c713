import { createHash } from 'node:crypto'
import { unwrap } from '../../common/result.ts'
import type { ArcfaceRecogniser } from '../arcface-recogniser.ts'
import { decodeImage } from '../image.ts'
import { type FusedLiveness, fuseLiveness } from './fuse.ts'
import { nothingSeen } from './layer.ts'
import { motionReading } from './motion.ts'
import { type FrameObservation, observe } from './observation.ts'
import type { LivenessNetwork } from './passive.ts'
import { passiveReading } from './passive-reading.ts'
import { replayReading } from './replay.ts'
import { FrameMemory } from './seen-frames.ts'
import { textureReading } from './texture.ts'
import type { VideoFrame } from './video/read-video.ts'

/** What finds faces and judges them; both are the caller's to close. */
export interface LivenessJudges {
  readonly recogniser: Pick<ArcfaceRecogniser, 'locate'>
  readonly network: LivenessNetwork
}

/** The verdict on a file and how many frames it rests on. `no-face` when none of them shows one. */
export interface FileLiveness {
  readonly verdict: FusedLiveness['verdict'] | 'no-face'
  readonly score: number | null
  readonly layers: FusedLiveness['layers']
  readonly frames: number
}

/** A single picture has no motion and no clock: passive layer and texture alone can judge it. Throws what `decodeImage` gives. */
export async function judgePicture(judges: LivenessJudges, encoded: Uint8Array): Promise<FileLiveness> {
  const { image } = unwrap(await decodeImage(encoded))
  const sha256 = createHash('sha256').update(encoded).digest('hex')
  const observations = [await look(judges, { image, sha256, at: 0 })]
  const blind = (['motion', 'replay'] as const).map((layer) => nothingSeen(layer, 'single-picture'))
  return answer(
    observations,
    fuseLiveness([passiveReading(observations), textureReading(observations), ...blind]),
  )
}

/** Frames of one visit, none of which was seen before. */
export async function judgeFrames(
  judges: LivenessJudges,
  frames: AsyncIterable<VideoFrame>,
): Promise<FileLiveness> {
  const observations: FrameObservation[] = []
  for await (const frame of frames) observations.push(await look(judges, frame))
  const layers = [
    passiveReading(observations),
    motionReading(observations),
    textureReading(observations),
    replayReading(observations, new FrameMemory()),
  ]
  return answer(observations, fuseLiveness(layers))
}

async function look({ recogniser, network }: LivenessJudges, frame: VideoFrame): Promise<FrameObservation> {
  const face = await recogniser.locate(frame.image, 'frame')
  if (face === null) return observe(frame, null, null)
  return observe(frame, face.landmarks, await network.score(frame.image, face.landmarks))
}

function answer(observations: readonly FrameObservation[], { verdict, score, layers }: FusedLiveness) {
  const frames = observations.length
  if (observations.every(({ mesh }) => mesh === null)) {
    return { verdict: 'no-face', score: null, layers, frames } as const
  }
  return { verdict, score, layers, frames }
}
