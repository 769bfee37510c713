import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { makePortrait } from '../../src/demo/portrait.ts'
import { MODEL_FOLDER } from '../../src/face/models.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { createStation, openStation } from '../../src/station/data-folder.ts'
import { readSettings } from '../../src/station/settings.ts'
import { Staff } from '../../src/station/staff.ts'

const program = join(import.meta.dirname, '../../src/cli/shidao.js')
const PIN = '246810'
let dir: string
let supervisor: string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'shidao-engines-'))
  const data = createStation(dir, { simulated: true, clock: simulatedClock(0) })
  supervisor = unwrap(new Staff(data).enrol({ name: '模拟督导', role: 'supervisor', pin: PIN }, null)).actor
  data.close()
})
afterAll(() => rmSync(dir, { recursive: true }))

function shidao(words: readonly string[], environment: Record<string, string> = {}) {
  const { SHIDAO_PIN: _, ...env } = process.env
  return spawnSync(process.execPath, [program, 'face', ...words], {
    encoding: 'utf8',
    env: { ...env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function lastEvent() {
  const data = openStation(dir, { clock: simulatedClock(0) })
  const event = [...data.ledger.events()].at(-1)?.event
  data.close()
  return event
}

test('face engines shows false match rate, doubtful share, speed, backend and licence of each', () => {
  const { status, stdout } = shidao(['engines', '--json'])
  expect(status).toBe(0)
  const answer = JSON.parse(stdout)
  expect(answer.default).toBe('arcface')
  expect(answer.engines.map(({ engine }: { engine: string }) => engine)).toEqual(['arcface', 'face-api'])
  for (const { thresholds, measured, ms, backend, licence } of answer.engines) {
    expect(measured.fmr.rate).toBeLessThanOrEqual(thresholds.fmr)
    expect(measured.fmr.interval95).toHaveLength(2)
    expect(measured.doubtful.genuine).toBeGreaterThan(0)
    expect(ms.p50).toBeGreaterThan(0)
    expect(backend).toMatch(/onnxruntime|WebAssembly/)
    expect(licence.name).not.toBe('')
  }
  expect(answer.engines[0].licence.provenance).toMatch(/not documented/)
})

describe('face choose', () => {
  test('asks for a PIN, and chooses nothing without one or with a wrong one', () => {
    const words = ['choose', '--engine', 'face-api', '--by', supervisor, '--data', dir]
    expect(shidao(words)).toMatchObject({ status: 2, stdout: '' })
    const wrong = shidao(words, { SHIDAO_PIN: '000000' })
    expect(wrong).toMatchObject({ status: 1, stdout: '' })
    expect(wrong.stderr).toMatch(/LEDGER_PIN /)
    expect(readSettings(dir).engine).toBe(null)
    expect(lastEvent()?.type).toBe('actor.enrolled')
  })

  test('shows the licence, then records the signed choice and sets the engine', () => {
    const { status, stdout, stderr } = shidao(
      ['choose', '--engine', 'face-api', '--by', supervisor, '--data', dir, '--json'],
      { SHIDAO_PIN: PIN },
    )
    expect(status).toBe(0)
    expect(stderr).toMatch(/licence of the weights .*public domain/)
    const { index, engine, model } = JSON.parse(stdout)
    expect(lastEvent()).toMatchObject({ type: 'engine.chosen', index, data: { engine, model } })
    expect(readSettings(dir).engine).toBe('face-api')
  })

  test('is used wrongly with an engine that there is not', () => {
    const { status, stderr } = shidao(['choose', '--engine', 'none', '--by', supervisor, '--data', dir], {
      SHIDAO_PIN: PIN,
    })
    expect(status).toBe(2)
    expect(stderr).toMatch(/^USAGE_ENGINE /)
  })
})

test('a folder with the built-in weights shows what its manifest states, and nothing that was measured here', () => {
  const folder = join(dir, 'vendor')
  mkdirSync(folder)
  copyFileSync(join(MODEL_FOLDER, 'fr_feature.onnx'), join(folder, 'vendor.onnx'))
  const manifest = {
    format: 'shidao-face-model-1',
    name: 'vendor',
    file: 'vendor.onnx',
    sha256: createHash('sha256')
      .update(readFileSync(join(folder, 'vendor.onnx')))
      .digest('hex'),
    input: { width: 112, height: 112, layout: 'nchw', order: 'bgr', mean: 127, scale: 0.0078125 },
    output: { dimensions: 512 },
    template: 'arcface',
    metric: 'cosine',
    thresholds: { accept: 0.11, reject: 0.1, fmr: 0.02, population: 'nobody: a test' },
    licence: { name: 'none needed', source: 'test', provenance: 'a copy' },
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  const { status, stdout, stderr } = shidao(
    ['choose', '--engine', folder, '--by', supervisor, '--data', dir, '--json'],
    { SHIDAO_PIN: PIN },
  )
  expect(status).toBe(0)
  const { engine, thresholds, measured } = JSON.parse(stdout)
  expect({ engine, thresholds, measured }).toEqual({
    engine: 'folder:vendor',
    thresholds: manifest.thresholds,
    measured: null,
  })
  expect(stderr).toMatch(/not measured here; .* 2 % on nobody: a test/)
  expect(lastEvent()).toMatchObject({ data: { engine, accept: 0.11, reject: 0.1, fmr: 0.02 } })
})

test('face compare takes the second engine, with its own model and threshold', async () => {
  const [frame, portrait] = [join(dir, 'frame.jpg'), join(dir, 'portrait.webp')]
  writeFileSync(portrait, await makePortrait(demoFaces[0]!))
  for await (const jpeg of cameraFrames(demoFaces[0]!, { count: 1, seed: 1 })) writeFileSync(frame, jpeg)
  const { status, stdout } = shidao(['compare', frame, portrait, '--engine', 'face-api', '--json'])
  expect(status).toBe(0)
  const { engine, model, score, threshold, verdict } = JSON.parse(stdout)
  expect({ engine, name: model.name, verdict }).toEqual({
    engine: 'face-api',
    name: 'face-api',
    verdict: 'match',
  })
  expect(score).toBeGreaterThan(threshold)
})
