import type { Sitter } from '../people.ts'
import { type HeadPose, MovingHead, someHeadMotion } from './moving-head.ts'
import { FRAME, type Scene, sampleInto, smoothStep } from './picture.ts'

/**
 * A photograph of the victim, cut out along the face, worn by somebody else who looks and blinks through its holes.
 * The paper turns with the head as the plane that it is; eyes, hair, shoulders and room are the wearer's own.
 */
export function paperMask(
  victim: Sitter,
  wearer: Sitter,
  random: () => number,
  motion: (index: number) => HeadPose = someHeadMotion(random),
): (index: number) => Scene {
  const head = new MovingHead(wearer)
  const holes = 0.2 + 0.08 * random()
  const larger = 1.05 + 0.15 * random()
  const pallor = 0.8 + 0.12 * random()
  const [left, right] = head.eyes
  const middle = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 }
  const wearerEyes = Math.hypot(right.x - left.x, right.y - left.y)
  const victimMiddle = {
    x: (victim.eyes[0].x + victim.eyes[1].x) / 2,
    y: (victim.eyes[0].y + victim.eyes[1].y) / 2,
  }
  const scale = (larger * wearerEyes) / victim.eyeDistance
  const colour = new Float64Array(3)
  return (index) => {
    const pose = motion(index)
    const scene = head.draw(pose)
    // Where the neck's turn takes the face's plane.
    const x = middle.x + pose.x + 0.9 * wearerEyes * Math.sin(pose.yaw)
    const y = middle.y + pose.y + 0.9 * wearerEyes * Math.sin(pose.pitch)
    const wide = scale * pose.scale * Math.cos(pose.yaw)
    const high = scale * pose.scale * Math.cos(pose.pitch)
    for (let row = 0, target = 0; row < FRAME.height; row++) {
      for (let column = 0; column < FRAME.width; column++, target += 3) {
        // On the paper, eye distances of the victim from between the eyes.
        const u = (column - x) / wide / victim.eyeDistance
        const v = (row - y) / high / victim.eyeDistance
        const oval = Math.hypot(u / 1.02, (v - 0.42) / 1.35)
        if (oval > 1.05) continue
        const eye = Math.hypot(Math.abs(u) - 0.5 / larger, 1.5 * v)
        const share = (1 - smoothStep(0.97, 1.03, oval)) * smoothStep(holes - 0.02, holes + 0.02, eye)
        if (share === 0) continue
        sampleInto(
          victim.image,
          victimMiddle.x + u * victim.eyeDistance,
          victimMiddle.y + v * victim.eyeDistance,
          colour,
        )
        for (let channel = 0; channel < 3; channel++) {
          const behind = scene.data[target + channel]!
          const paper = 24 + pallor * colour[channel]!
          scene.data[target + channel] = behind + share * (paper - behind)
        }
      }
    }
    return scene
  }
}
