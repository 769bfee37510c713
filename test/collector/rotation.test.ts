import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { rekey } from '../../src/ledger/rekey.ts'
import { newStation, type TestStation } from '../upload/test-station.ts'
import { newCollector, type TestCollector } from './test-collector.ts'

let collector: TestCollector
let station: TestStation
beforeEach(async () => {
  collector = await newCollector()
  station = await newStation()
})
afterEach(async () => {
  await collector.remove()
  await station.remove()
})

test('a key that the station changed is taken once a person confirmed it at the collector too', async () => {
  const old = await station.enrolAt(collector)
  station.record(3)
  unwrap(await old.sendOnce())
  station.record(2, 'signed by the old key, not sent yet')
  const key = rekey(station.dir, station.ledger, { reason: 'planned' })
  station.record(2, 'signed by the next key')
  const uploader = station.uploader(collector, { stationKey: key })

  expect(await uploader.sendOnce()).toMatchObject({ ok: false, fault: { code: 'UPLOAD_UNCONFIRMED' } })
  expect(await collector.stored(key.origin), 'what the old key signed did not wait').toHaveLength(7)

  const { fingerprint, state } = unwrap(await uploader.enrol())
  expect(state).toBe('pending')
  unwrap(await collector.confirm(fingerprint))
  const receipt = unwrap(await uploader.sendOnce())!
  expect(receipt.size).toBe(station.ledger.size - 1)
  expect((await collector.stored(key.origin)).slice(0, 10)).toEqual(station.bodies().slice(0, 10))
  station.record(1, 'later')
  expect(unwrap(await uploader.sendOnce())).not.toBeNull()
})

test('all of a ledger whose key was changed long ago goes to a collector that sees it for the first time', async () => {
  station.record(4)
  const { stationKey: first } = { stationKey: station.key }
  const key = rekey(station.dir, station.ledger, { reason: 'compromised' })
  station.record(2)
  const [before, after] = [
    station.uploader(collector, { stationKey: first }),
    station.uploader(collector, { stationKey: key }),
  ]
  unwrap(await collector.confirm(unwrap(await before.enrol()).fingerprint))
  unwrap(await collector.confirm(unwrap(await after.enrol()).fingerprint))
  expect(unwrap(await after.sendOnce())!.size).toBeGreaterThan(7)
})

test('a key that gave way is never confirmed again, nor one that nobody vouched for', async () => {
  const old = await station.enrolAt(collector)
  const { fingerprint: first } = unwrap(await old.enrol())
  const key = rekey(station.dir, station.ledger, { reason: 'planned' })
  const unvouched = station.uploader(collector, { stationKey: { ...key, rotation: null } })
  const { fingerprint } = unwrap(await unvouched.enrol())
  expect(await collector.confirm(fingerprint)).toMatchObject({ fault: { code: 'COLLECTOR_ORIGIN_TAKEN' } })

  const other = await newCollector()
  unwrap(
    await other.confirm(
      unwrap(await station.uploader(other, { stationKey: station.key }).enrol()).fingerprint,
    ),
  )
  unwrap(await other.confirm(unwrap(await station.uploader(other, { stationKey: key }).enrol()).fingerprint))
  expect(await other.confirm(first)).toMatchObject({ fault: { code: 'COLLECTOR_ORIGIN_TAKEN' } })
  await other.remove()
})

test('a change of keys that another key signed is refused as a request', async () => {
  const other = await newStation()
  const key = rekey(other.dir, other.ledger, { reason: 'planned' })
  const asked = station.uploader(collector, { stationKey: { ...station.key, rotation: key.rotation } })
  expect(await asked.enrol()).toMatchObject({ ok: false })
  await other.remove()
})
