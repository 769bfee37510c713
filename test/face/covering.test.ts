import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { measureCovering } from '../../src/face/covering.ts'
import { decodeImage } from '../../src/face/image.ts'
import type { QualityIssue } from '../../src/face/recogniser.ts'

/* Masks and sunglasses drawn over simulated camera frames: drawings, not people who wear them. */

let recogniser: ArcfaceRecogniser
beforeAll(async () => {
  recogniser = await ArcfaceRecogniser.open()
}, 30_000)
afterAll(() => recogniser.close())

type Point = readonly [number, number]

// Points of the mesh: along the lower edge of the face from ear to ear, then back below the eyes.
const LOWER_FACE = [
  234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 346,
  347, 195, 118, 117,
]
const EYES = [
  [33, 133],
  [362, 263],
] as const

async function frameOf(who: number): Promise<Buffer> {
  for await (const frame of cameraFrames(demoFaces[who]!, { count: 1, seed: who + 1 }))
    return Buffer.from(frame)
  throw new Error('no frame')
}

async function issueOf(frame: Uint8Array): Promise<QualityIssue | null> {
  const { image } = unwrap(await decodeImage(frame))
  const [face] = await recogniser.analyse(image, 'frame')
  return face === undefined ? 'no-face' : face.quality.issue
}

async function drawnOver(frame: Buffer, draw: (at: (i: number) => Point) => string): Promise<Buffer> {
  const { image } = unwrap(await decodeImage(frame))
  const found = await recogniser.locate(image, 'frame')
  const at = (i: number): Point => [found!.landmarks.points[3 * i]!, found!.landmarks.points[3 * i + 1]!]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${draw(at)}</svg>`
  const layer = await sharp(Buffer.from(svg)).blur(0.8).png().toBuffer()
  return sharp(frame)
    .composite([{ input: layer }])
    .jpeg({ quality: 85 })
    .toBuffer()
}

const mask = (colour: string) => (at: (i: number) => Point) =>
  `<polygon fill="${colour}" points="${LOWER_FACE.map((i) => at(i).join(',')).join(' ')}"/>`

const sunglasses = (at: (i: number) => Point): string => {
  const width = (at(263)[0] - at(33)[0]) * 0.46
  return EYES.map(([outer, inner]) => {
    const x = (at(outer)[0] + at(inner)[0]) / 2 - width / 2
    const y = (at(outer)[1] + at(inner)[1]) / 2 - width * 0.35
    return `<rect x="${x}" y="${y}" width="${width}" height="${width * 0.75}" rx="${width / 4}" fill="#1a1a1e"/>`
  }).join('')
}

describe('before the camera', () => {
  test.each(['#ebeef0', '#82afd7', '#1c1c20', '#e1aab4', '#c4a082'])(
    'hardly anybody passes in a mask of %s',
    async (colour) => {
      const issues = await Promise.all([0, 1, 2, 3].map(frameOf)).then(async (frames) => {
        const found: (QualityIssue | null)[] = []
        for (const frame of frames) found.push(await issueOf(await drawnOver(frame, mask(colour))))
        return found
      })
      expect(issues.filter((issue) => issue === null).length).toBeLessThanOrEqual(1)
      expect(issues.filter((issue) => issue === 'covered').length).toBeGreaterThanOrEqual(2)
    },
  )

  test('nearly all sunglasses are asked off', async () => {
    let covered = 0
    for (const who of demoFaces.keys()) {
      if ((await issueOf(await drawnOver(await frameOf(who), sunglasses))) === 'covered') covered++
    }
    expect(covered).toBeGreaterThanOrEqual(6)
  })

  test('no bare face of the demonstration is called covered', async () => {
    for (const [who, face] of demoFaces.entries()) {
      for await (const frame of cameraFrames(face, { count: 5, seed: 10 + who })) {
        expect(await issueOf(frame)).not.toBe('covered')
      }
    }
  })
})

test('the measure is finite for a picture of one grey and for any presence', () => {
  const grey = new Float32Array(3 * 112 * 112).fill(90)
  for (const presence of [0, 0.5, 1]) expect(Number.isFinite(measureCovering(grey, presence))).toBe(true)
})
