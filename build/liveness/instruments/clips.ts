import sharp from 'sharp'
import { pseudoRandom } from '../../../src/common/pseudo-random.ts'
import type { Sitter } from '../people.ts'
import { drawFlat, type Medium, type PlanePose, someHandMotion, standing } from './flat-picture.ts'
import { MovingHead, someHeadMotion } from './moving-head.ts'
import { paperMask } from './paper-mask.ts'
import type { Scene } from './picture.ts'
import { bent, glossy, halftone, plain } from './prints.ts'
import { MONITOR, PHONE, type ScreenKind, STEADY_MONITOR, screen, TABLET, wanderingBands } from './screens.ts'
import { expose, someSensor } from './sensor.ts'

/** Encoded frames of one visit, `FRAME_MS` apart, and what the station had seen before. */
export interface Clip {
  readonly frames: readonly Uint8Array[]
  /** Frames of an earlier visit that the station remembers. */
  readonly earlier: readonly Uint8Array[]
}

export const FRAMES_OF_CLIP = 20
export const FRAME_MS = 100

/** Everything is made from photographs by arithmetic: no real phone, paper or mask was before a camera. */
export interface Instrument {
  readonly name: string
  /** For people: what is simulated. */
  readonly description: string
  /** Null for honest clips. */
  readonly kind: 'screen' | 'print' | 'mask' | 'injected' | null
  make(cast: Cast, seed: number): Promise<Clip>
}

export interface Cast {
  readonly sitter: Sitter
  /** Somebody else of the same half. */
  readonly other: Sitter
  /** What is behind a thing held before the camera. */
  readonly room: Scene
}

export const honest: Instrument = {
  name: 'honest',
  description: 'a head that turns, nods and sways in depth before its own room',
  kind: null,
  make: async ({ sitter }, seed) => ({ frames: await film(liveScenes(sitter, seed), seed), earlier: [] }),
}

/** People who are harder to tell from attacks, reported beside the others. */
export const hardlyHonest: readonly Instrument[] = [
  {
    name: 'honest-quiet',
    description: 'the same with a quarter of the movement: somebody who stands and looks',
    kind: null,
    make: async ({ sitter }, seed) => ({
      frames: await film(liveScenes(sitter, seed, 0.25), seed),
      earlier: [],
    }),
  },
  {
    name: 'honest-lamp',
    description:
      'the first in a room whose lamp flickers, so that bands wander over the picture as of a display',
    kind: null,
    make: async ({ sitter }, seed) => {
      const random = pseudoRandom(seed + 2)
      const bands = wanderingBands(0.01 + 0.03 * random(), random)
      const scene = liveScenes(sitter, seed)
      return { frames: await film((index) => lit(scene(index), bands(index)), seed), earlier: [] }
    },
  },
]

export const instruments: readonly Instrument[] = [
  screenInstrument('phone', 'a still photograph on a hand-held phone, bezel in the picture', PHONE, 'still'),
  screenInstrument('tablet', 'a video on a hand-held tablet, bezel at the rim', TABLET, 'video'),
  screenInstrument(
    'monitor',
    'a video on a monitor that stands still and fills the picture, no bezel',
    MONITOR,
    'video',
  ),
  screenInstrument(
    'steady',
    'the same monitor with a backlight that does not flicker',
    STEADY_MONITOR,
    'video',
  ),
  paperInstrument('print-halftone', 'an office print with visible dots, held still', halftone, {
    tilt: 0.12,
    sway: 8,
  }),
  paperInstrument('print-glossy', 'photographic paper with a wandering reflection', glossy, {
    tilt: 0.15,
    sway: 10,
  }),
  paperInstrument('print-bent', 'plain paper bent around the face', bent, { tilt: 0.2, sway: 10 }),
  paperInstrument('print-waved', 'plain paper waved and tilted by hand', plain, { tilt: 0.5, sway: 60 }),
  {
    name: 'paper-mask',
    description: 'a face cut out of paper with holes for the eyes, worn by another person',
    kind: 'mask',
    make: async ({ sitter, other }, seed) => {
      const draw = paperMask(sitter, other, pseudoRandom(seed))
      return { frames: await film(draw, seed), earlier: [] }
    },
  },
  loopOf(6, 'injected-loop', 'half a second of film over and over by a virtual camera'),
  loopOf(1, 'injected-freeze', 'one frame that stands still'),
  {
    name: 'injected-file',
    description: 'the bytes of an earlier visit again',
    kind: 'injected',
    make: async ({ sitter }, seed) => {
      const earlier = await film(liveScenes(sitter, seed), seed)
      return { frames: earlier, earlier }
    },
  },
  {
    name: 'injected-reencoded',
    description: 'the frames of an earlier visit, compressed anew, harder',
    kind: 'injected',
    make: async ({ sitter }, seed) => {
      const earlier = await film(liveScenes(sitter, seed), seed)
      const quality = 45 + (seed % 40)
      const again = (frame: Uint8Array) => sharp(frame).jpeg({ quality }).toBuffer()
      return { frames: await Promise.all(earlier.map(again)), earlier }
    },
  },
]

