import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OfficeRig } from '../station/office-rig.ts'

/* A simulated station 模拟 with one doubtful record of a person who let the prompt's time run out. */

let dir: string
let record: number

beforeAll(async () => {
  const rig = new OfficeRig()
  dir = rig.dir
  const [person] = await rig.open()
  const prompts = [{ kind: 'turn-left', state: 'timed-out', moved: 0.1, ms: 8_000 }]
  const layers = [{ layer: 'prompt', verdict: 'unsure' as const, score: 0, detail: { why: 'timed-out' } }]
  const face = {
    ...{ engine: 'arcface', model: { name: 'made up', sha256: 'a'.repeat(64) }, accept: 0.465, reject: 0.3 },
    ...{ portrait: 'b'.repeat(64), score: 0.41, frames: [] },
    liveness: { verdict: 'unsure' as const, score: 0.2, layers, prompts },
  }
  record = rig.sign(person!, 'in', 0, 'doubtful', { reason: 'liveness-unsure', face })
  rig.data.close()
})
afterAll(() => rmSync(dir, { recursive: true }))

const list = (...words: string[]) =>
  spawnSync(
    process.execPath,
    ['src/cli/shidao.js', 'doubtful', 'list', '--class', 'c', '--data', dir, ...words],
    { encoding: 'utf8' },
  )

test('doubtful list says below each record what was seen, with the figures', () => {
  const { status, stdout } = list()
  expect(status).toBe(0)
  const [first, ...findings] = stdout.trimEnd().split('\n')
  expect(first).toMatch(new RegExp(`^${record}  模\\*`))
  expect(findings).toEqual(['    face-below 0.41 needs 0.47', '    prompt-timed-out turn-left'])
})

test('doubtful list --json has the findings as codes', () => {
  expect(JSON.parse(list('--json').stdout).doubts[0].findings).toEqual([
    { code: 'face-below', score: 0.41, threshold: 0.465 },
    { code: 'prompt-timed-out', prompt: 'turn-left' },
  ])
})
