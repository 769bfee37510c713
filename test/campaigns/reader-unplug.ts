/*
 * A reader on a bad day, at a real door: how long until the window says so, and until it asks for a card again.
 *
 *   npx node test/campaigns/reader-unplug.ts --rounds 20 --seed 1 [--bus serial|hid|usb|pcsc] [--fault unplug|…]
 *
 * Serial is a pseudo-terminal; HID and USB are simulated devices behind what node-hid and `usb` show of one; PC/SC is
 * a real pcscd with a virtual reader that comes and goes with the service. Faults come at a random moment and last a
 * random time. `shown` is the time from the fault to its code in the snapshot that a window gets, `ready` the time from
 * its end to a snapshot that asks for a card. Prints one JSON line for each bus and fault with the median, the 95th
 * percentile and the largest, milliseconds. Exit 1 if one is above two seconds, or never came.
 */

import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import type { Snapshot } from '../../src/station/protocol.ts'
import { ReaderSupervisor } from '../../src/station/reader-supervisor.ts'
import { pcscdAbsent } from '../cards/pcscd.ts'
import { DoorRig } from '../station/door-rig.ts'
import { campaignCounts } from './campaign-counts.ts'
import {
  type PluggableReader,
  pluggableHid,
  pluggablePcsc,
  pluggableSerial,
  pluggableUsb,
} from './pluggable-readers.ts'

const LIMIT_MS = 2_000
/** Neither seen nor ready by then: a failure with a figure of its own. */
const NEVER_MS = 15_000

const buses: Record<string, () => Promise<PluggableReader>> = {
  serial: pluggableSerial,
  hid: pluggableHid,
  usb: pluggableUsb,
  pcsc: pluggablePcsc,
}

/** What is done to a reader, the codes that say so, and how it ends. */
interface ReaderFault {
  /** Only for buses that can have it. */
  readonly needs?: 'hang' | 'obstacles'
  readonly codes: RegExp
  /** Until it begins; the time counts from its end. */
  prepare?(reader: PluggableReader): Promise<void>
  begin(reader: PluggableReader): Promise<void> | void
  end(reader: PluggableReader): Promise<void> | void
}

const faults: Record<string, ReaderFault> = {
  unplug: {
    codes: /^PORT_/,
    begin: (reader) => reader.unplug(),
    end: (reader) => reader.plugIn('none'),
  },
  /** Out and in again at once, as a loose plug does: over before anybody could look. */
  replug: {
    codes: /^PORT_/,
    begin: (reader) => reader.unplug(),
    end: (reader) => reader.plugIn('none'),
  },
  wedge: {
    needs: 'hang',
    codes: /^CARD_READER_SILENT$/,
    begin: (reader) => reader.hang?.(true),
    end: (reader) => reader.hang?.(false),
  },
  denied: {
    needs: 'obstacles',
    codes: /^PORT_DENIED$/,
    prepare: (reader) => reader.unplug(),
    begin: (reader) => reader.plugIn('denied'),
    end: (reader) => reader.clear(),
  },
  busy: {
    needs: 'obstacles',
    codes: /^PORT_BUSY$/,
    prepare: (reader) => reader.unplug(),
    begin: (reader) => reader.plugIn('busy'),
    end: (reader) => reader.clear(),
  },
}

const { rounds, seed, bus, fault } = campaignCounts(
  { rounds: 10, seed: 1 },
  { bus: Object.keys(buses), fault: Object.keys(faults) },
)

if (process.getuid?.() === 0 && process.env.SHIDAO_CAMPAIGN_CHILD === undefined) asOneWhoCanBeRefused()
else process.exitCode = await campaign()

/** Root may open whatever it likes; without these two capabilities it meets a refusal like everybody. */
function asOneWhoCanBeRefused(): void {
  const lesser = [
    '--bounding-set=-dac_override,-dac_read_search',
    '--',
    process.execPath,
    ...process.argv.slice(1),
  ]
  const env = { ...process.env, SHIDAO_CAMPAIGN_CHILD: '1' }
  const { status, error } = spawnSync('setpriv', lesser, { stdio: 'inherit', env })
  if (error !== undefined) process.stderr.write(`as root this needs setpriv: ${error.message}\n`)
  process.exitCode = status ?? 1
}

