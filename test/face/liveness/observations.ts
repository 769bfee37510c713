import type { FrameObservation } from '../../../src/face/liveness/observation.ts'

/** A frame of which only the given facts matter. */
export function observation(facts: Partial<FrameObservation> = {}): FrameObservation {
  return {
    at: 0,
    sha256: 'a'.repeat(64),
    width: 640,
    height: 480,
    passive: null,
    mesh: null,
    thumbnail: new Uint8Array(64 * 48),
    colour: null,
    fingerprint: '0'.repeat(64),
    noise: 2,
    ...facts,
  }
}

/** Where a point of a face goes: x, y, depth, pixels from the middle between the eyes. */
export type Move = (x: number, y: number, z: number) => readonly [x: number, y: number, z: number]

/**
 * 468 points of a made-up head, 90 px between the outer eye corners: an ellipsoid with a nose. Moved, then put in the frame.
 */
export function mesh(move: Move = (x, y, z) => [x, y, z]): Float32Array {
  const points = new Float32Array(3 * 468)
  for (let i = 0; i < 468; i++) {
    // Points spread evenly over an oval (sunflower), the outer eye corners where the layers look for them.
    const radius = Math.sqrt((i + 0.5) / 468)
    const angle = i * 2.399963
    let [x, y] = [75 * radius * Math.cos(angle), 25 + 100 * radius * Math.sin(angle)]
    if (i === 33) [x, y] = [-45, 0]
    if (i === 263) [x, y] = [45, 0]
    const round = 40 * ((x / 75) ** 2 + ((y - 25) / 100) ** 2)
    const nose = -35 * Math.exp(-(x * x + (y - 30) ** 2) / 400)
    const [movedX, movedY, movedZ] = move(x, y, round + nose)
    points.set([320 + movedX, 200 + movedY, movedZ], 3 * i)
  }
  return points
}

/** A head that turns by so many degrees. */
export function turned(degrees: number): Move {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)]
  return (x, y, z) => [cos * x - sin * z, y, cos * z + sin * x]
}

/** A photograph that is tilted by so many degrees 700 px before the camera: it has no depth, whatever the network says. */
export function tilted(degrees: number): Move {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)]
  return (x, y, z) => {
    const nearer = 700 / (700 + sin * x)
    return [nearer * cos * x, nearer * y, z]
  }
}

/** 64 × 48 cells of a pattern that repeats nowhere, shifted by whole cells. */
export function room(shiftX = 0, shiftY = 0): Uint8Array {
  const cells = new Uint8Array(64 * 48)
  for (let i = 0; i < cells.length; i++) {
    const x = (i % 64) - shiftX
    const y = Math.floor(i / 64) - shiftY
    cells[i] = 128 + 60 * Math.sin(0.7 * x + 0.05 * y * y) + 60 * Math.cos(0.9 * y + 0.03 * x * x)
  }
  return cells
}
