import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeIf } from '../support/requires.ts'

/** A Node before 22 in the places where systems put it; the tests themselves run under the one that npm brought. */
const older = ['/usr/local/bin/node', '/usr/bin/node'].find((path) => {
  if (!existsSync(path)) return false
  const { stdout } = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })
  return Number(stdout.split('.')[0]) < 24
})

// A machine may well have only a newer Node; then there is nothing to show.
if (older !== undefined) {
  describeIf(null, `on the system's older Node`, () => {
    test('the start prints one line that says what to do and does not crash', () => {
      const { status, stdout, stderr, signal } = spawnSync(older, ['src/cli/shidao.js', 'demo'], {
        encoding: 'utf8',
      })
      expect(signal).toBeNull()
      expect(status).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^SYSTEM_NODE .*npm ci.*\n$/)
    })
  })
}
