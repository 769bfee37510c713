import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSqliteStore } from '../../src/collector/sqlite-store.ts'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { unwrap } from '../../src/common/result.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { rootAt } from '../../src/upload/batch.ts'
import { newStation, type TestStation } from '../upload/test-station.ts'
import { type Accident, openLine, type UnreliableLine } from '../upload/unreliable-line.ts'
import { campaignCounts } from './campaign-counts.ts'

export interface ChaosFigures {
  readonly ok: boolean
  readonly seed: number
  readonly stations: number
  /** Records that the stations made, receipts not counted. */
  readonly recorded: number
  /** Events that the stations hold a receipt for, receipts below it included. */
  readonly receipted: number
  /** Events in the collector's store. */
  readonly stored: number
  /** Stored but not byte for byte what its station holds at that place. */
  readonly different: number
  /** Stations whose root is the one recomputed from the collector's store. */
  readonly equalRoots: number
  readonly requests: Readonly<Record<string, number>>
  readonly collectorKills: number
  readonly stationRestarts: number
  readonly ms: number
}

/**
 * Stations record and upload over lines that lose, repeat and garble, while the collector, a process of its own, is
 * killed again and again. Afterwards every event must be at the collector exactly once, with equal roots.
 * The same seed draws the same accidents; what they meet depends on timing.
 */
export async function uploadChaos(options: {
  stations: number
  events: number
  seed: number
}): Promise<ChaosFigures> {
  const started = Date.now()
  const random = pseudoRandom(options.seed)
  const collector = await startCollectorProcess()
  const journeys = await Promise.all(
    Array.from({ length: options.stations }, () => beginJourney(collector, random)),
  )
  let working = true
  const killing = (async () => {
    while (working) {
      await pause(300 + random() * 1200)
      if (working) await collector.killAndRestart()
    }
  })()
  await Promise.all(journeys.map((journey) => travel(journey, options.events, random)))
  working = false
  await killing
  for (const journey of journeys) await arrive(journey)
  await collector.stop()
  const figures = await audit(collector.dir, journeys)
  const complete = figures.stored === figures.receipted && figures.equalRoots === options.stations
  for (const { station, line } of journeys) {
    await line.close()
    await station.remove()
  }
  await rm(collector.dir, { recursive: true })
  return {
    ok: complete && figures.different === 0,
    seed: options.seed,
    stations: options.stations,
    recorded: options.stations * options.events,
    ...figures,
    collectorKills: collector.kills(),
    ms: Date.now() - started,
  }
}

interface Journey {
  readonly station: TestStation
  readonly line: UnreliableLine
  readonly vkey: string
  restarts: number
}

/** Of a hundred requests about sixty meet no accident. */
const accidents: readonly (readonly [number, Accident])[] = [
  [0.08, 'request-lost'],
  [0.18, 'answer-lost'],
  [0.22, 'half-an-answer'],
  [0.27, 'busy'],
  [0.29, 'server-error'],
  [0.31, 'garbage'],
  [0.32, 'silence'],
  [0.35, 'twice'],
  [0.4, 'late-duplicate'],
]

async function beginJourney(collector: CollectorProcess, random: () => number): Promise<Journey> {
  const station = await newStation()
  const { fingerprint } = unwrap(await station.uploader(collector).enrol())
  await collector.confirm(fingerprint)
  const line = await openLine(collector.url, () => {
    const draw = random()
    return accidents.find(([below]) => draw < below)?.[1] ?? 'none'
  })
  return { station, line, vkey: collector.vkey, restarts: 0 }
}

async function travel(journey: Journey, events: number, random: () => number): Promise<void> {
  const { station } = journey
  for (let left = events - 1; left > 0; ) {
    const now = Math.min(left, 1 + Math.floor(random() * 40))
    station.record(now)
    left -= now
    await uploaderOf(journey).sendOnce()
    if (random() < 0.1) {
      station.restart()
      journey.restarts++
    }
  }
}

async function arrive(journey: Journey): Promise<void> {
  journey.line.next = () => 'none'
  for (let attempt = 0; journey.station.ledger.unsent > 0; attempt++) {
    const result = await uploaderOf(journey).sendOnce()
    if (!result.ok && attempt === 20) throw result.fault
  }
}

function uploaderOf({ station, line, vkey }: Journey) {
  return station.uploader({ url: line.url, vkey }, { timeoutMs: 2000, maxBatch: 60 })
}

async function audit(dir: string, journeys: readonly Journey[]) {
  const store = openSqliteStore(dir)
  const requests: Record<string, number> = {}
  let [receipted, stored, different, equalRoots, stationRestarts] = [0, 0, 0, 0, 0]
  for (const { station, line, restarts } of journeys) {
    const { origin } = station.key
    const held = await Array.fromAsync(store.events(origin, 0, 10_000_000))
    const bodies = station.bodies()
    const size = station.ledger.newestReceipt()?.size ?? 0
    const root = MerkleTree.fromLeaves(held.map(({ body }) => leafHash(body))).root()
    receipted += size
    stored += held.length
    different += held.filter(({ index, body }) => Buffer.from(body).toString('utf8') !== bodies[index]).length
    if (held.length === size && Buffer.compare(root, rootAt(station.ledger, size)) === 0) equalRoots++
    stationRestarts += restarts
    for (const [accident, count] of line.counts) requests[accident] = (requests[accident] ?? 0) + count
  }
  await store.close()
  return { receipted, stored, different, equalRoots, stationRestarts, requests }
}

interface CollectorProcess {
  readonly dir: string
  readonly url: string
  readonly vkey: string
  confirm(fingerprint: string): Promise<void>
  /** SIGKILL, then a new process on the same folder and port. */
  killAndRestart(): Promise<void>
  kills(): number
  stop(): Promise<void>
}

async function startCollectorProcess(): Promise<CollectorProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'shidao-chaos-'))
  let kills = 0
  let running = await launch(dir, '127.0.0.1:0')
  const { url, vkey } = running
  const listen = new URL(url).host
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(running.child, 'exit')
    running.child.kill(signal)
    await ended
  }
  return {
    dir,
    url,
    vkey,
    confirm: async (fingerprint) => {
      const store = openSqliteStore(dir)
      unwrap(await store.confirm(fingerprint, Date.now()))
      await store.close()
    },
    killAndRestart: async () => {
      await end('SIGKILL')
      kills++
      running = await launch(dir, listen)
    },
    kills: () => kills,
    stop: () => end('SIGTERM'),
  }
}

async function launch(
  dir: string,
  listen: string,
): Promise<{ child: ChildProcess; url: string; vkey: string }> {
  const command = fileURLToPath(new URL('../../src/cli/shidao.js', import.meta.url))
  const child = spawn(process.execPath, [command, 'collector', '--json', '--data', dir, '--listen', listen], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += String(chunk)
    // The answer is one JSON document whose closing brace stands alone on its line.
    if (printed.includes('\n}\n')) break
  }
  return { child, ...JSON.parse(printed) }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

if (import.meta.main) {
  const figures = await uploadChaos(campaignCounts({ stations: 20, events: 3_000, seed: 1 }))
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  process.exitCode = figures.ok ? 0 : 1
}
