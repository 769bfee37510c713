import { fuseLiveness } from '../../src/face/liveness/fuse.ts'
import type { LayerReading, LivenessVerdict } from '../../src/face/liveness/layer.ts'
import { motionReading } from '../../src/face/liveness/motion.ts'
import { passiveReading } from '../../src/face/liveness/passive-reading.ts'
import { replayReading } from '../../src/face/liveness/replay.ts'
import { FrameMemory } from '../../src/face/liveness/seen-frames.ts'
import { textureReading } from '../../src/face/liveness/texture.ts'
import type { ObservedClip } from './collect.ts'

/** Layers that a film can be judged by, and all of them together. */
export const JUDGES = ['passive', 'motion', 'texture', 'replay', 'fused'] as const
export type Judge = (typeof JUDGES)[number]

export interface JudgedClip {
  readonly instrument: string
  readonly person: string
  readonly half: ObservedClip['half']
  readonly verdicts: Readonly<Record<Judge, LivenessVerdict>>
  /** Null where the layer saw nothing to judge by. */
  readonly scores: Readonly<Record<Judge, number | null>>
}

export function judgeClip({ instrument, person, half, observations, earlier }: ObservedClip): JudgedClip {
  const memory = new FrameMemory()
  memory.addVisit(earlier)
  const passive = passiveReading(observations)
  const motion = motionReading(observations)
  const texture = textureReading(observations)
  const replay = replayReading(observations, memory)
  const fused = fuseLiveness([passive, motion, texture, replay])
  return judged({ instrument, person, half }, { passive, motion, texture, replay, fused })
}

/** `fused` of fewer layers, for what is no film. */
export function judged(
  clip: Pick<JudgedClip, 'instrument' | 'person' | 'half'>,
  by: Readonly<Record<Judge, Pick<LayerReading, 'verdict' | 'score'>>>,
): JudgedClip {
  const each = <Value>(value: (judge: Judge) => Value) =>
    Object.fromEntries(JUDGES.map((judge) => [judge, value(judge)])) as Record<Judge, Value>
  return {
    ...clip,
    verdicts: each((judge) => by[judge].verdict),
    scores: each((judge) => by[judge].score),
  }
}
