import { type FusedLiveness, fuseLiveness } from '../face/liveness/fuse.ts'
import type { LayerReading } from '../face/liveness/layer.ts'
import { motionReading } from '../face/liveness/motion.ts'
import type { FrameObservation } from '../face/liveness/observation.ts'
import { passiveReading } from '../face/liveness/passive-reading.ts'
import { replayReading } from '../face/liveness/replay.ts'
import { FrameMemory } from '../face/liveness/seen-frames.ts'
import { textureReading } from '../face/liveness/texture.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** What the layers say together, and each by itself. */
export type { FusedLiveness } from '../face/liveness/fuse.ts'

/** Judges whether a living person stands before this station's camera; knows what was shown to it before. */
export interface LivenessGuard {
  /** Ask for proof by coloured light of the screen before prompts. */
  readonly light: boolean
  /** What the layers say of a visit's observations so far, and of what was asked of the person since. */
  judge(observations: readonly FrameObservation[], proofs?: readonly LayerReading[]): FusedLiveness
  /** The visit is over: its frames are earlier ones from now on. */
  remember(observations: readonly FrameObservation[]): void
}

/** `camera` tells what is known of the device itself, null where nothing is. */
export function livenessGuard(parts: {
  readonly memory: FrameMemory
  readonly camera: () => LayerReading | null
  readonly light: boolean
}): LivenessGuard {
  const { memory, light } = parts
  return {
    light,
    judge: (observations, proofs = []) => {
      const camera = parts.camera()
      return fuseLiveness([
        passiveReading(observations),
        motionReading(observations),
        textureReading(observations),
        replayReading(observations, memory),
        ...(camera === null ? [] : [camera]),
        ...proofs,
      ])
    },
    remember: (observations) => memory.addVisit(observations),
  }
}

/**
 * What survives a restart: the sha256 of every frame that this ledger names (those of looks that showed a face, and those of
 * prompts and light), so the same bytes are known for ever. What the frames looked like ends with the process: a film of an earlier
 * run that was encoded anew is not known again. Perceptual fingerprints alone are not kept for it, because they can't tell a
 * replay from the same person on the same spot another day: in generated clips those lie 1 bit apart at the nearest, and a film
 * that was encoded anew up to 13 (`build/liveness/measure-replay.ts`); what could tell them apart is a picture of the person.
 */
export function framesOfLedger(ledger: Pick<Ledger, 'events'>): FrameMemory {
  const memory = new FrameMemory()
  for (const { event } of ledger.events()) {
    const { type, data } = event
    if (type !== 'attendance' && type !== 'refusal' && type !== 'check.answered') continue
    for (const { sha256 } of data.face?.frames ?? []) memory.addHash(sha256)
    for (const sha256 of data.face?.liveness?.frames ?? []) memory.addHash(sha256)
  }
  return memory
}
