import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Batch,
  type CollectorStore,
  FORKS_KEPT,
  type Fork,
  type Head,
} from '../../src/collector/store.ts'
import { emptyRoot } from '../../src/ledger/merkle.ts'

/** A place for records; `open` twice gives two connections to the same records, as two processes have. */
export interface StorePlace {
  open(): Promise<CollectorStore>
  remove(): Promise<void>
}

/** What every `CollectorStore` must do, whatever database is behind it. */
export function storeContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`a collector store on ${name}`, () => {
    let place: StorePlace
    let store: CollectorStore

    beforeEach(async () => {
      place = await newPlace()
      store = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await place.remove()
    })

    it('is empty at first', async () => {
      expect(await store.stations()).toEqual([])
      expect(await all(store, 'nobody', 0, 10)).toEqual([])
    })

    it('keeps a request pending until it is confirmed', async () => {
      const asked = await store.enrol(request('a', 'log/a'))
      expect(asked).toMatchObject({ fingerprint: 'a', origin: 'log/a', confirmedAt: null, forks: [] })
      expect(asked.head).toEqual({ size: 0, root: emptyRoot(), note: null })
      const confirmed = await store.confirm('a', 77)
      expect(confirmed).toMatchObject({ ok: true, value: { fingerprint: 'a', confirmedAt: 77 } })
      expect(await store.stations({ fingerprint: 'a' })).toMatchObject([{ confirmedAt: 77 }])
    })

    it('keeps the first request of a key and the first confirmation', async () => {
      await store.enrol(request('a', 'log/a'))
      await store.enrol({ ...request('a', 'log/a'), name: 'another name', requestedAt: 99 })
      await store.confirm('a', 77)
      await store.confirm('a', 88)
      expect(await store.stations()).toMatchObject([{ name: 'Room 1', requestedAt: 1, confirmedAt: 77 }])
    })

    it('refuses to confirm what nobody asked for', async () => {
      expect(await store.confirm('a', 1)).toMatchObject({
        ok: false,
        fault: { code: 'COLLECTOR_UNKNOWN_STATION' },
      })
    })

    it('lets two keys ask for one origin and only one hold it', async () => {
      await store.enrol(request('squatter', 'log/a'))
      await store.enrol({ ...request('owner', 'log/a'), requestedAt: 2 })
      expect(await store.confirm('owner', 3)).toMatchObject({ ok: true })
      expect(await store.confirm('squatter', 4)).toMatchObject({
        ok: false,
        fault: { code: 'COLLECTOR_ORIGIN_TAKEN' },
      })
      const both = await store.stations({ origin: 'log/a' })
      expect(both.map((station) => [station.fingerprint, station.confirmedAt])).toEqual([
        ['squatter', null],
        ['owner', 3],
      ])
    })

    it('shows the history of an origin only at the key that holds it', async () => {
      await enrolled(store)
      await store.enrol({ ...request('squatter', 'log/a'), requestedAt: 2 })
      await store.append(batch(empty, 2))
      const sizes = (await store.stations()).map((station) => [station.fingerprint, station.head.size])
      expect(sizes).toEqual([
        ['a', 2],
        ['squatter', 0],
      ])
    })

    it('gives back the same bytes in the same order', async () => {
      await enrolled(store)
      const first = batch(empty, 3)
      const second = batch(first.head, 2)
      expect(await store.append(first)).toBe('stored')
      expect(await store.append(second)).toBe('stored')
      const stored = await all(store, 'log/a', 0, 5)
      expect(stored.map((event) => event.index)).toEqual([0, 1, 2, 3, 4])
      expect(stored.map((event) => text(event.body))).toEqual(
        [...first.leaves, ...second.leaves].map((leaf) => text(leaf.body)),
      )
      expect(Buffer.from(stored[4]!.hash)).toEqual(Buffer.from(second.leaves[1]!.hash))
      const [station] = await store.stations()
      expect(station!.head).toMatchObject({ size: 5, note: second.head.note })
      expect(Buffer.from(station!.head.root)).toEqual(Buffer.from(second.head.root))
    })

    it('reads any range, also one that crosses its own pages', async () => {
      await enrolled(store)
      await store.append(batch(empty, 2345))
      const indexes = (await all(store, 'log/a', 990, 2010)).map((event) => event.index)
      expect(indexes).toEqual(Array.from({ length: 1020 }, (_, offset) => 990 + offset))
    })

    it('stores nothing of a batch whose start is not the head', async () => {
      await enrolled(store)
      const first = batch(empty, 3)
      await store.append(first)
      expect(await store.append(batch(empty, 4))).toBe('moved')
      expect(await store.append(batch({ size: 3, root: hash('another root') }, 1))).toBe('moved')
      expect(await store.append(batch({ size: 9, root: first.head.root }, 1))).toBe('moved')
      expect(await all(store, 'log/a', 0, 99)).toHaveLength(3)
    })

    it('lets exactly one of two competing batches win', async () => {
      await enrolled(store)
      const other = await place.open()
      const outcomes = await Promise.all([store.append(batch(empty, 3)), other.append(batch(empty, 5))])
      expect(outcomes.toSorted()).toEqual(['moved', 'stored'])
      const [station] = await store.stations()
      expect(await all(store, 'log/a', 0, 99)).toHaveLength(station!.head.size)
      await other.close()
    })

    it('keeps origins apart', async () => {
      await enrolled(store)
      await store.enrol({ ...request('b', 'log/b'), requestedAt: 2 })
      await store.confirm('b', 3)
      await store.append(batch(empty, 3))
      await store.append({ ...batch(empty, 1), origin: 'log/b' })
      expect(await all(store, 'log/b', 0, 99)).toHaveLength(1)
      expect((await store.stations()).map((station) => station.head.size)).toEqual([3, 1])
    })

    it('keeps evidence of forks, each once and only the first ones', async () => {
      await enrolled(store)
      await store.append(fork('first'))
      await store.append(fork('first'))
      for (let more = 0; more < 2 * FORKS_KEPT; more++) await store.append(fork(`later ${more}`))
      const [station] = await store.stations()
      expect(station!.forks).toHaveLength(FORKS_KEPT)
      expect(station!.forks[0]).toEqual(fork('first'))
      expect(station!.forks.filter((one) => one.presented === 'first')).toHaveLength(1)
    })

    it('still knows everything after it was closed', async () => {
      await enrolled(store)
      await store.append(batch(empty, 3))
      await store.append(fork('first'))
      const before = await store.stations()
      await store.close()
      store = await place.open()
      expect(await store.stations()).toEqual(before)
      expect(await all(store, 'log/a', 0, 99)).toHaveLength(3)
    })

    it('lets a second connection confirm while the first one is in use', async () => {
      await store.enrol(request('a', 'log/a'))
      const other = await place.open()
      await other.confirm('a', 5)
      await other.close()
      expect(await store.stations()).toMatchObject([{ confirmedAt: 5 }])
    })
  })
}

