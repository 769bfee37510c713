import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { EventInput, EventTime, FaceEvidence } from './event.ts'
import { Ledger } from './ledger.ts'
import { type MadeProof, proveSelection } from './prove-events.ts'
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
  /** One file that proves one person's 40 attendance events of ten days, each with a face decision over five frames. */
  readonly proof: { readonly ms: number; readonly bytes: number; readonly events: number }
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
const PROOFS = 11

async function measure(dir: string, events: number): Promise<LedgerBench> {
  const eventAt = plan(events)
  const { signer } = fill(dir, events - Math.min(MEASURED, events - 1), eventAt)
  let opened: Ledger | null = null
  const openMs = elapsed(() => {
    opened = Ledger.open({ dir, signer, now: benchTime })
  })
  const writing = opened as unknown as Ledger
  const times: number[] = []
  for (let i = writing.size; i < events; i++) {
    const input = eventAt(i)
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
function fill(dir: string, events: number, eventAt: (index: number) => EventInput): StationKey {
  const key = createStationKey(dir, { simulated: true })
  const ledger = Ledger.open({ dir, signer: key.signer, now: benchTime })
  ledger.append({ type: 'station.key', data: { vkey: key.vkey, simulated: true, software: 'log bench' } })
  const step = Math.min(FILLED_AT_ONCE, Math.ceil(events / MOST_CHECKPOINTS))
  while (ledger.size < events) {
    const count = Math.min(step, events - ledger.size)
    ledger.appendAll(Array.from({ length: count }, (_, i) => eventAt(ledger.size + i)))
    ledger.keepCheckpoint('session')
  }
  ledger.close()
  return key
}

/** Where one person signs in and out, morning and afternoon, on ten days of a thousand events or fewer. */
function attendancePlaces(events: number): number[] {
  const day = Math.min(1_000, Math.floor(events / 10))
  const spots = [0.1, 0.45, 0.55, 0.9].map((share) => Math.floor(day * share))
  const places = Array.from({ length: 10 }, (_, i) => spots.map((spot) => i * day + spot)).flat()
  return [...new Set(places)].filter((place) => place > 0)
}

/** The median of some: the first one also compiles the program. */
function measureProof(ledger: Ledger): LedgerBench['proof'] {
  const places = attendancePlaces(ledger.size)
  const about = { kind: 'person', person: PERSON } as const
  const proofs: MadeProof[] = []
  const times = Array.from({ length: PROOFS }, () =>
    elapsed(() => {
      proofs.push(proveSelection(ledger, { about, indices: [0, ...places], last: places.at(-1) ?? 0 }, []))
    }),
  ).sort((a, b) => a - b)
  const { bytes, shown } = proofs[0]!
  return { ms: round(times[PROOFS >> 1]!), bytes: bytes.length, events: shown.length - 1 }
}

/** Attendance of one person at the places of the proof, and small events of nobody everywhere else. */
function plan(events: number): (index: number) => EventInput {
  const places = new Set(attendancePlaces(events))
  return (index) => (places.has(index) ? attendance(index) : refusal(index))
}

const PERSON = '5d'.repeat(16)
const READER = { profile: 'bench', port: 'none', samId: null }

function attendance(index: number): EventInput {
  const frames = Array.from({ length: 5 }, () => ({
    sha256: randomBytes(32).toString('hex'),
    score: 0.4 + Math.random() / 2,
    issue: null,
  }))
  const face: FaceEvidence = {
    engine: 'bench',
    model: { name: 'bench', sha256: 'b3'.repeat(32) },
    accept: 0.45,
    reject: 0.25,
    portrait: '7c'.repeat(32),
    score: 0.4 + Math.random() / 2,
    frames,
    liveness: { verdict: 'bonaFide', score: Math.random() },
  }
  return {
    type: 'attendance',
    data: {
      ...{ class: 'bench', session: `session-${Math.floor(index / 500)}`, person: PERSON },
      direction: index % 2 === 0 ? 'in' : 'out',
      outcome: 'verified',
      reason: null,
      portrait: 'chip',
      face,
      act: null,
      reader: READER,
      simulated: true,
      by: 'card',
    },
  }
}

function refusal(i: number): EventInput {
  const seat = { class: 'bench', session: `session-${i % 8}`, person: null }
  return {
    type: 'refusal',
    data: { ...seat, reason: 'bench', face: null, reader: READER, simulated: true },
  }
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
