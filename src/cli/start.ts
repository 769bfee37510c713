import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Fault } from '../common/fault.ts'
import { stationSocketPath } from '../station/socket-path.ts'
import { defaultDataFolder, EXIT, readOptions } from './command.ts'
import { findElectron, windowObstacle } from './electron-binary.ts'
import { spawnStation, stationAnswers } from './station-process.ts'
import { keepWindow } from './window-process.ts'

export const usage = `shidao start [--browser] [--data DIR] [--simulate] [--port PATH] [--engine NAME|DIR]
               the kiosk: station and window; in a browser where Electron can't be`

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Starts the station in a process of its own and shows its window: in Electron, or in a browser of this machine through
 * a one-time address. Ends both when the window closes or on Ctrl-C; throws the fault of a station that dies.
 */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    browser: { type: 'boolean', default: false },
    data: { type: 'string' },
    simulate: { type: 'boolean', default: false },
    port: { type: 'string' },
    engine: { type: 'string' },
  })
  const electron = findElectron(ROOT)
  const obstacle = values.browser ? null : windowObstacle(electron)
  if (obstacle !== null) note(`${obstacle}; the same window in a browser instead:`)
  await buildWindow()

  const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => 'asked' as const)
  const data = values.data ?? defaultDataFolder()
  const stationWords = [
    ...[fileURLToPath(new URL('./shidao.js', import.meta.url)), 'station', '--data', data],
    ...(values.simulate ? ['--simulate'] : []),
    ...(values.port === undefined ? [] : ['--port', values.port]),
    ...(values.engine === undefined ? [] : ['--engine', values.engine]),
  ]
  return values.browser || electron === null || obstacle !== null
    ? await showInBrowser(stationWords, asked)
    : await showInElectron(electron, data, stationWords, asked)
}

async function showInBrowser(stationWords: readonly string[], asked: Promise<'asked'>): Promise<number> {
  const station = await spawnStation([...stationWords, '--browser'])
  say(`open this address in a browser on this machine, once (Ctrl-C ends the station):\n${station.url}`)
  const end = await Promise.race([asked, station.died])
  await station.stop()
  if (end !== 'asked') throw end
  return EXIT.yes
}

async function showInElectron(
  electron: string,
  data: string,
  stationWords: readonly string[],
  asked: Promise<'asked'>,
): Promise<number> {
  const socketPath = stationSocketPath(data)
  // A station that runs as a service keeps running; only one that was started here is ended here.
  const station = (await stationAnswers(socketPath))
    ? null
    : await spawnStation([...stationWords, '--listen'])
  const window = keepWindow(electron, [
    ROOT,
    `--station-socket=${station?.socket ?? socketPath}`,
    '--supervised',
  ])
  say('the window is open (Ctrl-C ends it and the station)')
  const end = await Promise.race([asked, window.closed, ...(station === null ? [] : [station.died])])
  await window.stop()
  await station?.stop()
  if (end instanceof Fault) throw end
  return EXIT.yes
}

/** Bundles the window where its sources lie; an installed product brings it built. */
async function buildWindow(): Promise<void> {
  if (!existsSync(`${ROOT}node_modules/vite`)) {
    if (existsSync(`${ROOT}dist/ui/index.html`)) return
    throw new Fault(
      'SYSTEM_BUNDLE',
      'the window is not built and cannot be here: run "npm ci" (with development packages)',
    )
  }
  const { bundleWindow } = await import('../../build/bundle.ts')
  await bundleWindow({ onStart: () => note('building the window …') })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** What happens on the way: stdout is for what came of it. */
function note(line: string): void {
  process.stderr.write(`${line}\n`)
}
