import { type Collector, type CollectorOptions, startCollector } from '../collector/collector.ts'
import { unwrap } from '../common/result.ts'
import type { Uploader } from '../upload/uploader.ts'
import type { DemoCase } from './door-run.ts'

/** A real collector that can be made unreachable, and reachable again at the same address with the same store. */
export class DemoCollector {
  readonly #options: Pick<CollectorOptions, 'dir' | 'now'>
  #running: Collector | null = null
  #port = 0

  constructor(options: Pick<CollectorOptions, 'dir' | 'now'>) {
    this.#options = options
  }

  async start(): Promise<Collector> {
    const listen = { host: '127.0.0.1', port: this.#port }
    const collector = await startCollector({ ...this.#options, listen, mode: 'demonstration' })
    this.#running = collector
    this.#port = Number(new URL(collector.url).port)
    return collector
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#running = null
  }
}

/** Nobody answers: everything recorded since waits in the ledger. */
export async function uploadFails(uploader: Uploader): Promise<DemoCase> {
  const since = performance.now()
  const sent = await uploader.sendOnce()
  const got = !sent.ok && uploader.state.waiting > 0 ? 'records wait' : 'sent'
  return uploadCase(
    'collector unreachable for a while',
    'records wait',
    got,
    sent.ok ? null : sent.fault.code,
    since,
  )
}

/** It answers again: everything that waited is sent and receipted. */
export async function uploadResumes(uploader: Uploader): Promise<DemoCase> {
  const since = performance.now()
  unwrap(await uploader.sendOnce())
  const got = uploader.state.waiting === 0 ? 'all sent' : 'records wait'
  return uploadCase('collector reachable again', 'all sent', got, null, since)
}

function uploadCase(
  name: string,
  expected: string,
  got: string,
  reason: string | null,
  since: number,
): DemoCase {
  const upload = Math.round((performance.now() - since) * 10) / 10
  return { name, expected, got, reason, stagesMs: { upload } }
}
