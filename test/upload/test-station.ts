import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Collector } from '../../src/collector/collector.ts'
import { unwrap } from '../../src/common/result.ts'
import type { EventInput, EventTime } from '../../src/ledger/event.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { createStationKey, loadStationKey, type StationKey } from '../../src/ledger/station-key.ts'
import { createUploader, type Uploader, type UploaderOptions } from '../../src/upload/uploader.ts'

/** The hour of the test stations' clocks: 2026-11-22 08:00 in China. */
export const MORNING = Date.UTC(2026, 10, 22)

/** A real ledger with a real key in a folder of its own, without the rest of a station. */
export interface TestStation {
  readonly dir: string
  readonly key: StationKey
  ledger: Ledger
  /** Appends harmless events, each with other words. */
  record(count: number, words?: string): void
  append(event: EventInput): void
  uploader(collector: { url: string; vkey: string }, more?: Partial<UploaderOptions>): Uploader
  /** Asks and is confirmed. */
  enrolAt(collector: Collector): Promise<Uploader>
  /** Closes the ledger and opens it again, as after a power cut. */
  restart(): void
  /** The same station once more, key and all: what an attacker or a restored disk image has. */
  copy(): Promise<TestStation>
  /** Bodies of all events that the ledger holds. */
  bodies(): string[]
  remove(): Promise<void>
}

export async function newStation({ simulated = false } = {}): Promise<TestStation> {
  const dir = await mkdtemp(join(tmpdir(), 'shidao-station-'))
  const station = stationIn(dir, createStationKey(dir, { simulated }))
  const { vkey } = station.key
  station.append({ type: 'station.key', data: { vkey, simulated, software: 'test' } })
  return station
}

function stationIn(dir: string, key: StationKey): TestStation {
  const open = () => Ledger.open({ dir, signer: key.signer, now: testTime })
  const station: TestStation = {
    dir,
    key,
    ledger: open(),
    record: (count, words = 'lesson') => {
      for (let number = 0; number < count; number++) {
        station.append({ type: 'session.closed', data: { class: words, session: `${words} ${number}` } })
      }
    },
    append: (event) => {
      station.ledger.append(event)
    },
    uploader: (collector, more = {}) =>
      createUploader({
        ledger: station.ledger,
        stationKey: key,
        url: collector.url,
        collectorVkey: collector.vkey,
        now: () => MORNING,
        timeoutMs: 10_000,
        ...more,
      }),
    enrolAt: async (collector) => {
      const uploader = station.uploader(collector)
      const { fingerprint } = unwrap(await uploader.enrol())
      unwrap(await collector.confirm(fingerprint))
      return uploader
    },
    restart: () => {
      station.ledger.close()
      station.ledger = open()
    },
    copy: async () => {
      const other = await mkdtemp(join(tmpdir(), 'shidao-station-'))
      station.ledger.close()
      await cp(dir, other, { recursive: true })
      station.ledger = open()
      return stationIn(other, loadStationKey(other))
    },
    bodies: () => [...station.ledger.events()].map((event) => Buffer.from(event.body).toString('utf8')),
    remove: async () => {
      station.ledger.close()
      await rm(dir, { recursive: true })
    },
  }
  return station
}

function testTime(): EventTime {
  return { wall: MORNING, boot: 'test', boottime: 1000, trust: 'unconfirmed' }
}
