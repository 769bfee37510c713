import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cameraFrames } from '../../../src/demo/camera.ts'
import { demoFaces } from '../../../src/demo/faces.ts'
import { describeIf } from '../../support/requires.ts'

const folder = mkdtempSync(join(tmpdir(), 'shidao-liveness-'))
const file = (name: string) => join(folder, name)
const command = join(import.meta.dirname, '../../../src/cli/shidao.js')
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

function liveness(path: string, ...words: string[]) {
  return spawnSync(process.execPath, [command, 'face', 'liveness', path, ...words], {
    encoding: 'utf8',
    timeout: 60_000,
  })
}

beforeAll(async () => {
  const frames = await Array.fromAsync(cameraFrames(demoFaces[0]!, { count: 3, seed: 4 }))
  const [frame] = frames
  writeFileSync(file('frame.jpg'), frame!)
  // 30 frames of a file that has 25 a second, one and the same.
  writeFileSync(file('frozen.mjpeg'), Buffer.concat(Array.from({ length: 30 }, () => frame!)))
  mkdirSync(file('mixed'))
  writeFileSync(file('mixed/damaged.jpg'), frame!.subarray(0, 900))
  writeFileSync(file('mixed/frame.jpg'), frame!)
  writeFileSync(file('mixed/notes.txt'), 'not a picture')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('shidao face liveness', { timeout: 60_000 }, () => {
  test('judges a single picture by the passive layer and says that the others can’t', () => {
    const answer = JSON.parse(liveness(file('frame.jpg'), '--json').stdout)
    expect(answer).toMatchObject({
      verdict: expect.stringMatching(/^(bonaFide|attack|unsure)$/),
      threshold: expect.any(Number),
      frames: 1,
      ms: expect.any(Number),
      layers: {
        passive: { score: expect.any(Number) },
        motion: { verdict: 'unsure', score: null, detail: { why: 'single-picture' } },
        replay: { verdict: 'unsure', score: null, detail: { why: 'single-picture' } },
      },
    })
    expect(liveness(file('frame.jpg')).stdout).toContain('only the passive layer')
  })

  test('finds a film that stands still, exit 1', () => {
    const { status, stdout } = liveness(file('frozen.mjpeg'), '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'attack',
      score: 0,
      layers: { replay: { verdict: 'attack', detail: { why: 'frozen' } } },
    })
  })

  test('gives a folder’s pictures and videos as an array, damaged ones with their fault', () => {
    const { status, stdout } = liveness(file('mixed'), '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      { file: 'damaged.jpg', error: { code: 'FACE_IMAGE_INVALID' } },
      { file: 'frame.jpg', verdict: expect.any(String), frames: 1 },
    ])
  })

  test('ends in one coded line for what isn’t there', () => {
    const { status, stdout, stderr } = liveness(file('missing.mp4'), '--json')
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^FACE_FILE .+\n$/)
  })
})

describeIf(hasFfmpeg ? null : 'ffmpeg is not installed', 'a film of another kind', () => {
  test('is read through ffmpeg', { timeout: 60_000 }, () => {
    const made = spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', file('frozen.mjpeg'), file('frozen.mp4')])
    expect(made.status).toBe(0)
    const answer = JSON.parse(liveness(file('frozen.mp4'), '--json').stdout)
    expect(answer.frames).toBeGreaterThanOrEqual(10)
    expect(answer.layers.passive.score).toEqual(expect.any(Number))
  })

  test('that ffmpeg can’t read is FACE_VIDEO', { timeout: 60_000 }, () => {
    writeFileSync(file('noise.mp4'), 'not a film')
    expect(liveness(file('noise.mp4')).stderr).toMatch(/^FACE_VIDEO .+\n$/)
  })
})
