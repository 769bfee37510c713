import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Collector } from '../collector/collector.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { assertEngine, DEFAULT_ENGINE } from '../face/open-recogniser.ts'
import { serveChannel } from '../station/channel-server.ts'
import { simulatedClock } from '../station/clock.ts'
import { Mailbox } from '../station/mailbox.ts'
import type { CheckOutcome } from '../station/outcome.ts'
import { writeSettings } from '../station/settings.ts'
import { stationSocketPath } from '../station/socket-path.ts'
import { startStation } from '../station/station.ts'
import type { Uploader } from '../upload/uploader.ts'
import { DemoCollector, uploadFails, uploadResumes } from './collector-outage.ts'
import { concludeDay, type DemoDocument } from './conclusion.ts'
import { type DemoCase, DoorRun } from './door-run.ts'
import { DemoReaders } from './readers.ts'
import {
  afternoon,
  at,
  CLASS_ID,
  CLASS_TITLE,
  morningIn,
  morningInOffline,
  type Step,
  sessions,
} from './scenario.ts'
import { createSimulatedSite } from './site.ts'
import { SimulatedWindow } from './window.ts'

type Say = (line: string) => void

/**
 * The whole job once, on simulated hardware: cards over a PTY, over HID framing and in a contact slot, faces in camera frames, records in the ledger,
 * uploads, receipts, hours, exports, verification, and one byte changed in a copy. `dir` becomes the station's data
 * folder and has to be empty (`STATION_FOLDER_IN_USE`). Says what it does through `say`.
 */
export async function runDemo(
  dir: string,
  say: Say,
  options: { readonly engine?: string } = {},
): Promise<DemoDocument> {
  assertEngine(options.engine ?? DEFAULT_ENGINE)
  assertEmpty(dir)
  const clock = simulatedClock(at('08:00'))
  const site = createSimulatedSite(dir, clock, { id: CLASS_ID, title: CLASS_TITLE, sessions })
  const collectorDir = join(dir, 'collector')
  mkdirSync(collectorDir, { mode: 0o700 })
  await using rig = new AsyncDisposableStack()
  rig.defer(() => site.data.close())
  const collector = new DemoCollector({ dir: collectorDir, now: () => clock.now().wall })
  rig.defer(() => collector.stop())
  const { url, vkey, confirm } = await collector.start()
  say(`collector ${url}, key ${vkey}`)
  const readers = await DemoReaders.start('serial')
  rig.defer(() => readers.stop())
  say(`模拟读卡器 reader simulator on ${readers.port}`)
  const outcomes = new Mailbox<CheckOutcome>()
  const station = await startStation({
    data: site.data,
    settings: writeSettings(dir, {
      class: CLASS_ID,
      collector: { url, vkey },
      door: { verdictMs: 150, nobodyMs: 1500 },
    }),
    openReader: () => readers.open(),
    ...options,
    onOutcome: (outcome) => outcomes.put(outcome),
  })
  rig.defer(() => station.stop())
  const uploader = station.uploader as Uploader
  await enrolStation(uploader, confirm, say)

  const socketPath = stationSocketPath(dir)
  const channel = await serveChannel({ desk: station.door, socketPath })
  rig.defer(() => channel.close())
  const window = await SimulatedWindow.open(socketPath, site)
  rig.defer(() => window.close())
  const door = new DoorRun({ readers, window, clock, station, outcomes })
  const cases: DemoCase[] = []
  const pass = async (steps: readonly Step[]): Promise<void> => {
    for (const step of steps) {
      const result = await door.pass(step)
      cases.push(result)
      say(`${result.got === result.expected ? '✓' : '✗'} ${step.time} ${result.name}: ${result.got}`)
    }
  }
  await pass(morningIn)
  await collector.stop()
  say('collector unreachable: people go on signing in, records wait')
  await pass(morningInOffline)
  cases.push(await uploadFails(uploader))
  await collector.start()
  cases.push(await uploadResumes(uploader))
  say('collector back: everything that waited is sent')
  say('another simulated reader is plugged in: HID framing, later a slot for social security cards')
  await pass(afternoon)
  clock.set(at('18:05'))
  station.door.closeSessions()
  unwrap(await uploader.sendOnce())

  await station.stop()
  // Awaited here, so that a failure arrives before the rig is taken apart.
  return await concludeDay(site, cases, vkey)
}

/** On both sides a person compares the short fingerprint; here the simulated supervisor does. */
async function enrolStation(uploader: Uploader, confirm: Collector['confirm'], say: Say): Promise<void> {
  const { fingerprint } = unwrap(await uploader.enrol())
  unwrap(await confirm(fingerprint))
  say(`station enrolled at the collector, fingerprint ${fingerprint} confirmed by 模拟督导`)
}

function assertEmpty(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true })
    const probe = join(dir, '.writable')
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (cause) {
    throw new Fault('STATION_FOLDER', `cannot write to ${dir}`, { cause })
  }
  if (readdirSync(dir).length > 0) {
    throw new Fault('STATION_FOLDER_IN_USE', `${dir} is not empty; the demonstration wants a new folder`)
  }
}
