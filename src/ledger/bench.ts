import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { EventInput, EventTime } from './event.ts'
import { Ledger } from './ledger.ts'
import { proveEvent } from './prove.ts'
import { storeFault } from './sqlite.ts'
import { createStationKey } from './station-key.ts'
import { verifyLog } from './verify.ts'

/** What `log bench` prints; times in milliseconds, sizes in bytes. */
export interface LedgerBench {
  readonly events: number
  /** One event: encoded, hashed, signed, committed and synced. */
  readonly append: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly perSecond: number
  readonly openMs: number
  /** Every body re-hashed and decoded, every kept checkpoint verified. */
  readonly verifyMs: number
  /** Proofs of 40 events. */
  readonly proof: { readonly ms: number; readonly bytes: number }
}

/** Measures a ledger of its own in a new folder inside `dir`, which is removed. Faults of `Ledger.open` and `append`. */
export function benchLedger(dir: string, events: number): LedgerBench {
  const folder = newFolder(dir)
  try {
    return measure(folder, events)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measure(dir: string, events: number): LedgerBench {
  const { signer, vkey } = createStationKey(dir, { simulated: true })
  const writing = Ledger.open({ dir, signer, now: benchTime })
  writing.append({ type: 'station.key', data: { vkey, simulated: true, software: 'log bench' } })
  const times: number[] = []
  for (let i = 1; i < events; i++) {
    const input = refusal(i)
    times.push(elapsed(() => writing.append(input)))
    if (i % 100 === 0) writing.keepCheckpoint('session')
  }
  const proving = { bytes: 0 }
  const proofMs = elapsed(() => {
    for (let i = 0; i < 40; i++) proving.bytes += proveEvent(writing, (i * 7919) % writing.size).length
  })
  writing.close()
  let reading: Ledger | null = null
  const openMs = elapsed(() => {
    reading = Ledger.open({ dir, signer, now: benchTime, readonly: true })
  })
  ;(reading as Ledger | null)?.close()
  const verifyMs = elapsed(() => {
    if (!verifyLog(dir).ok) throw new Fault('LEDGER_CORRUPT', 'the measured ledger does not verify')
  })
  const total = times.reduce((sum, ms) => sum + ms, 0)
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
  return {
    events,
    append: { p50: at(0.5), p99: at(0.99), max: at(1) },
    perSecond: Math.round((times.length / total) * 1000),
    openMs: round(openMs),
    verifyMs: round(verifyMs),
    proof: { ms: round(proofMs), bytes: proving.bytes },
  }
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
