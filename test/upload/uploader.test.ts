import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { emptyRoot } from '../../src/ledger/merkle.ts'
import type { Uploader, UploadState } from '../../src/upload/uploader.ts'
import { COLLECTOR_TIME, newCollector, type TestCollector } from '../collector/test-collector.ts'
import { newStation, type TestStation } from './test-station.ts'
import { type Accident, openLine, type UnreliableLine } from './unreliable-line.ts'

let collector: TestCollector
let station: TestStation
let line: UnreliableLine

beforeEach(async () => {
  collector = await newCollector()
  station = await newStation()
  line = await openLine(collector.url)
  await station.enrolAt(collector)
})
afterEach(async () => {
  await line.close()
  await collector.remove()
  await station.remove()
})

const onLine = (more = {}) => station.uploader({ url: line.url, vkey: collector.vkey }, more)
const stored = () => collector.stored(station.key.origin)
const receipts = () => [...station.ledger.events()].filter(({ event }) => event.type === 'receipt')

/** One accident, then a good line. */
function once(accident: Accident): void {
  let happened = false
  line.next = () => {
    if (happened) return 'none'
    happened = true
    return accident
  }
}

describe('sending', () => {
  it('brings a receipt that is logged, and then nothing waits', async () => {
    station.record(10)
    const root = Buffer.from(station.ledger.root).toString('hex')
    const receipt = unwrap(await onLine().sendOnce())
    expect(receipt).toMatchObject({ size: 11, root, time: COLLECTOR_TIME, witness: collector.vkey })
    expect(receipts().map(({ index, event }) => [index, event.data])).toEqual([[11, { ...receipt }]])
    expect(station.ledger.unsent).toBe(0)
    expect(await stored()).toEqual(station.bodies().slice(0, 11))
  })

  it('gives null when nothing waits, and asks nobody', async () => {
    const uploader = onLine()
    await uploader.sendOnce()
    line.next = () => 'server-error'
    expect(await uploader.sendOnce()).toEqual({ ok: true, value: null })
    expect(line.counts.get('server-error')).toBeUndefined()
    expect(uploader.state).toEqual({ waiting: 0, online: true, lastFault: null })
  })

  it('sends receipts along with the next records', async () => {
    const uploader = onLine()
    await uploader.sendOnce()
    station.record(1)
    unwrap(await uploader.sendOnce())
    expect(await stored()).toEqual(station.bodies().slice(0, 3))
    expect(receipts()).toHaveLength(2)
  })

  it('cuts a long backlog into batches, each with its receipt', async () => {
    station.record(104)
    const receipt = unwrap(await onLine({ maxBatch: 25 }).sendOnce())
    expect(receipt?.size).toBe(105)
    expect(line.counts.get('none')).toBe(5)
    expect(receipts()).toHaveLength(5)
    expect(station.ledger.unsent).toBe(0)
    expect(await stored()).toEqual(station.bodies().slice(0, 105))
  })

  it('cuts by bytes too', async () => {
    const title = '班'.repeat(60)
    const sessions = Array.from({ length: 2000 }, (_, number) => ({
      id: `${title}${number}`,
      start: 0,
      end: 1,
    }))
    const act = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }
    for (let copy = 0; copy < 12; copy++) {
      const pack = { id: 'pack', sha256: '0'.repeat(64) }
      station.append({ type: 'class.opened', data: { class: `${copy}`, title, pack, sessions, act } })
    }
    unwrap(await onLine().sendOnce())
    expect(line.counts.get('none')).toBeGreaterThan(1)
    expect(await stored()).toEqual(station.bodies().slice(0, 13))
  })

  it('asked twice at the same time sends once', async () => {
    const uploader = onLine()
    const [first, second] = await Promise.all([uploader.sendOnce(), uploader.sendOnce()])
    expect(first).toBe(second)
    expect(receipts()).toHaveLength(1)
  })

  it('goes on after weeks without a line and several restarts', async () => {
    await onLine().sendOnce()
    for (let week = 0; week < 3; week++) {
      station.record(40)
      line.next = () => 'request-lost'
      expect(await onLine().sendOnce()).toMatchObject({ ok: false })
      station.restart()
    }
    line.next = () => 'none'
    expect(unwrap(await onLine().sendOnce())?.size).toBe(122)
    expect(await stored()).toEqual(station.bodies().slice(0, 122))
  })

  it('records a receipt whose time is far from the clock of the station', async () => {
    await collector.stop()
    const far = await newCollector({ dir: collector.dir, now: () => Date.UTC(2031, 0, 1) })
    expect(unwrap(await station.uploader(far).sendOnce())?.time).toBe(Date.UTC(2031, 0, 1))
    expect(receipts()).toHaveLength(1)
    collector = far
  })
})

