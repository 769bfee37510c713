import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Collector, type CollectorOptions, startCollector } from '../../src/collector/collector.ts'
import { openSqliteStore } from '../../src/collector/sqlite-store.ts'

/** Two seconds past the stations' clock, so that a test sees whose time a receipt carries. */
export const COLLECTOR_TIME = Date.UTC(2026, 10, 22) + 2000

/** A real collector on a real socket, in a folder of its own. */
export interface TestCollector extends Collector {
  readonly dir: string
  /** Codes of everything that it refused. */
  readonly refused: string[]
  /** Ends it and starts it again in the same folder; the address changes. */
  restart(): Promise<TestCollector>
  /** Bodies of the events that it stored for an origin. */
  stored(origin: string): Promise<string[]>
  remove(): Promise<void>
}

export async function newCollector(options: Partial<CollectorOptions> = {}): Promise<TestCollector> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'shidao-collector-')))
  const refused: string[] = []
  const collector = await startCollector({
    mode: 'production',
    now: () => COLLECTOR_TIME,
    onFault: (fault) => refused.push(fault.code),
    ...options,
    dir,
  }).catch(async (fault) => {
    if (options.dir === undefined) await rm(dir, { recursive: true })
    throw fault
  })
  return {
    ...collector,
    dir,
    refused,
    restart: async () => {
      await collector.stop()
      return await newCollector({ ...options, dir })
    },
    stored: async (origin) => {
      const store = openSqliteStore(dir)
      const events = await Array.fromAsync(store.events(origin, 0, 1_000_000))
      await store.close()
      return events.map((event) => Buffer.from(event.body).toString('utf8'))
    },
    remove: async () => {
      await collector.stop()
      await rm(dir, { recursive: true })
    },
  }
}

export interface Told {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  readonly answer: any
}

/** Sends a JSON document, in gzip as stations do. */
export function post(collector: { url: string }, path: string, document: unknown): Promise<Told> {
  return postBytes(collector, path, gzipSync(JSON.stringify(document)))
}

/** Sends any bytes as a gzip body. */
export async function postBytes(
  collector: { url: string },
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Told> {
  const response = await fetch(`${collector.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers },
    body: new Uint8Array(body),
  })
  return { status: response.status, answer: await response.json() }
}
