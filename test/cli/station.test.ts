import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'

const root = mkdtempSync(join(tmpdir(), 'shidao-station-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true })
})

const PINS = { SHIDAO_PIN: '246810', SHIDAO_BY_PIN: '246810' }

function shidao(words: readonly string[]) {
  const env = { ...process.env, ...PINS }
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], { encoding: 'utf8', env })
}

async function runStation(words: readonly string[]) {
  const child = spawn(process.execPath, ['src/cli/shidao.js', 'station', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const said = JSON.parse(String(line)) as { socket: string; url: string | null; pid: number }
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    running.delete(child)
    return code
  }
  return { said, stop }
}

test('a site is set up from the command line and its station says that the reader is missing', async () => {
  const dir = join(root, 'site')
  const add = shidao(['staff', 'add', '--name', '模拟督导', '--role', 'supervisor', '--data', dir, '--json'])
  expect(add.stderr).toBe('')
  const { actor } = JSON.parse(add.stdout).staff[0]
  const session = ['--session', '2026-03-02T08:30/2026-03-02T11:30']
  const opened = shidao([
    'class',
    'open',
    'C1',
    '--title',
    '模拟班',
    ...session,
    '--by',
    actor,
    '--data',
    dir,
  ])
  expect(opened.stderr).toBe('')
  const roster = join(root, 'roster.csv')
  writeFileSync(roster, '姓名,身份证号\n模拟学员,11010519491231002X\n')
  const imported = shidao(['roster', 'import', roster, '--class', 'C1', '--by', actor, '--data', dir])
  expect(imported.stderr).toBe('')

  const { said, stop } = await runStation(['--data', dir, '--listen', '--port', '/dev/does-not-exist'])
  const socket = new WebSocket(`ws+unix://${said.socket}:/channel`)
  const snapshot = await new Promise<Record<string, unknown>>((resolve) => {
    socket.on('message', (raw) => {
      const message = JSON.parse(String(raw))
      if (message.screen === 'error') resolve(message)
    })
  })
  expect(snapshot).toMatchObject({ message: 'PORT_NOT_FOUND', reader: 'missing', simulated: false })
  socket.close()
  expect(await stop()).toBe(0)

  const withdrawn = shidao([
    'faces',
    'withdraw',
    '--number',
    '11010519491231002X',
    '--by',
    actor,
    '--data',
    dir,
    '--json',
  ])
  expect([withdrawn.stderr, JSON.parse(withdrawn.stdout)]).toEqual([
    '1 of 1\n',
    { action: 'withdraw', destroyed: 1 },
  ])

  const verified = shidao(['log', 'verify', dir, '--json'])
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, problem: null })
})

test('a station born simulated does not start as a real one', () => {
  const dir = join(root, 'wrong')
  const simulated = spawnSync(
    process.execPath,
    [
      '-e',
      `import('./test/support/simulated-station.ts').then((module) => module.create(${JSON.stringify(dir)}))`,
    ],
    { encoding: 'utf8' },
  )
  expect(simulated.stderr).toBe('')
  const { status, stderr } = shidao(['station', '--data', dir])
  expect(status).toBe(1)
  expect(stderr).toMatch(/^STATION_SIMULATED [^\n]+\n$/)
})

test('a class that was never opened and a collector that is no address end the start, and nothing is kept', () => {
  const dir = join(root, 'not-kept')
  shidao(['staff', 'add', '--name', '模拟督导', '--role', 'supervisor', '--data', dir])
  const unknown = shidao(['station', '--data', dir, '--class', 'nope'])
  expect([unknown.status, unknown.stdout]).toEqual([1, ''])
  expect(unknown.stderr).toMatch(/^STATION_CLASS_UNKNOWN [^\n]+\n$/)
  const address = shidao(['station', '--data', dir, '--collector', 'ftp://x', '--collector-key', 'abc'])
  expect([address.status, address.stdout]).toEqual([2, ''])
  expect(existsSync(join(dir, 'station.json'))).toBe(false)
})

test('whatever a station keeps is its owner’s alone, also in a folder that was open to everybody', () => {
  const dir = join(root, 'open')
  mkdirSync(dir, { mode: 0o755 })
  shidao(['staff', 'add', '--name', '模拟督导', '--role', 'supervisor', '--data', dir])
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(dir))
    expect([name, statSync(join(dir, name)).mode & 0o077]).toEqual([name, 0])
})

test('a roster whose portrait shows no face is refused whole', () => {
  const dir = join(root, 'portraits')
  const { actor } = JSON.parse(
    shidao(['staff', 'add', '--name', '模拟督导', '--role', 'supervisor', '--data', dir, '--json']).stdout,
  ).staff[0]
  const session = ['--session', '2026-03-02T08:30/2026-03-02T11:30']
  shidao(['class', 'open', 'C1', '--title', '模拟班', ...session, '--by', actor, '--data', dir])
  writeFileSync(join(root, 'noise.jpg'), Buffer.alloc(5_000, 0x5a))
  const roster = join(root, 'with-portrait.csv')
  writeFileSync(roster, '姓名,身份证号,照片\n模拟学员,11010519491231002X,noise.jpg\n')
  const { status, stdout, stderr } = shidao([
    'roster',
    'import',
    roster,
    '--class',
    'C1',
    '--by',
    actor,
    '--data',
    dir,
  ])
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^ROSTER_PORTRAIT_INVALID line 2: [^\n]+\n$/)
})

test('settings that are not understood are named, and nothing starts', () => {
  const dir = join(root, 'settings')
  shidao(['staff', 'add', '--name', '模拟督导', '--role', 'supervisor', '--data', dir])
  writeFileSync(join(dir, 'station.json'), '{"door":{"lookMs":"long"}}')
  const { status, stdout, stderr } = shidao(['station', '--data', dir])
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^STATION_SETTINGS [^\n]*door\.lookMs[^\n]*\n$/)
})

test.each([
  ['station', ['--simulate']],
  ['station', ['--simulate', '--listen']],
  ['start', ['--simulate', '--browser']],
])('%s %j ends in one coded line with an engine that cannot be opened', (command, words) => {
  const dir = join(root, `no-engine-${command}-${words.length}`)
  const empty = join(root, 'no-model')
  mkdirSync(empty, { recursive: true })
  for (const [engine, status, code] of [
    ['nosuch', 2, 'USAGE_ENGINE'],
    [empty, 1, 'FACE_MODEL_MISSING'],
  ] as const) {
    const ended = shidao([command, ...words, '--data', dir, '--engine', engine])
    expect([ended.status, ended.stdout]).toEqual([status, ''])
    expect(ended.stderr.replace(/^building the window …\n/, '')).toMatch(new RegExp(`^${code} [^\\n]+\\n$`))
  }
})
