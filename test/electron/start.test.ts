import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findElectron, HOW_TO_GET_ELECTRON, windowObstacle } from '../../src/cli/electron-binary.ts'
import { spawnStation } from '../../src/cli/station-process.ts'
import { keepWindow } from '../../src/cli/window-process.ts'
import { peerOverTcp } from '../support/window-peer.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PLACE = '{"socket":"/run/x.sock","url":null,"pid":1}'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shidao-start-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the program of the window', () => {
  const put = async (path: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), '')
    return join(folder, path)
  }

  it('is looked for where people say, then where it is installed, then where the tests put it', async () => {
    expect(findElectron(folder, {})).toBeNull()
    const fromTests = await put('.electron/electron')
    expect(findElectron(folder, {})).toBe(fromTests)
    const installed = await put('node_modules/electron/dist/electron')
    expect(findElectron(folder, {})).toBe(installed)
    const named = await put('elsewhere/electron')
    expect(findElectron(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'elsewhere') })).toBe(named)
  })

  it('opens only with a display and for an ordinary user, else one line says why not', () => {
    const machine = { platform: 'linux', isRoot: false, environment: { DISPLAY: ':0' } }
    expect(windowObstacle('/electron', machine)).toBeNull()
    expect(
      windowObstacle('/electron', { ...machine, environment: { WAYLAND_DISPLAY: 'wayland-0' } }),
    ).toBeNull()
    expect(windowObstacle(null, machine)).toBe(HOW_TO_GET_ELECTRON)
    expect(windowObstacle('/electron', { ...machine, isRoot: true })).toContain('root')
    expect(windowObstacle('/electron', { ...machine, environment: {} })).toContain('no display')
    for (const line of [HOW_TO_GET_ELECTRON]) expect(line).not.toContain('\n')
  })
})

describe('a station that start starts', () => {
  const station = (script: string) => spawnStation(['-e', script])

  it('is up when it says where it listens', async () => {
    const started = await station(`console.log('${PLACE}'); setInterval(() => {}, 1000)`)
    expect(started).toMatchObject({ socket: '/run/x.sock', url: null })
    await started.stop()
  })

  it('hands on the coded line with which it failed to start', async () => {
    const failing = station(
      `console.error('a warning'); console.error('LEDGER_READ_ONLY no room'); process.exit(1)`,
    )
    await expect(failing).rejects.toMatchObject({ code: 'LEDGER_READ_ONLY', message: 'no room' })
  })

  it('has a code for every other way not to start', async () => {
    await expect(station('process.exit(3)')).rejects.toMatchObject({ code: 'STATION_START' })
    await expect(station(`process.kill(process.pid, 'SIGKILL')`)).rejects.toMatchObject({
      code: 'STATION_START',
    })
    await expect(station(`console.log('hello'); setInterval(() => {}, 1000)`)).rejects.toMatchObject({
      code: 'STATION_START',
    })
  })

  it('is missed when it dies', async () => {
    const started = await station(`console.log('${PLACE}'); setTimeout(() => process.exit(7), 50)`)
    expect(await started.died).toMatchObject({
      code: 'STATION_ENDED',
      message: expect.stringContaining('code 7'),
    })
  })
})

describe('a window that start keeps open', () => {
  /** A program that adds a line to `runs` and then does what the script says. */
  const program = async (script: string) => {
    const path = join(folder, 'electron')
    await writeFile(path, `#!/bin/sh\necho run >>'${folder}/runs'\n${script}\n`)
    await chmod(path, 0o755)
    return path
  }
  const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).split('\n').length - 1

  it('is opened again when it failed, until people close it', async () => {
    const twice = await program(`[ "$(wc -l <'${folder}/runs')" -lt 3 ] && exit 75; exit 0`)
    expect(await keepWindow(twice, [], 10).closed).toBe('closed')
    expect(await runs()).toBe(3)
  })

  it('is given up with a code when it fails every time', async () => {
    expect(await keepWindow(await program('exit 75'), [], 10).closed).toMatchObject({ code: 'SYSTEM_WINDOW' })
    expect(await runs()).toBe(6)
    expect(await keepWindow(join(folder, 'absent'), [], 1).closed).toMatchObject({ code: 'SYSTEM_WINDOW' })
  })

  it('is ended, and not opened again, when start ends', async () => {
    const window = keepWindow(await program('exec sleep 60'), [], 10)
    await expect.poll(() => runs().catch(() => 0)).toBe(1)
    await window.stop()
    expect(await window.closed).toBe('closed')
    expect(await runs()).toBe(1)
  })
})

describe('shidao start --browser', () => {
  it('serves the window of a simulated station to one browser until Ctrl-C', async () => {
    const words = [
      join(ROOT, 'src/cli/shidao.js'),
      'start',
      '--browser',
      '--simulate',
      '--data',
      join(folder, 'data'),
    ]
    const start = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const ended = once(start, 'exit')
      let url: URL | null = null
      for await (const line of createInterface(start.stdout)) {
        if (!line.startsWith('http://')) continue
        url = new URL(line)
        break
      }
      expect(url?.hostname).toBe('127.0.0.1')
      const { host, origin, hash } = url as URL
      expect(await (await fetch(origin)).text()).toContain('<div id="root">')
      const token = hash.replace('#token=', 'shidao.')
      const window = await peerOverTcp(`ws://${host}/channel`, [token], { origin })
      expect(await window.message(({ type }) => type === 'snapshot')).toMatchObject({ simulated: true })
      start.kill('SIGINT')
      expect(await ended).toEqual([0, null])
    } finally {
      start.kill('SIGKILL')
    }
  })
})