describe('an accident on the line', () => {
  it.each<[Accident, string, boolean]>([
    ['request-lost', 'UPLOAD_UNREACHABLE', false],
    ['answer-lost', 'UPLOAD_UNREACHABLE', false],
    ['half-an-answer', 'UPLOAD_UNREACHABLE', false],
    ['silence', 'UPLOAD_TIMEOUT', false],
    ['busy', 'UPLOAD_BUSY', false],
    ['server-error', 'UPLOAD_SERVER', false],
    ['garbage', 'UPLOAD_ANSWER', false],
    ['endless', 'UPLOAD_ANSWER', false],
    ['wrong-json', 'UPLOAD_ANSWER', false],
  ])(
    '%s is %s, leaves the ledger as it was, and the next attempt heals it',
    async (accident, code, online) => {
      station.record(5)
      once(accident)
      const uploader = onLine({ timeoutMs: 1000 })
      expect(await uploader.sendOnce()).toMatchObject({ ok: false, fault: { code } })
      expect(uploader.state).toMatchObject({ waiting: 6, online, lastFault: { code } })
      expect(receipts()).toEqual([])
      station.record(2)
      expect(unwrap(await uploader.sendOnce())?.size).toBe(8)
      expect(uploader.state).toEqual({ waiting: 0, online: true, lastFault: null })
      expect(await stored()).toEqual(station.bodies().slice(0, 8))
    },
  )

  it.each<Accident>(['twice', 'late-duplicate'])('%s changes nothing', async (accident) => {
    line.next = () => accident
    const uploader = onLine({ maxBatch: 3 })
    station.record(10)
    expect(unwrap(await uploader.sendOnce())?.size).toBe(11)
    expect(await stored()).toEqual(station.bodies().slice(0, 11))
    expect((await collector.stations())[0]!.forks).toEqual([])
  })

  it('that loses the answer to the very last batch still ends in a receipt', async () => {
    station.record(5)
    once('answer-lost')
    await onLine().sendOnce()
    station.restart()
    expect(unwrap(await onLine().sendOnce())?.size).toBe(6)
    expect(station.ledger.unsent).toBe(0)
  })

  it('in the middle of a backlog keeps the receipts that came before it', async () => {
    station.record(29)
    let requests = 0
    line.next = () => (++requests === 3 ? 'answer-lost' : 'none')
    const uploader = onLine({ maxBatch: 10 })
    expect(await uploader.sendOnce()).toMatchObject({ ok: false })
    expect(station.ledger.newestReceipt()?.size).toBe(20)
    expect(unwrap(await uploader.sendOnce())?.size).toBe(32)
    expect(station.ledger.unsent).toBe(0)
    expect(await stored()).toEqual(station.bodies().slice(0, 32))
  })

  it('that a collector restart causes is healed by the restarted collector', async () => {
    station.record(3)
    await onLine().sendOnce()
    await collector.stop()
    station.record(3)
    const uploader = onLine()
    expect(await uploader.sendOnce()).toMatchObject({ ok: false })
    collector = await newCollector({ dir: collector.dir })
    line.target = collector.url
    unwrap(await uploader.sendOnce())
    expect(station.ledger.unsent).toBe(0)
  })
})

