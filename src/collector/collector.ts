import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Fault } from '../common/fault.ts'
import type { Result } from '../common/result.ts'
import { openCosigner } from './cosigner.ts'
import { defaultLimits, type Limits } from './http.ts'
import { requestHandler } from './routes.ts'
import { openSqliteStore } from './sqlite-store.ts'
import type { Station } from './store.ts'
import { Witness } from './witness.ts'

export type CollectorMode = 'production' | 'demonstration'

export interface CollectorOptions {
  /** Holds the key `collector.key` and the store `collector.db`; made when absent. */
  readonly dir: string
  /** Default: a free port on 127.0.0.1. */
  readonly listen?: { readonly host: string; readonly port: number }
  /** `production` refuses simulated stations and simulated events. */
  readonly mode: CollectorMode
  /** PEM texts. Without them only a loopback address may be listened on. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Milliseconds since 1970; cosignatures carry it. */
  readonly now: () => number
  readonly limits?: Partial<Limits>
  /** Told of every refusal and failure, for a log: code and message hold no personal data. */
  readonly onFault?: (fault: Fault) => void
}

/** A running collector. */
export interface Collector {
  /** Base address, e.g. `http://127.0.0.1:8743`. */
  readonly url: string
  /** C2SP verifier key of its cosignatures (type 0x04): stations and inspectors pin it. */
  readonly vkey: string
  readonly mode: CollectorMode
  /** Stations that wait for a person. */
  pending(): Promise<readonly Station[]>
  stations(): Promise<readonly Station[]>
  /** What `shidao collector confirm` does: a person has compared the fingerprint. See `CollectorStore.confirm`. */
  confirm(fingerprint: string): Promise<Result<Station>>
  /** Ends after the requests that are being answered. */
  stop(): Promise<void>
}

/**
 * Starts the receiving side: HTTP(S) with JSON in and out.
 *
 * - `POST /v1/stations` `{note}` asks for enrolment (`enrolment.ts`), 202 until confirmed, then 200
 * - `GET /v1/stations/ORIGIN` (percent-encoded) says where a station stands
 * - `POST /v1/batch` brings events (`batch.ts`), 200 with the cosigned checkpoint once they are durable
 *
 * Every refusal is `{code, message, …}` with the status in `refusal.ts`.
 * Throws `COLLECTOR_STORE`, `COLLECTOR_KEY`, `COLLECTOR_INSECURE` or `COLLECTOR_LISTEN` when it can't start.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { dir, mode, now, listen = { host: '127.0.0.1', port: 0 } } = options
  if (options.tls === undefined && !isLoopback(listen.host)) {
    throw new Fault(
      'COLLECTOR_INSECURE',
      `${listen.host} is not a loopback address: give a certificate and its key`,
    )
  }
  const limits = { ...defaultLimits, ...options.limits }
  const cosigner = openCosigner(dir)
  const store = openSqliteStore(dir)
  const witness = new Witness({ store, cosigner, production: mode === 'production', now })
  const handle = requestHandler({
    store,
    witness,
    production: mode === 'production',
    now,
    limits,
    onFault: options.onFault ?? (() => {}),
  })
  const server = await openServer(options.tls, limits, listen, handle).catch(async (thrown) => {
    await store.close()
    throw thrown
  })
  return {
    url: urlOf(server, options.tls === undefined ? 'http' : 'https'),
    vkey: cosigner.vkey,
    mode,
    pending: async () => (await store.stations()).filter((station) => station.confirmedAt === null),
    stations: () => store.stations(),
    confirm: (fingerprint) => store.confirm(fingerprint, now()),
    stop: async () => {
      await closeServer(server)
      await store.close()
    },
  }
}

async function openServer(
  tls: CollectorOptions['tls'],
  limits: Limits,
  listen: { host: string; port: number },
  handle: RequestListener,
): Promise<Server> {
  const timeouts = {
    requestTimeout: limits.requestMs,
    headersTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(limits.requestMs, 5000),
  }
  try {
    const server =
      tls === undefined
        ? createHttpServer(timeouts, handle)
        : createHttpsServer({ ...timeouts, ...tls, minVersion: 'TLSv1.2' }, handle)
    server.maxConnections = limits.connections
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(listen.port, listen.host, resolve)
    })
    return server
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message
    throw new Fault('COLLECTOR_LISTEN', `can't listen on ${listen.host} port ${listen.port}: ${why}`, {
      cause,
    })
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    // Whoever holds a connection open without asking anything doesn't hold up the end.
    setTimeout(() => server.closeAllConnections(), 2000).unref()
  })
}

function urlOf(server: Server, scheme: 'http' | 'https'): string {
  const { address, family, port } = server.address() as AddressInfo
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
