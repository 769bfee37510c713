import { PATCH, patchPlace } from '../../../src/face/liveness/face-patch.ts'
import type { FrameObservation } from '../../../src/face/liveness/observation.ts'
import { observation } from './observations.ts'

/** Depth of a surface, pixels, nearer is smaller; x, y from between the eyes, which are 90 px apart. */
export type Surface = (x: number, y: number) => number

/** A face: round, with a nose that stands out. */
export const head: Surface = (x, y) =>
  40 * ((x / 75) ** 2 + ((y - 25) / 100) ** 2) - 30 * Math.exp(-(x * x + (y - 35) ** 2) / 300)
export const flat: Surface = () => 0
/** Paper bent around a face. */
export const bent: Surface = (x) => 40 * (x / 75) ** 2

export interface SurfacePose {
  /** Degrees, around the middle. */
  readonly yaw?: number
  readonly aside?: number
}

const EYES = { 33: [-45, 0], 263: [45, 0] } as const
const OVAL = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
]
const LIDS = [
  [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
  [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
]

/**
 * What the station sees of a picture of a face on that surface. The landmarks' depth is always a head's: their network draws
 * one into any picture. `landmarksOf`: where the landmarks say that the points went, when that isn't where the picture went.
 */
export function seenSurface(
  surface: Surface,
  pose: SurfacePose,
  landmarksOf: Surface = surface,
): FrameObservation {
  const mesh = meshOn(landmarksOf, pose)
  const place = patchPlace(mesh)!
  const patch = new Uint8Array(PATCH.side ** 2)
  for (let i = 0; i < patch.length; i++) {
    const across = (((i % PATCH.side) + 0.5) / (PATCH.side / 2) - 1) * PATCH.reach * place.size
    const down = ((Math.floor(i / PATCH.side) + 0.5) / (PATCH.side / 2) - 1) * PATCH.reach * place.size
    const [x, y] = fromFrame(surface, pose, place.x + across, place.y + down)
    patch[i] = skin(x, y)
  }
  return observation({ mesh, patch })
}

/** Brows, mouth and the freckles that any skin has, without a period. */
function skin(x: number, y: number): number {
  const features = 40 * Math.exp(-((y + 20) ** 2) / 60) + 40 * Math.exp(-((y - 60) ** 2) / 60)
  const freckles = Math.sin(x / 4 + y * y * 0.002) + Math.sin(y / 5 + x * x * 0.003) + Math.sin((x + y) / 7)
  return 140 - features + 12 * freckles
}

function meshOn(surface: Surface, pose: SurfacePose): Float32Array {
  const mesh = new Float32Array(3 * 468)
  const put = (i: number, x: number, y: number) => {
    const [frameX, frameY] = intoFrame(surface, pose, x, y)
    mesh.set([frameX, frameY, head(x, y)], 3 * i)
  }
  for (let i = 0; i < 468; i++) {
    const radius = Math.sqrt((i + 0.5) / 468)
    put(i, 70 * radius * Math.cos(i * 2.399963), 30 + 92 * radius * Math.sin(i * 2.399963))
  }
  for (const [i, point] of OVAL.entries()) {
    const angle = (2 * Math.PI * i) / OVAL.length
    put(point, 72 * Math.sin(angle), 30 - 95 * Math.cos(angle))
  }
  for (const [side, lids] of LIDS.entries()) {
    for (const [i, point] of lids.entries()) {
      const angle = (2 * Math.PI * i) / lids.length
      put(point, (side === 0 ? -30 : 30) + 14 * Math.cos(angle), 5 * Math.sin(angle))
    }
  }
  put(1, 0, 35)
  put(13, 0, 60)
  put(14, 0, 60)
  for (const [point, [x, y]] of Object.entries(EYES)) put(Number(point), x, y)
  return mesh
}

const MIDDLE = { x: 320, y: 200 } as const

function intoFrame(surface: Surface, { yaw = 0, aside = 0 }: SurfacePose, x: number, y: number) {
  const angle = (yaw * Math.PI) / 180
  return [MIDDLE.x + aside + Math.cos(angle) * x - Math.sin(angle) * surface(x, y), MIDDLE.y + y] as const
}

/** The inverse, by steps. */
function fromFrame(surface: Surface, { yaw = 0, aside = 0 }: SurfacePose, frameX: number, frameY: number) {
  const angle = (yaw * Math.PI) / 180
  const y = frameY - MIDDLE.y
  let x = frameX - MIDDLE.x - aside
  for (let step = 0; step < 20; step++) {
    x = (frameX - MIDDLE.x - aside + Math.sin(angle) * surface(x, y)) / Math.cos(angle)
  }
  return [x, y] as const
}
