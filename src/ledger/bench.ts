import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { EventInput, EventTime } from './event.ts'
import { Ledger } from './ledger.ts'
import { proveSelection } from './prove-events.ts'
import { startRehash } from './rehash.ts'
import { storeFault } from './sqlite.ts'
import { createStationKey, type StationKey } from './station-key.ts'

/** What `log bench` prints; times in milliseconds, sizes in bytes. */
export interface LedgerBench {
  readonly events: number
  /** One event at the end of the ledger: encoded, hashed, signed, committed and synced. */
  readonly append: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly perSecond: number
  readonly openMs: number
  /** In a process of its own: every body re-hashed and decoded, every kept checkpoint's signature verified. */
  readonly verify: { readonly ms: number; readonly peakBytes: number; readonly checkpoints: number }
  /** One file that proves 40 events of ten days: in and out, morning and afternoon. */
  readonly proof: { readonly ms: number; readonly bytes: number }
}

/** Measures a ledger of its own in a new folder inside `dir`, which is removed. Faults of `Ledger.open` and `append`. */
export async function benchLedger(dir: string, events: number): Promise<LedgerBench> {
  const folder = newFolder(dir)
  try {
    return await measure(folder, events)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Appends that are measured one by one; the events before them come in transactions of 100. */
const MEASURED = 5_000
const FILLED_AT_ONCE = 100
const MOST_CHECKPOINTS = 10_000

async function measure(dir: string, events: number): Promise<LedgerBench> {
  const { signer } = fill(dir, events - Math.min(MEASURED, events - 1))
  let opened: Ledger | null = null
  const openMs = elapsed(() => {
    opened = Ledger.open({ dir, signer, now: benchTime })
  })
  const writing = opened as unknown as Ledger
  const times: number[] = []
  for (let i = writing.size; i < events; i++) {
    const input = refusal(i)
    times.push(elapsed(() => writing.append(input)))
  }
  const proof = measureProof(writing)
  writing.close()
  const { verification, ms, peakBytes } = await startRehash(dir, { background: false }).finished
  if (!verification.ok) throw new Fault('LEDGER_CORRUPT', 'the measured ledger does not verify')
  const total = times.reduce((sum, time) => sum + time, 0)
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
  return {
    events,
    append: { p50: at(0.5), p99: at(0.99), max: at(1) },
    perSecond: Math.round((times.length / total) * 1000),
    openMs: round(openMs),
    verify: { ms: round(ms), peakBytes, checkpoints: Math.min(MOST_CHECKPOINTS, events) },
    proof,
  }
}

/** Makes the ledger up to `events`, with 10,000 kept checkpoints or as many as there are events. */
function fill(dir: string, events: number): StationKey {
  const key = createStationKey(dir, { simulated: true })
  const ledger = Ledger.open({ dir, signer: key.signer, now: benchTime })
  ledger.append({ type: 'station.key', data: { vkey: key.vkey, simulated: true, software: 'log bench' } })
  const step = Math.min(FILLED_AT_ONCE, Math.ceil(events / MOST_CHECKPOINTS))
  while (ledger.size < events) {
    const count = Math.min(step, events - ledger.size)
    ledger.appendAll(Array.from({ length: count }, (_, i) => refusal(ledger.size + i)))
    ledger.keepCheckpoint('session')
  }
  ledger.close()
  return key
}

/** The first proof also reads what an open ledger leaves on the disk. */
function measureProof(ledger: Ledger): { ms: number; bytes: number } {
  const day = Math.min(1_000, Math.floor(ledger.size / 10))
  const spots = [0.1, 0.45, 0.55, 0.9].map((share) => Math.floor(day * share))
  const places = Array.from({ length: 10 }, (_, i) => spots.map((spot) => i * day + spot)).flat()
  const indices = [...new Set(places)]
  let bytes = 0
  const ms = elapsed(() => {
    const selection = {
      about: { kind: 'person', person: '00'.repeat(16) },
      indices,
      last: indices.at(-1)!,
    } as const
    bytes = proveSelection(ledger, selection, []).bytes.length
  })
  return { ms: round(ms), bytes }
}

function refusal(i: number): EventInput {
  const reader = { profile: 'bench', port: 'none', samId: null }
  const seat = { class: 'bench', session: `session-${i % 8}`, person: null }
  return { type: 'refusal', data: { ...seat, reason: 'bench', face: null, reader, simulated: true } }
}

function benchTime(): EventTime {
  return {
    wall: Date.now(),
    boot: 'bench',
    boottime: Math.round(performance.now()),
    trust: 'simulated',
  }
}

function newFolder(dir: string): string {
  try {
    return mkdtempSync(join(dir, 'bench-'))
  } catch (thrown) {
    throw storeFault(thrown)
  }
}

function elapsed(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
