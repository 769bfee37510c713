import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CollectorMode, startCollector } from '../collector/collector.ts'
import { openSqliteStore } from '../collector/sqlite-store.ts'
import type { CollectorStore, Station } from '../collector/store.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'

export const usage = `shidao collector [--listen ADDR] [--data DIR] [--mode production|demonstration] [--cert FILE --key FILE]
                 [--database-url URL] [--json]     receives, verifies and cosigns what stations send
shidao collector stations [--data DIR] [--json]     stations and the fingerprints that wait for a person
shidao collector confirm FINGERPRINT [--data DIR] [--json]`

const options = {
  listen: { type: 'string', default: '127.0.0.1:8743' },
  data: { type: 'string' },
  mode: { type: 'string', default: 'production' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'database-url': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `shidao collector …`: runs until SIGINT or SIGTERM, or looks after the enrolments of one that runs. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, options)
  const [action, ...rest] = positionals
  if (values['database-url'] !== undefined) {
    throw new Fault(
      'COLLECTOR_DATABASE_UNSUPPORTED',
      'this version keeps records in its own folder (SQLite); it has no PostgreSQL store yet',
    )
  }
  const dir = values.data ?? join(defaultDataFolder(), 'collector')
  if (action === undefined) {
    return await serve(dir, {
      mode: modeOf(values.mode),
      listen: addressOf(values.listen),
      tls: certificateOf(values.cert, values.key),
      json: values.json,
    })
  }
  if (action === 'stations' && rest.length === 0) return await listStations(dir, values.json)
  const [fingerprint] = rest
  if (action === 'confirm' && fingerprint !== undefined && rest.length === 1) {
    return await confirm(dir, fingerprint, values.json)
  }
  throw new Fault('USAGE_COLLECTOR', 'shidao collector [stations | confirm FINGERPRINT] …, see --help')
}

interface Serving {
  readonly mode: CollectorMode
  readonly listen: { host: string; port: number }
  readonly tls: { cert: string; key: string } | undefined
  readonly json: boolean
}

async function serve(dir: string, { mode, listen, tls, json }: Serving): Promise<number> {
  const ended = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  const collector = await startCollector({
    dir,
    mode,
    listen,
    now: Date.now,
    onFault: ({ code, message }) => {
      process.stderr.write(`${new Date().toISOString()} ${code} ${message}\n`)
    },
    ...(tls === undefined ? {} : { tls }),
  })
  const { url, vkey } = collector
  printAnswer(json, { url, vkey, mode }, [`url   ${url}`, `vkey  ${vkey}`, `mode  ${mode}`])
  await ended
  await collector.stop()
  return EXIT.yes
}

async function listStations(dir: string, json: boolean): Promise<number> {
  const stations = await withStore(dir, (store) => store.stations())
  const documents = stations.map(documentOf)
  printAnswer(
    json,
    { stations: documents },
    documents.length === 0
      ? ['no station has asked yet']
      : documents.map(({ fingerprint, state, size, forks, origin, simulated, name }) =>
          [
            fingerprint,
            state,
            `${size} events`,
            forks > 0 ? `${forks} FORKS` : '',
            simulated ? '模拟' : '',
            origin,
            name,
          ]
            .filter((word) => word !== '')
            .join('  '),
        ),
  )
  return EXIT.yes
}

async function confirm(dir: string, fingerprint: string, json: boolean): Promise<number> {
  const station = unwrap(
    await withStore(dir, (store) => store.confirm(fingerprint.toLowerCase(), Date.now())),
  )
  const document = documentOf(station)
  printAnswer(json, document, [`confirmed  ${document.fingerprint}  ${document.origin}  ${document.name}`])
  return EXIT.yes
}

async function withStore<T>(dir: string, use: (store: CollectorStore) => Promise<T>): Promise<T> {
  if (!existsSync(join(dir, 'collector.db'))) {
    throw new Fault('COLLECTOR_NOT_FOUND', `there is no collector in ${dir}`)
  }
  const store = openSqliteStore(dir)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

function documentOf({ fingerprint, origin, name, simulated, confirmedAt, head, forks }: Station) {
  const state = confirmedAt === null ? 'pending' : 'confirmed'
  const root = Buffer.from(head.root).toString('hex')
  return { fingerprint, origin, name, simulated, state, size: head.size, root, forks: forks.length }
}

function modeOf(text: string): CollectorMode {
  if (text === 'production' || text === 'demonstration') return text
  throw new Fault('USAGE_OPTION', '--mode takes production or demonstration')
}

/** `HOST:PORT`, `[IPv6]:PORT` or `PORT` alone on loopback; port 0 takes a free one. */
function addressOf(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits = ''] =
    /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65535) throw new Fault('USAGE_OPTION', '--listen takes HOST:PORT')
  return { host: bracketed ?? plain ?? '127.0.0.1', port }
}

function certificateOf(cert: string | undefined, key: string | undefined) {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined)
    throw new Fault('USAGE_OPTION', '--cert and --key belong together')
  return { cert: readPem(cert), key: readPem(key) }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('COLLECTOR_CERTIFICATE', `can't read ${path}`, { cause })
  }
}
