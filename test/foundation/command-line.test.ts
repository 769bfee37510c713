import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

function shidao(...words: string[]) {
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], { encoding: 'utf8' })
}

test('an unknown command is used wrongly: one coded line, nothing on stdout, exit 2', () => {
  const { status, stdout, stderr } = shidao('dance')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^USAGE_COMMAND [^\n]*\n$/)
})

test('an unknown option is used wrongly', () => {
  const { status, stdout, stderr } = shidao('doctor', '--colour')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^USAGE_OPTION [^\n]*\n$/)
})

test('help lists every command', () => {
  const { status, stdout } = shidao('help')
  expect(status).toBe(0)
  for (const name of [
    'demo',
    'start',
    'station',
    'card read',
    'face compare',
    'log verify',
    'verify',
    'export',
  ]) {
    expect(stdout).toContain(`shidao ${name}`)
  }
})