describe('an alarm', () => {
  it('is raised when the collector holds another history, and nothing is overwritten', async () => {
    const twin = await station.copy()
    twin.record(5, 'as it never was')
    await twin.uploader(collector).sendOnce()
    const before = await stored()
    station.record(5, 'as it was')
    const bodies = station.bodies()
    expect(await onLine().sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_FORK' } })
    expect(station.bodies()).toEqual(bodies)
    expect(await stored()).toEqual(before)
    await twin.remove()
  })

  it('is raised when the ledger is an old copy of itself', async () => {
    const backup = await station.copy()
    station.record(9)
    await onLine().sendOnce()
    const uploader = backup.uploader(collector)
    expect(await uploader.sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_ROLLBACK' } })
    expect(uploader.state).toMatchObject({ online: true })
    await backup.remove()
  })

  it('is raised when the receipt is signed by another key than the pinned one', async () => {
    const impostor = await newCollector()
    await station.enrolAt(impostor)
    const uploader = station.uploader({ url: impostor.url, vkey: collector.vkey })
    expect(await uploader.sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_COSIGNATURE' } })
    expect(receipts()).toEqual([])
    await impostor.remove()
  })

  it('is raised when an old receipt comes back for new records', async () => {
    const uploader = onLine()
    await uploader.sendOnce()
    station.record(3)
    line.next = () => 'old-answer'
    expect(await uploader.sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_COSIGNATURE' } })
    expect(receipts()).toHaveLength(1)
  })

  it('is raised when the collector has lost what it gave a receipt for, and everything is sent again', async () => {
    station.record(9)
    await onLine().sendOnce()
    await collector.remove()
    collector = await newCollector()
    const uploader = await station.enrolAt(collector)
    station.record(1)
    expect(unwrap(await uploader.sendOnce())?.size).toBe(12)
    expect(uploader.state).toMatchObject({ waiting: 0, lastFault: { code: 'UPLOAD_COLLECTOR_LOST' } })
    expect(await stored()).toEqual(station.bodies().slice(0, 12))
  })
})

describe('a collector that talks nonsense in good form', () => {
  let server: Server
  let answer: { status: number; document: unknown }
  let uploader: Uploader

  beforeEach(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status).end(JSON.stringify(answer.document))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    uploader = station.uploader({ url, vkey: collector.vkey })
  })
  afterEach(() => {
    server.close()
  })

  it('can not lead a station in circles', async () => {
    const root = Buffer.from(emptyRoot()).toString('hex')
    answer = { status: 409, document: { code: 'COLLECTOR_SIZE', message: '', size: 0, root } }
    expect(await uploader.sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_ANSWER' } })
  })

  it('can not have another key confirmed in place of this one', async () => {
    const { origin } = station.key
    const fingerprint = '0000-0000-0000-0000-0000'
    answer = {
      status: 202,
      document: { origin, state: 'pending', fingerprint, size: 0, root: '0'.repeat(64) },
    }
    expect(await uploader.enrol()).toMatchObject({ fault: { code: 'UPLOAD_ANSWER' } })
  })

  it('can not make it follow a redirect', async () => {
    answer = { status: 307, document: {} }
    expect(await uploader.sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_ANSWER' } })
  })

  it('passes on a refusal by its code alone', async () => {
    answer = { status: 400, document: { code: 'COLLECTOR_REQUEST', message: 'text from outside' } }
    const result = await uploader.sendOnce()
    expect(result).toMatchObject({ fault: { code: 'UPLOAD_REFUSED' } })
    expect(JSON.stringify(result)).not.toContain('text from outside')
  })
})

describe('the connection', () => {
  it.each([
    ['http://collector.example/', 'UPLOAD_INSECURE'],
    ['http://192.0.2.7:8743', 'UPLOAD_INSECURE'],
    ['http://127.0.0.1.example', 'UPLOAD_INSECURE'],
    ['ftp://127.0.0.1', 'UPLOAD_URL'],
    ['https://user:word@collector.example', 'UPLOAD_URL'],
    ['collector', 'UPLOAD_URL'],
  ])('to %s is refused as %s', (url, code) => {
    expect(() => station.uploader({ url, vkey: collector.vkey })).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    'http://localhost:1',
    'http://127.9.9.9',
    'http://[::1]:8743',
    'https://collector.example/shidao',
  ])('to %s is accepted', (url) => {
    expect(station.uploader({ url, vkey: collector.vkey }).state.online).toBe(false)
  })

  it('needs a key of a collector', () => {
    expect(() => station.uploader({ url: line.url, vkey: 'nonsense' })).toThrow(
      expect.objectContaining({ code: 'UPLOAD_KEY' }),
    )
  })

  it('over TLS trusts only the authority that was configured', async () => {
    const [cert, key] = ['collector.cert.pem', 'collector.key.pem'].map((name) =>
      readFileSync(new URL(`./tls/${name}`, import.meta.url), 'utf8'),
    )
    const secure = await newCollector({ tls: { cert: cert!, key: key! } })
    expect(secure.url).toMatch(/^https:/)
    const distrustful = station.uploader(secure)
    expect(await distrustful.enrol()).toMatchObject({ fault: { code: 'UPLOAD_TLS' } })
    const trusting = station.uploader(secure, { ca: cert! })
    const { fingerprint } = unwrap(await trusting.enrol())
    await secure.confirm(fingerprint)
    expect(unwrap(await trusting.sendOnce())?.size).toBe(1)
    const elsewhere = station.uploader(
      { ...secure, url: secure.url.replace('127.0.0.1', 'localhost') },
      { ca: cert! },
    )
    expect(await elsewhere.enrol()).toMatchObject({ fault: { code: 'UPLOAD_TLS' } })
    await secure.remove()
  })
})

describe('a started uploader', () => {
  it('enrols itself, waits for the confirmation and then sends, until it is stopped', async () => {
    const fresh = await newStation()
    const states: UploadState[] = []
    let seen: (state: UploadState) => void = () => {}
    const uploader = fresh.uploader(collector, {
      everyMs: 5,
      random: () => 0.001,
      onState: (state) => {
        states.push(state)
        seen(state)
      },
    })
    const until = (wanted: (state: UploadState) => boolean) =>
      new Promise<void>((resolve) => {
        seen = (state) => wanted(state) && resolve()
      })
    const unconfirmed = until((state) => state.lastFault?.code === 'UPLOAD_UNCONFIRMED')
    uploader.start()
    await unconfirmed
    const [waiting] = await collector.pending()
    const done = until((state) => state.waiting === 0)
    await collector.confirm(waiting!.fingerprint)
    await done
    const later = until((state) => state.waiting === 0 && fresh.ledger.newestReceipt()?.size === 5)
    fresh.record(3)
    await later
    await uploader.stop()
    const count = states.length
    fresh.record(1)
    expect(fresh.ledger.unsent).toBeGreaterThan(0)
    expect(states).toHaveLength(count)
    await fresh.remove()
  })

  it('can be stopped in the middle of a silent exchange', async () => {
    line.next = () => 'silence'
    const uploader = onLine()
    const pending = uploader.sendOnce()
    await uploader.stop()
    expect(await pending).toMatchObject({ fault: { code: 'UPLOAD_STOPPED' } })
    line.next = () => 'none'
    expect(unwrap(await uploader.sendOnce())?.size).toBe(1)
  })
})
