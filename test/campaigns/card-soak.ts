/*
 * A day at the door and more: cards laid down, read and lifted, with a fault every so many, on a clock that jumps.
 *
 *   npx node test/campaigns/card-soak.ts --reads 100000 --fault-every 50 --seed 1
 *
 * Everybody is somebody else. After each card the reader is asked twice: for the same card again, which must not come,
 * and whether it still lies there. Prints one JSON line for each tenth, with memory, and one for all. Exit 1 if a card
 * was lost, doubled or somebody else's, or if the reader stuck.
 */

import { SamLine } from '../../src/cards/driver/sam-line.ts'
import { SamReader } from '../../src/cards/driver/sam-reader.ts'
import type { CardReading } from '../../src/cards/reader.ts'
import { type FaultKind, simulatedFault } from '../../src/cards/simulator/line-faults.ts'
import { type ReaderSimulator, startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import type { Result } from '../../src/common/result.ts'
import { inventedNumber, sampleRecord, simulatedCard } from '../cards/simulated-people.ts'
import { campaignCounts } from './campaign-counts.ts'
import { memoryLine } from './memory-line.ts'
import { VirtualClock } from './virtual-clock.ts'

const {
  reads,
  'fault-every': faultEvery,
  seed,
} = campaignCounts({ reads: 2_000, 'fault-every': 50, seed: 1 })
const random = pseudoRandom(seed)
const clock = new VirtualClock()

/** What goes wrong, each once and in turn; where it isn't said, the read is hit. */
const faults: readonly { kind: FaultKind; [detail: string]: unknown }[] = [
  { kind: 'delay', on: 'find', ms: 2_500 },
  { kind: 'delay', on: 'read', ms: 5_500 },
  { kind: 'split', on: 'read', bytes: 7, gapMs: 3 },
  { kind: 'join', on: 'select' },
  { kind: 'noise', on: 'read', bytes: 400 },
  { kind: 'wrong-checksum', on: 'find' },
  { kind: 'wrong-checksum' },
  { kind: 'truncated' },
  { kind: 'silent', on: 'select' },
  { kind: 'silent', on: 'read' },
  { kind: 'removal' },
  { kind: 'zero-record' },
  { kind: 'not-authorised', on: 'find' },
  { kind: 'refusal', on: 'select', status: 0x60 },
  { kind: 'refusal', on: 'read', status: 0x31 },
  { kind: 'silent', on: 'probe' },
  { kind: 'unplug', on: 'read' },
]
const tally = { reads: 0, faults: 0, refusedReads: 0, reopened: 0, lost: 0, doubled: 0, foreign: 0, stuck: 0 }
let [simulator, reader] = plugIn()

await clock.runUntil(standAtTheDoor()).catch((stuck: Error) => {
  tally.stuck++
  process.stderr.write(`after ${tally.reads} reads: ${stuck.message}\n`)
})
const bad = tally.lost + tally.doubled + tally.foreign + tally.stuck
report({ done: true, seed })
process.exitCode = bad === 0 && tally.reads === reads ? 0 : 1

async function standAtTheDoor(): Promise<void> {
  for (let i = 0; i < reads; i++) {
    if (i % faultEvery === faultEvery - 1) {
      const fault = faults[tally.faults++ % faults.length]
      simulator.faults.add(simulatedFault.parse({ ...fault, times: 1 }))
    }
    await serve(i)
    if ((i + 1) % Math.ceil(reads / 10) === 0) report({})
  }
}

/** One person: lays the card down, again where that is asked for, and takes it away. */
async function serve(i: number): Promise<void> {
  const sequence = 1 + (i % 999)
  const birth = new Date(Date.UTC(1960, 0, 1 + Math.floor(i / 999))).toISOString().slice(0, 10)
  const number = inventedNumber(birth, sequence)
  const card = simulatedCard({ ...sampleRecord, number, birth, sex: sequence % 2 ? '1' : '2' })

  let read = false
  for (let attempt = 0; attempt < 4 && !read; attempt++) {
    simulator.place(card)
    read = isOf(number, await reader.read({ timeoutMs: 12_000 }))
    if (!read) tally.refusedReads++
    if (!read) await recover()
  }
  tally.reads++
  if (!read) tally.lost++
  const again = await reader.read({ timeoutMs: 300 })
  if (again.ok) tally.doubled++
  simulator.remove()
  if (await reader.cardPresent()) tally.stuck++
  await new Promise<void>((resolve) => clock.after(Math.floor(random() * 1_100), resolve))
}

function isOf(number: string, reading: Result<CardReading>): boolean {
  if (!reading.ok) return false
  if (reading.value.record?.number !== number) tally.foreign++
  return true
}

/** After a failed read: the card is lifted; a reader that was pulled out is plugged in again. */
async function recover(): Promise<void> {
  simulator.remove()
  if (await isThere()) return
  tally.reopened++
  await simulator.stop()
  ;[simulator, reader] = plugIn()
}

async function isThere(): Promise<boolean> {
  const reading = await reader.read({ timeoutMs: 1 })
  return reading.ok || !reading.fault.code.startsWith('PORT_')
}

function plugIn(): [ReaderSimulator, SamReader] {
  const line = memoryLine()
  const identity = { profile: 'memory', port: 'memory', samId: null }
  const options = { baudRate: 115_200, pollMs: 200 }
  return [
    startReaderSimulator({ transport: line.reader, clock, random }),
    new SamReader(identity, new SamLine(line.host, { clock }), options),
  ]
}

function report(more: object): void {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const megabytes = (bytes: number) => Math.round(bytes / 104_857.6) / 10
  const memory = { rssMb: megabytes(rss), heapMb: megabytes(heapUsed), timers: clock.waiting }
  const seconds = Math.round(performance.now() / 100) / 10
  const simulatedHours = Math.round(clock.now() / 36_000) / 100
  process.stdout.write(`${JSON.stringify({ ...more, ...tally, simulatedHours, seconds, ...memory })}\n`)
}
