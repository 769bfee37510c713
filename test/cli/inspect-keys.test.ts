import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test.each([
  ['key', []],
  ['authority', ['--name', 'hrss.example/inspectors']],
])('inspect %s never replaces a key', (command, named) => {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-keys-'))
  const file = join(folder, 'one.key')
  const make = () =>
    spawnSync(process.execPath, ['src/cli/shidao.js', 'inspect', command, ...named, '--out', file], {
      encoding: 'utf8',
      env: { ...process.env, SHIDAO_PIN: 'a long enough pin' },
    })
  expect(make().status).toBe(0)
  const before = readFileSync(file, 'utf8')
  const { status, stdout, stderr } = make()
  expect([status, stdout, readFileSync(file, 'utf8')]).toEqual([1, '', before])
  expect(stderr).toMatch(/^EXPORT_WRITE [^\n]*never replaced\n$/)
  rmSync(folder, { recursive: true })
})
