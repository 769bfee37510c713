import { LANDMARK_COUNT } from '../../../src/face/landmarks.ts'
import type { FaceColours, FrameObservation } from '../../../src/face/liveness/observation.ts'

/** What a simulated head does; degrees, positive yaw to the image's right, positive pitch down. */
export interface HeadMovement {
  readonly yaw?: number
  readonly pitch?: number
  readonly roll?: number
  /** Open mouth, in heights of the face. */
  readonly mouth?: number
  readonly growth?: number
  /** A picture of the head: everything in one plane, though the network still says where depth would be. */
  readonly flat?: boolean
}

/**
 * Where points of the mesh lie on a head, centimetres, in front of the middle of the ears: x to the image's right, y
 * down, z to the camera (after the canonical face model of MediaPipe).
 */
const HEAD: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [0, 1.1, 9.9],
  10: [0, -8.3, 6.9],
  152: [0, 9.4, 6.7],
  234: [-7.7, -0.7, 0],
  454: [7.7, -0.7, 0],
  33: [-4.4, -2.7, 5.6],
  263: [4.4, -2.7, 5.6],
  13: [0, 4.3, 8],
  14: [0, 4.3, 8],
}
const FACE_HEIGHT = 17.7
const PIXELS = 12

/** An observation of a simulated head in orthographic projection. Points that no test needs lie in the middle. */
export function headObservation(
  at: number,
  { yaw = 0, pitch = 0, roll = 0, mouth = 0, growth = 1, flat = false }: HeadMovement,
  colour: FaceColours | null = null,
): FrameObservation {
  const mesh = new Float32Array(3 * LANDMARK_COUNT)
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const [x, y, z] = HEAD[i] ?? [0, 0, 5]
    const opened = i === 14 ? y + mouth * FACE_HEIGHT : y
    const [seenX, seenY] = turned([x, opened, flat ? 0 : z], { yaw, pitch, roll })
    // The network draws depth into a picture of a head as well.
    const [, , depth] = turned([x, opened, z], { yaw, pitch, roll })
    mesh[3 * i] = 320 + PIXELS * growth * seenX
    mesh[3 * i + 1] = 240 + PIXELS * growth * seenY
    mesh[3 * i + 2] = -PIXELS * growth * depth
  }
  return {
    at,
    sha256: `${at}`,
    width: 640,
    height: 480,
    passive: null,
    mesh,
    thumbnail: new Uint8Array(64 * 48),
    colour,
    fingerprint: '0'.repeat(64),
    noise: 2,
  }
}

function turned(
  [x, y, z]: readonly [number, number, number],
  angles: { readonly yaw: number; readonly pitch: number; readonly roll: number },
): [number, number, number] {
  const [yaw, pitch, roll] = [angles.yaw, angles.pitch, angles.roll].map((angle) => (angle * Math.PI) / 180)
  const x1 = x * Math.cos(yaw!) + z * Math.sin(yaw!)
  const z1 = z * Math.cos(yaw!) - x * Math.sin(yaw!)
  const y2 = y * Math.cos(pitch!) + z1 * Math.sin(pitch!)
  const z2 = z1 * Math.cos(pitch!) - y * Math.sin(pitch!)
  return [x1 * Math.cos(roll!) - y2 * Math.sin(roll!), x1 * Math.sin(roll!) + y2 * Math.cos(roll!), z2]
}
