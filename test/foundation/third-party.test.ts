import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('THIRD_PARTY.md names every model and package as they are locked', () => {
  const { status, stderr } = spawnSync(process.execPath, ['build/third-party.ts', '--check'], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
})
