import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { _electron, type ElectronApplication } from 'playwright-core'
import { bundleWindow } from '../../build/bundle.ts'
import { findElectron } from '../../src/cli/electron-binary.ts'
import { cameraFile } from './camera-file.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const isRoot = process.getuid?.() === 0
const user = isRoot ? ordinaryUser() : null

/** What this machine lacks for a real Electron, in the order in which one would install it, or null. */
export function whatLacks(): string | null {
  const electron = findElectron(ROOT)
  if (process.platform !== 'linux') return 'the smoke run knows Linux only'
  if (electron === null) return 'no Electron binary (build/get-electron.sh brings one)'
  if (spawnSync('Xvfb', ['-help']).error !== undefined) return 'no Xvfb (apt-get install xvfb)'
  if (isRoot && user === null) return 'root needs an ordinary user to run Electron as: SHIDAO_TEST_USER'
  return null
}

export interface RunningKiosk {
  readonly app: ElectronApplication
  /** Runs JavaScript in the page, through the main process: works after a crash too. */
  inPage(script: string): Promise<unknown>
  /** What the main process said on stderr, lines with a code. */
  readonly said: string[]
  readonly electron: ChildProcess
}

/**
 * The built window in a real Electron under Xvfb, with the sandbox on and a camera that plays a file. Run by an ordinary
 * user: the one who runs the tests, or, when that is root, another (Chromium refuses root).
 */
export async function kioskPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'shidao-kiosk-'))
  await writeFile(
    join(folder, 'package.json'),
    '{"name":"shidao","type":"module","main":"dist/electron/main.js"}',
  )
  await bundleWindow({ out: join(folder, 'dist') })
  await writeFile(join(folder, 'camera.y4m'), cameraFile())
  await mkdir(join(folder, 'home'))
  const launcher = join(folder, 'electron.sh')
  const command = asUser([await reachableElectron(folder)])
  await writeFile(launcher, `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(' ')} "$@"\n`)
  await chmod(launcher, 0o755)
  spawnSync('chmod', ['-R', 'a+rX', folder])
  await giveToUser(join(folder, 'home'))
  const display = await startDisplay()

  return {
    folder,
    async launch(socketPath: string): Promise<RunningKiosk> {
      const app = await _electron.launch({
        executablePath: launcher,
        chromiumSandbox: true,
        args: [
          folder,
          `--station-socket=${socketPath}`,
          '--supervised',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-video-capture=${join(folder, 'camera.y4m')}`,
        ],
        env: {
          PATH: process.env.PATH ?? '',
          HOME: join(folder, 'home'),
          DISPLAY: display.name,
          LANG: 'C.UTF-8',
        },
      })
      const said: string[] = []
      const electron = app.process()
      electron.stderr?.on('data', (bytes) => {
        said.push(
          ...String(bytes)
            .split('\n')
            .filter((line) => /^[A-Z]+_[A-Z_]+ /.test(line)),
        )
      })
      const inPage = (script: string) =>
        app.evaluate(
          ({ BrowserWindow }, source) =>
            BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(source),
          script,
        )
      return { app, inPage, said, electron }
    },
    async end() {
      display.process.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Lets the user who runs Electron use what the tests made. */
export async function giveToUser(path: string): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid)
}

/** Electron where the user who runs it can get at it: a clone below root's own folder is closed to everyone else. */
async function reachableElectron(folder: string): Promise<string> {
  const electron = findElectron(ROOT) ?? ''
  const [look = '', ...words] = asUser(['test', '-x', electron])
  if (spawnSync(look, words).status === 0) return electron
  await cp(dirname(electron), join(folder, 'program'), { recursive: true })
  return join(folder, 'program', basename(electron))
}

async function startDisplay(): Promise<{ name: string; process: ChildProcess }> {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-ac'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  )
  const number = await new Promise<string>((resolve, reject) => {
    server.once('exit', () => reject(new Error('Xvfb did not start')))
    createInterface(server.stdio[3] as Readable).once('line', resolve)
  })
  return { name: `:${number}`, process: server }
}

/** setpriv becomes the program it starts, so that the pid and the signals are the program's. */
function asUser(words: string[]): string[] {
  if (user === null) return words
  return [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--inh-caps=-all',
    '--',
    ...words,
  ]
}

function ordinaryUser(): { name: string; uid: number; gid: number } | null {
  const name = process.env.SHIDAO_TEST_USER ?? 'nobody'
  const entry = spawnSync('getent', ['passwd', name], { encoding: 'utf8' }).stdout?.split(':') ?? []
  const [uid, gid] = [Number(entry[2]), Number(entry[3])]
  return uid > 0 && gid > 0 ? { name, uid, gid } : null
}
