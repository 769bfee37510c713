import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from '../common/fault.ts'
import { startLiveSite } from '../demo/live-site.ts'
import { openDesk } from '../desk/desk.ts'
import { parseVkey } from '../ledger/note.ts'
import { serveBrowser, serveChannel } from '../station/channel-server.ts'
import { systemClock } from '../station/clock.ts'
import { closeMemory } from '../station/closed-memory.ts'
import { configuredReader } from '../station/configured-reader.ts'
import { createStation, openStation, type StationData, stationExists } from '../station/data-folder.ts'
import { changedSettings, type Settings, writeSettings } from '../station/settings.ts'
import { stationSocketPath } from '../station/socket-path.ts'
import { startStation } from '../station/station.ts'
import { collectorUrl } from '../upload/connection.ts'
import { defaultDataFolder, EXIT, positiveInteger, readOptions } from './command.ts'

export const usage = `shidao station [--data DIR] [--port PATH [--profile NAME]] [--class ID] [--collector URL --collector-key VKEY]
               [--engine NAME|DIR] [--listen] [--browser [--browser-port N]] [--simulate]     the station alone; settings given are kept`

const UI_FOLDER = fileURLToPath(new URL('../../dist/ui', import.meta.url))

/**
 * Runs the station until SIGINT or SIGTERM. Its first line on stdout is JSON: `{socket, url, pid}`, `socket` with
 * `--listen`, `url` with `--browser`, else null.
 */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    data: { type: 'string' },
    port: { type: 'string' },
    profile: { type: 'string' },
    class: { type: 'string' },
    collector: { type: 'string' },
    'collector-key': { type: 'string' },
    listen: { type: 'boolean', default: false },
    browser: { type: 'boolean', default: false },
    'browser-port': { type: 'string' },
    simulate: { type: 'boolean', default: false },
    engine: { type: 'string' },
  })
  await closeMemory()
  const dir = values.data ?? defaultDataFolder()
  const browserPort =
    values['browser-port'] === undefined ? 0 : positiveInteger(values['browser-port'], '--browser-port')
  const change = settingsChange(values)
  // Whatever is open would keep the process alive: a start that fails closes it too, the newest first.
  await using open = new AsyncDisposableStack()
  const site = values.simulate ? await startLiveSite(dir) : null
  const data = site?.data ?? openReal(dir)
  open.defer(() => data.close())
  if (site !== null) open.defer(() => site.stop())
  const settings = changedSettings(dir, change)
  const configured = configuredReader(settings, data.key)
  open.defer(() => configured.close())
  // A simulated station has simulated cards of its own, unless a reader is set up for it.
  const openReader = (settings.reader === null ? site?.openReader : null) ?? configured.open
  const station = await startStation({
    data,
    settings,
    openReader,
    openDesk,
    ...(values.engine === undefined ? {} : { engine: values.engine }),
    onFault: ({ code, message }) => process.stderr.write(`${code} ${message}\n`),
  })
  open.defer(() => station.stop())
  writeSettings(dir, change)
  const channel = values.listen ? stationSocketPath(dir) : null
  if (channel !== null) {
    const local = await serveChannel({ desk: station.door, socketPath: channel })
    open.defer(() => local.close())
  }
  const browser = values.browser
    ? await serveBrowser({ desk: station.door, uiFolder: UI_FOLDER, port: browserPort })
    : null
  if (browser !== null) open.defer(() => browser.close())
  process.stdout.write(
    `${JSON.stringify({ socket: channel, url: browser?.url ?? null, pid: process.pid })}\n`,
  )
  await stopSignal()
  return EXIT.yes
}

function openReal(dir: string): StationData {
  const clock = systemClock()
  const data = stationExists(dir)
    ? openStation(dir, { clock })
    : createStation(dir, { simulated: false, clock })
  if (!data.key.simulated) return data
  data.close()
  throw new Fault('STATION_SIMULATED', `${dir} is a simulated station; start it with --simulate`)
}

/** What the command line changes in the settings; checked here, kept once the station runs with it. */
function settingsChange(values: {
  port?: string
  profile?: string
  class?: string
  collector?: string
  'collector-key'?: string
}): Partial<Settings> {
  const change: Partial<Settings> = {}
  if (values.port !== undefined) change.reader = { port: values.port, profile: values.profile ?? null }
  if (values.class !== undefined) change.class = values.class
  if (values.collector !== undefined) {
    const vkey = values['collector-key']
    if (vkey === undefined)
      throw new Fault('USAGE_COLLECTOR', '--collector needs --collector-key, which the collector prints')
    const key = parseVkey(vkey)
    if (!key.ok) throw new Fault('USAGE_COLLECTOR', `--collector-key: ${key.fault.message}`)
    change.collector = { url: collectorUrl(values.collector).href, vkey }
  }
  return change
}

async function stopSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
