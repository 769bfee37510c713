import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cameraFrames, emptyFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'

const program = join(import.meta.dirname, '../../src/cli/shidao.js')
let folder: string
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shidao-face-'))
  for (const who of [0, 1]) {
    writeFileSync(file(`portrait${who}.webp`), await makePortrait(demoFaces[who]!))
    for await (const frame of cameraFrames(demoFaces[who]!, { count: 1, seed: 1 })) {
      writeFileSync(file(`frame${who}.jpg`), frame)
    }
  }
  for await (const frame of emptyFrames({ count: 1, seed: 1 })) writeFileSync(file('nobody.jpg'), frame)
  writeFileSync(file('text.jpg'), 'not a picture')
})
afterAll(() => rmSync(folder, { recursive: true }))

function shidao(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'face', ...words], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('face compare', () => {
  test('says match for one person, exit 0', () => {
    const { status, stdout } = shidao('compare', file('frame0.jpg'), file('portrait0.webp'), '--json')
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({ verdict: 'match', engine: 'arcface', model: { name: 'fr_feature' } })
    expect(answer.score).toBeGreaterThan(answer.threshold)
    expect(answer.faces.length).toBe(2)
    expect(status).toBe(0)
  })

  test('says nonmatch for two people, exit 1', () => {
    const { status, stdout } = shidao('compare', file('frame0.jpg'), file('portrait1.webp'), '--json')
    const answer = JSON.parse(stdout)
    expect(answer.verdict).toBe('nonmatch')
    expect(answer.score).toBeLessThan(answer.threshold)
    expect(status).toBe(1)
  })

  test('says no-face where nobody is, still with its JSON, exit 1', () => {
    const { status, stdout, stderr } = shidao('compare', file('nobody.jpg'), file('portrait0.webp'), '--json')
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'no-face', score: null, faces: [null, {}] })
    expect(stderr).toMatch(/^FACE_NONE [^\n]+\n$/)
    expect(status).toBe(1)
  })

  test.each([
    ['text.jpg', /^FACE_IMAGE_INVALID .+\n$/],
    ['missing.jpg', /^FACE_FILE .+\n$/],
    ['', /^FACE_FILE .+\n$/],
  ])('ends in one coded line for bad input (%s), exit 1', (name, line) => {
    const { status, stdout, stderr } = shidao('compare', file(name), file('portrait0.webp'), '--json')
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(line)
  })

  test('is used wrongly without two pictures or with an unknown engine, exit 2', () => {
    expect(shidao('compare', file('frame0.jpg'))).toMatchObject({ status: 2, stdout: '' })
    const unknown = shidao('compare', file('frame0.jpg'), file('portrait0.webp'), '--engine', 'no-such')
    expect(unknown.status).toBe(2)
    expect(unknown.stderr).toMatch(/^USAGE_ENGINE /)
  })
})

test('face speed times the chain and both face-api chains on one picture', () => {
  const { status, stdout } = shidao('speed', '-n', '3', '--json')
  const answer = JSON.parse(stdout)
  expect(status).toBe(0)
  expect(answer).toMatchObject({ threads: 1, faceApi: { backend: 'wasm' } })
  expect(Object.keys(answer.stages)).toEqual([
    'decode',
    'detect',
    'landmarks',
    'align',
    'quality',
    'embed',
    'compare',
    'passive',
    'observe',
  ])
  expect(answer.ratio.tiny).toBeCloseTo(answer.faceApi.tiny.p50 / answer.chain.p50, 0)
  expect(answer.trackedChain.p50).toBeGreaterThan(0)
  expect(answer.withLiveness.p50).toBeGreaterThan(answer.stages.passive.p50)
  expect(Object.keys(answer.twoThreads)).toEqual(['chain', 'trackedChain', 'withLiveness', 'stages'])
})

test('face speed takes one thread or two', () => {
  expect(shidao('speed', '--threads', '3')).toMatchObject({ status: 2, stdout: '' })
})

test('face bench finds the faces of card portraits again and leaves rates of too few pairs null', async () => {
  for (const who of [0, 1]) {
    let take = 1
    for await (const frame of cameraFrames(demoFaces[who]!, { count: 2, seed: 8 })) {
      writeFileSync(file(`person${who}_${take++}.jpg`), frame)
    }
  }
  writeFileSync(file('pairs.csv'), 'a,b\nperson0_1.jpg,person0_2.jpg\nperson1_1.jpg,person1_2.jpg\n')
  writeFileSync(file('images.txt'), 'person0_1.jpg\nperson0_2.jpg\nperson1_1.jpg\nperson1_2.jpg\n')
  const files = ['--genuine', file('pairs.csv'), '--images', file('images.txt'), '--root', folder]
  const { status, stdout } = shidao('bench', ...files, '--portrait', 'id1k', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    engine: 'arcface',
    eer: 0,
    tar: { '1e-2': null, '1e-3': null, '1e-4': null, '1e-5': null },
    failures: { probe: 0, portrait: 0 },
    n: { genuine: 2, impostor: 4 },
  })
})

test('face bench takes an empty list for bad input', () => {
  writeFileSync(file('empty.txt'), '')
  writeFileSync(file('pairs.csv'), 'a,b\n')
  const { status, stdout, stderr } = shidao(
    'bench',
    ...['--genuine', file('pairs.csv'), '--images', file('empty.txt'), '--root', folder, '--json'],
  )
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^FACE_BENCH_INPUT /)
})
