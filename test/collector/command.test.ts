import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { newStation } from '../upload/test-station.ts'

const SHIDAO = fileURLToPath(new URL('../../src/cli/shidao.js', import.meta.url))

let dir: string
const children: ChildProcess[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shidao-collector-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(dir, { recursive: true, force: true })
})

function start(...words: string[]) {
  const child = spawn(process.execPath, [SHIDAO, 'collector', ...words])
  children.push(child)
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    printed.stdout += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    printed.stderr += String(chunk)
  })
  return { child, printed }
}

/** Runs a command to its end. */
async function shidao(...words: string[]) {
  const { child, printed } = start(...words)
  const [code] = await once(child, 'close')
  return { code, ...printed }
}

/** Starts a collector that runs, and gives what it printed once it listens. */
async function collectorIn(folder: string, ...words: string[]) {
  const { child, printed } = start('--data', folder, '--listen', '127.0.0.1:0', '--json', ...words)
  while (!printed.stdout.includes('\n}\n')) await once(child.stdout!, 'data')
  return { child, printed, ...(JSON.parse(printed.stdout) as { url: string; vkey: string; mode: string }) }
}

describe('shidao collector', () => {
  it('prints where it listens, its key and its mode, and ends in order on SIGTERM', async () => {
    const { child, url, vkey, mode } = await collectorIn(dir)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(vkey).toMatch(/^shidao\/collector\/[0-9a-f]{16}\+[0-9a-f]{8}\+/)
    expect(mode).toBe('production')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('lists and confirms stations while it runs', async () => {
    const collector = await collectorIn(dir)
    const station = await newStation()
    const uploader = station.uploader(collector, { name: 'Room 1' })
    const { fingerprint } = unwrap(await uploader.enrol())
    const listed = await shidao('stations', '--data', dir)
    expect(listed.stdout).toContain(`${fingerprint}  pending  0 events`)
    const confirmed = await shidao('confirm', fingerprint.toUpperCase(), '--data', dir, '--json')
    expect(JSON.parse(confirmed.stdout)).toMatchObject({ fingerprint, state: 'confirmed', name: 'Room 1' })
    expect(unwrap(await uploader.sendOnce())?.size).toBe(1)
    const after = JSON.parse((await shidao('stations', '--data', dir, '--json')).stdout)
    expect(after.stations).toMatchObject([{ fingerprint, state: 'confirmed', size: 1, forks: 0 }])
    await station.remove()
  })

  it('logs refusals by code, without anything personal', async () => {
    const collector = await collectorIn(dir)
    const station = await newStation()
    await station.uploader(collector, { name: '张三' }).sendOnce()
    while (!collector.printed.stderr.includes('\n')) await once(collector.child.stderr!, 'data')
    expect(collector.printed.stderr).toMatch(/^\S+Z COLLECTOR_UNKNOWN_STATION .+\n$/)
    expect(collector.printed.stderr).not.toContain('张三')
    await station.remove()
  })

  it.each<[string[], number, RegExp]>([
    [['--database-url', 'postgres://localhost/x'], 1, /^COLLECTOR_DATABASE_UNSUPPORTED .*PostgreSQL.*\n$/],
    [['--mode', 'test'], 2, /^USAGE_OPTION /],
    [['--listen', 'nowhere'], 2, /^USAGE_OPTION /],
    [['--listen', '127.0.0.1:99999'], 2, /^USAGE_OPTION /],
    [['--listen', '0.0.0.0:0', '--data', '{dir}'], 1, /^COLLECTOR_INSECURE /],
    [['--cert', 'a.pem'], 2, /^USAGE_OPTION /],
    [['--cert', '/nonexistent', '--key', '/nonexistent'], 1, /^COLLECTOR_CERTIFICATE /],
    [['confirm'], 2, /^USAGE_COLLECTOR /],
    [['reset'], 2, /^USAGE_COLLECTOR /],
    [['stations', '--data', '{dir}'], 1, /^COLLECTOR_NOT_FOUND /],
    [['confirm', '0000-0000-0000-0000-0000', '--data', '{dir}'], 1, /^COLLECTOR_NOT_FOUND /],
    [['--data', '/dev/null/collector'], 1, /^COLLECTOR_KEY /],
  ])('%j exits with %i and one coded line', async (words, code, line) => {
    const told = await shidao(...words.map((word) => word.replace('{dir}', dir)))
    expect(told).toMatchObject({ code, stdout: '' })
    expect(told.stderr).toMatch(line)
    expect(told.stderr.match(/\n/g)).toHaveLength(1)
  })

  it('refuses to confirm a fingerprint that nobody asked with', async () => {
    const { child } = await collectorIn(dir)
    const told = await shidao('confirm', '0000-0000-0000-0000-0000', '--data', dir)
    expect(told.code).toBe(1)
    expect(told.stderr).toMatch(/^COLLECTOR_UNKNOWN_STATION /)
    child.kill('SIGTERM')
  })
})