const empty: Head = { size: 0, root: emptyRoot(), note: null }

function request(fingerprint: string, origin: string) {
  return {
    fingerprint,
    origin,
    vkey: `vkey of ${fingerprint}`,
    name: 'Room 1',
    simulated: false,
    requestedAt: 1,
  }
}

async function enrolled(store: CollectorStore): Promise<void> {
  await store.enrol(request('a', 'log/a'))
  await store.confirm('a', 2)
}

/** A store doesn't verify, so roots need not be real ones. */
function batch(from: Pick<Head, 'size' | 'root'>, count: number): Batch {
  const size = from.size + count
  const leaves = Array.from({ length: count }, (_, offset) => {
    const body = new TextEncoder().encode(`event ${from.size + offset} 实到`)
    return { body, hash: hash(`leaf ${from.size + offset}`) }
  })
  const head = { size, root: hash(`root ${size}`), note: `note ${size}` }
  return { kind: 'batch', origin: 'log/a', from, leaves, head, receivedAt: 4 }
}

function fork(presented: string): Fork {
  return { kind: 'fork', origin: 'log/a', stored: 'stored', presented, consistency: '{}', receivedAt: 5 }
}

async function all(store: CollectorStore, origin: string, from: number, to: number) {
  return await Array.fromAsync(store.events(origin, from, to))
}

function hash(seed: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(seed).digest())
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