function liveScenes(sitter: Sitter, seed: number, liveliness = 1): (index: number) => Scene {
  const head = new MovingHead(sitter)
  const motion = someHeadMotion(pseudoRandom(seed), liveliness)
  return (index) => head.draw(motion(index))
}

/** Each row of the scene brighter or darker by a factor. */
function lit(scene: Scene, factorAt: (y: number) => number): Scene {
  const row = 3 * scene.width
  return { ...scene, data: scene.data.map((level, i) => level * factorAt(Math.floor(i / row))) }
}

function screenInstrument(
  name: string,
  description: string,
  kind: ScreenKind,
  content: 'still' | 'video',
): Instrument {
  return {
    name: `screen-${name}`,
    description,
    kind: 'screen',
    make: async ({ sitter, room }, seed) => {
      const random = pseudoRandom(seed)
      const played = liveScenes(sitter, seed + 1)
      const medium = screen(kind, random)
      const scale = 0.85 + 0.3 * random()
      const pose =
        kind.halfWidth === MONITOR.halfWidth
          ? standing(scale)
          : someHandMotion(random, { tilt: 0.12, sway: 10, scale })
      const middle = { x: 320, y: 0.45 * 480 }
      const draw = (index: number) =>
        drawFlat(played(content === 'video' ? index : 0), middle, medium(), pose(index), room)
      return { frames: await film(draw, seed), earlier: [] }
    },
  }
}

function paperInstrument(
  name: string,
  description: string,
  medium: (random: () => number) => (pose: PlanePose) => Medium,
  motion: { readonly tilt: number; readonly sway: number },
): Instrument {
  return {
    name,
    description,
    kind: 'print',
    make: async ({ sitter, room }, seed) => {
      const random = pseudoRandom(seed)
      const paper = medium(random)
      const hand = someHandMotion(random, { ...motion, scale: 0.85 + 0.25 * random() })
      const { eyes, eyeDistance } = sitter
      const middle = { x: (eyes[0].x + eyes[1].x) / 2, y: (eyes[0].y + eyes[1].y) / 2 + 0.3 * eyeDistance }
      const draw = (index: number) => {
        const pose = hand(index)
        return drawFlat(sitter.image, middle, paper(pose), pose, room)
      }
      return { frames: await film(draw, seed), earlier: [] }
    },
  }
}

function loopOf(frames: number, name: string, description: string): Instrument {
  return {
    name,
    description,
    kind: 'injected',
    make: async ({ sitter }, seed) => {
      const loop = await film(liveScenes(sitter, seed), seed, frames)
      return { frames: Array.from({ length: FRAMES_OF_CLIP }, (_, i) => loop[i % frames]!), earlier: [] }
    },
  }
}

async function film(
  draw: (index: number) => Scene,
  seed: number,
  count = FRAMES_OF_CLIP,
): Promise<Uint8Array[]> {
  const random = pseudoRandom(seed ^ 0x5eed)
  const sensor = someSensor(random)
  const frames: Uint8Array[] = []
  for (let i = 0; i < count; i++) frames.push(await expose(draw(i), sensor, i, random))
  return frames
}
