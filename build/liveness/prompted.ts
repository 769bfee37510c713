import { createHash } from 'node:crypto'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { LivenessNetwork } from '../../src/face/liveness/passive.ts'
import { judgePrompt, neutralPose, type PromptProgress } from '../../src/face/liveness/prompt.ts'
import { FRAME_MS } from './instruments/clips.ts'
import { type HeadPose, MovingHead } from './instruments/moving-head.ts'
import { paperMask } from './instruments/paper-mask.ts'
import { expose, someSensor } from './instruments/sensor.ts'
import { ClipObserver } from './observe-clip.ts'
import { loadSitters } from './people.ts'

/** A head, or a paper mask on one, that does what a prompt asks, and what the product says of it. */
export interface Prompted {
  readonly who: 'honest' | 'paper-mask'
  readonly kind: (typeof KINDS)[number]
  readonly state: PromptProgress['state']
}

const KINDS = ['turn-left', 'turn-right', 'look-up', 'look-down'] as const
/** Radians: 26°, as somebody turns who is asked to. */
const TURN = 0.45
const AT_REST = 3
const FRAMES = 15

/** Of everybody in the half that is reported: each prompt that needs depth, once by themselves and once by a mask of them. */
export async function judgePrompted(): Promise<Prompted[]> {
  const recogniser = await ArcfaceRecogniser.open()
  const network = await LivenessNetwork.openUncalibrated()
  try {
    const observer = new ClipObserver(recogniser, network)
    const sitters = (await loadSitters(recogniser)).filter(({ half }) => half === 'reported-on')
    const prompted: Prompted[] = []
    for (const [i, sitter] of sitters.entries()) {
      const wearer = sitters[(i + 1) % sitters.length]!
      for (const kind of KINDS) {
        for (const who of ['honest', 'paper-mask'] as const) {
          const random = pseudoRandom(seedOf(`prompted ${who} ${kind} ${i}`))
          const motion = movementOf(kind)
          const head = new MovingHead(sitter)
          const draw =
            who === 'honest'
              ? (index: number) => head.draw(motion(index))
              : paperMask(sitter, wearer, random, motion)
          const sensor = someSensor(random)
          const frames: Uint8Array[] = []
          for (let index = 0; index < FRAMES; index++) {
            frames.push(await expose(draw(index), sensor, index, random))
          }
          const seen = await observer.observe(frames, FRAME_MS)
          observer.forget()
          const neutral = neutralPose(seen.slice(0, AT_REST))
          const state = neutral === null ? 'waiting' : judgePrompt(kind, neutral, seen).state
          prompted.push({ who, kind, state })
        }
      }
    }
    return prompted
  } finally {
    await Promise.all([recogniser.close(), network.close()])
  }
}

/** At rest first, then out within a second, then staying there. */
function movementOf(kind: (typeof KINDS)[number]): (index: number) => HeadPose {
  return (index) => {
    const turn = TURN * Math.min(1, Math.max(0, (index - AT_REST) / 9))
    const yaw = kind === 'turn-left' ? turn : kind === 'turn-right' ? -turn : 0
    const pitch = kind === 'look-down' ? turn : kind === 'look-up' ? -turn : 0
    return { yaw, pitch, x: 3 * Math.sin(index / 4), y: 2 * Math.sin(index / 3), scale: 1 }
  }
}

function seedOf(words: string): number {
  return createHash('sha256').update(words).digest().readUInt32LE()
}