async function campaign(): Promise<number> {
  const chosen = bus === null ? Object.keys(buses) : [bus]
  const outcomes = await Promise.all(chosen.map((name) => tryBus(name)))
  const good = outcomes.every((outcome) => outcome)
  process.stdout.write(`${JSON.stringify({ done: true, seed, limitMs: LIMIT_MS, good })}\n`)
  return good ? 0 : 1
}

async function tryBus(name: string): Promise<boolean> {
  const absent = name === 'pcsc' ? pcscdAbsent() : null
  if (absent !== null) {
    process.stdout.write(`${JSON.stringify({ bus: name, skipped: absent })}\n`)
    return true
  }
  const reader = await buses[name]!()
  const rig = new DoorRig({}, { readers: new ReaderSupervisor(reader.open) })
  rig.door.start()
  let good = await reaches(rig, isReady)
  for (const [trouble, how] of Object.entries(faults)) {
    const isChosen = fault === null || fault === trouble
    const cannot = name === 'pcsc' && how.needs !== undefined
    if (isChosen && !cannot) good = (await tryFault(name, trouble, how, reader, rig)) && good
  }
  await rig.stop()
  await reader.remove()
  return good
}

async function tryFault(
  bus: string,
  name: string,
  fault: ReaderFault,
  reader: PluggableReader,
  rig: DoorRig,
): Promise<boolean> {
  const random = pseudoRandom(seed)
  const shown: number[] = []
  const ready: number[] = []
  for (let round = 0; round < rounds; round++) {
    await fault.prepare?.(reader)
    await sleep(random() * 1_500)
    const seen = timed(rig, ({ screen, reader: health, message }) => {
      return health !== 'ok' && screen === 'error' && fault.codes.test(message ?? '')
    })
    await fault.begin(reader)
    const began = performance.now()
    if (name !== 'replug') shown.push((await seen) - began)
    else await sleep(random() * 100)
    // Longer than every wait of the supervisor, so that it is met at any point of its backoff.
    if (name !== 'replug') await sleep(random() * 3_000)
    await fault.end(reader)
    const ended = performance.now()
    if (name === 'replug') shown.push((await seen) - began)
    ready.push((await timed(rig, isReady)) - ended)
  }
  const figures = { shown: figuresOf(shown), ready: figuresOf(ready) }
  process.stdout.write(`${JSON.stringify({ bus, fault: name, rounds: shown.length, ...figures })}\n`)
  return Math.max(figures.shown.max, figures.ready.max) <= LIMIT_MS
}

function isReady({ screen, reader }: Snapshot): boolean {
  return screen === 'idle' && reader === 'ok'
}

async function reaches(rig: DoorRig, fits: (snapshot: Snapshot) => boolean): Promise<boolean> {
  return (await timed(rig, fits)) < Number.POSITIVE_INFINITY
}

/** When the first snapshot that fits was there, by `performance.now()`; infinity if none came. */
function timed(rig: DoorRig, fits: (snapshot: Snapshot) => boolean): Promise<number> {
  return new Promise((resolve) => {
    const end = (at: number): void => {
      clearTimeout(patience)
      unsubscribe()
      resolve(at)
    }
    const patience = setTimeout(() => end(Number.POSITIVE_INFINITY), NEVER_MS)
    const unsubscribe = rig.door.subscribe((snapshot) => fits(snapshot) && end(performance.now()))
    if (fits(rig.door.snapshot())) setImmediate(() => end(performance.now()))
  })
}

function figuresOf(times: readonly number[]): { median: number; p95: number; max: number } {
  const sorted = times.map((time) => Math.max(0, Math.round(time))).sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
  return { median: at(0.5), p95: at(0.95), max: at(1) }
}
