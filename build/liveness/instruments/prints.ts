import type { Medium } from './flat-picture.ts'
import { smoothStep } from './picture.ts'

const PAPER = { halfWidth: 190, halfHeight: 240, rim: 14 } as const

/** Dots of cyan, magenta and yellow at angles of their own, as an office printer or a newspaper has them. */
export function halftone(random: () => number): () => Medium {
  // Dots for one pixel of the picture: from seen singly to beating with the sensor.
  const ruling = 0.3 + 0.5 * random()
  const angles = [15, 75, 0].map((degrees) => ((degrees + 8 * random()) * Math.PI) / 180)
  const hardness = 0.25 + 0.25 * random()
  const paper = paperColour(random)
  return () => ({
    ...PAPER,
    rimColour: paper,
    bend: Number.POSITIVE_INFINITY,
    shade(colour, u, v) {
      for (let channel = 0; channel < 3; channel++) {
        const angle = angles[channel]!
        const a = 2 * Math.PI * ruling * (Math.cos(angle) * u + Math.sin(angle) * v)
        const b = 2 * Math.PI * ruling * (Math.cos(angle) * v - Math.sin(angle) * u)
        const ink = 1 - colour[channel]! / 255
        const threshold = 0.5 + 0.25 * (Math.cos(a) + Math.cos(b))
        const covered = smoothStep(-hardness, hardness, ink - threshold)
        colour[channel] = inked(paper[channel]!, 0.4 * ink + 0.6 * covered)
      }
    },
  })
}

/** Photographic paper: no dots, fewer colours, and a lamp's reflection that wanders as the hand tilts it. */
export function glossy(random: () => number): (tilt: { yaw: number; pitch: number }) => Medium {
  const paper = paperColour(random)
  const shine = 40 + 120 * random()
  const size = 40 + 80 * random()
  const from = { u: (random() - 0.5) * 160, v: -120 + 120 * random() }
  return ({ yaw, pitch }) => ({
    ...PAPER,
    rimColour: paper,
    bend: Number.POSITIVE_INFINITY,
    shade(colour, u, v) {
      const spot = Math.hypot(u - from.u - 900 * yaw, v - from.v - 900 * pitch)
      const reflected = shine * (1 - smoothStep(0, size, spot)) + 8
      for (let channel = 0; channel < 3; channel++) {
        colour[channel] = inked(paper[channel]!, 1 - colour[channel]! / 255) + reflected
      }
    },
  })
}

/** Plain paper from an inkjet, bent to a cylinder to look less flat; grain of the fibres. */
export function bent(random: () => number): () => Medium {
  const paper = paperColour(random)
  const bend = 230 + 160 * random()
  const grain = 6 + 8 * random()
  return () => ({
    ...PAPER,
    rimColour: paper,
    bend,
    shade(colour, u, v) {
      const fibre = grain * (hash(Math.floor(1.3 * u), Math.floor(1.3 * v)) - 0.5)
      for (let channel = 0; channel < 3; channel++) {
        colour[channel] = inked(paper[channel]!, 1 - colour[channel]! / 255) + fibre
      }
    },
  })
}

/** Plain paper held straight. */
export function plain(random: () => number): () => Medium {
  const sheet = bent(random)
  return () => ({ ...sheet(), bend: Number.POSITIVE_INFINITY })
}

/** Ink never gets quite black and paper never quite white. */
function inked(paper: number, ink: number): number {
  return paper + (32 - paper) * Math.min(1, Math.max(0, ink))
}

function paperColour(random: () => number): [number, number, number] {
  const white = 205 + 30 * random()
  return [white, white, white * (0.93 + 0.07 * random())]
}

/** A number in [0, 1) for each point of a lattice, always the same. */
function hash(x: number, y: number): number {
  let mixed = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4294967296
}
