import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('docs/worked-example.md is what the engines give today', () => {
  const { status, stderr } = spawnSync(process.execPath, ['build/worked-example.ts', '--check'], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
})
