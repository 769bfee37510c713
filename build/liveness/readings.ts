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
  /** All of them after `EARLY_FRAMES`: a look at the door may be as short. */
  readonly early: LivenessVerdict
  /** Figures of the layers, by name. */
  readonly detail: Readonly<Record<string, number | string>>
}

export const EARLY_FRAMES = 6

export function judgeClip({ instrument, person, half, observations, earlier }: ObservedClip): JudgedClip {
  const memory = new FrameMemory()
  memory.addVisit(earlier)
  const by = readingsOf(observations, memory)
  const each = <Value>(value: (judge: Judge) => Value) =>
    Object.fromEntries(JUDGES.map((judge) => [judge, value(judge)])) as Record<Judge, Value>
  return {
    instrument,
    person,
    half,
    verdicts: each((judge) => by[judge].verdict),
    scores: each((judge) => by[judge].score),
    early: readingsOf(observations.slice(0, EARLY_FRAMES), memory).fused.verdict,
    detail: { ...by.texture.detail, ...by.motion.detail },
  }
}

function readingsOf(observations: ObservedClip['observations'], memory: FrameMemory) {
  const passive: LayerReading = passiveReading(observations)
  const motion = motionReading(observations)
  const texture = textureReading(observations)
  const replay = replayReading(observations, memory)
  return { passive, motion, texture, replay, fused: fuseLiveness([passive, motion, texture, replay]) }
}
