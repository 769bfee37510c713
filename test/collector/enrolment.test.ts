import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startCollector } from '../../src/collector/collector.ts'
import { openEnrolment } from '../../src/collector/enrolment.ts'
import { openSqliteStore } from '../../src/collector/sqlite-store.ts'
import { unwrap } from '../../src/common/result.ts'
import { keyFingerprint } from '../../src/ledger/fingerprint.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { enrolmentNote } from '../../src/upload/enrolment.ts'
import { describeIf } from '../support/requires.ts'
import { newStation, type TestStation } from '../upload/test-station.ts'
import { batchOf } from './outgoing.ts'
import { newCollector, post, type TestCollector } from './test-collector.ts'

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

describe('enrolling a station', () => {
  it('waits for a person, who confirms the fingerprint that the station computed itself', async () => {
    const uploader = station.uploader(collector, { name: '二楼 201' })
    const asked = unwrap(await uploader.enrol())
    expect(asked).toEqual({ state: 'pending', fingerprint: keyFingerprint(station.key.vkey) })
    expect(asked.fingerprint).toMatch(/^[0-9a-f]{4}(-[0-9a-f]{4}){4}$/)
    expect(await collector.pending()).toMatchObject([{ name: '二楼 201', fingerprint: asked.fingerprint }])
    await collector.confirm(asked.fingerprint)
    expect(await collector.pending()).toEqual([])
    expect(unwrap(await uploader.enrol()).state).toBe('confirmed')
  })

  it('can be confirmed by another process on the same folder', async () => {
    const uploader = station.uploader(collector)
    const { fingerprint } = unwrap(await uploader.enrol())
    const store = openSqliteStore(collector.dir)
    await store.confirm(fingerprint, 1)
    await store.close()
    expect(unwrap(await uploader.sendOnce())).toMatchObject({ size: 1 })
  })

  it('takes nothing before that', async () => {
    const uploader = station.uploader(collector)
    expect(await uploader.sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_NOT_ENROLLED' } })
    await uploader.enrol()
    expect(await uploader.sendOnce()).toMatchObject({ fault: { code: 'UPLOAD_UNCONFIRMED' } })
    expect(collector.refused).toEqual(['COLLECTOR_UNKNOWN_STATION', 'COLLECTOR_UNCONFIRMED'])
    expect(await collector.stored(station.key.origin)).toEqual([])
  })

  it('tells where a station stands', async () => {
    const path = `${collector.url}/v1/stations/${encodeURIComponent(station.key.origin)}`
    expect((await fetch(path)).status).toBe(404)
    const uploader = await station.enrolAt(collector)
    const receipt = unwrap(await uploader.sendOnce())
    expect(await (await fetch(path)).json()).toMatchObject({
      state: 'confirmed',
      size: receipt?.size,
      root: receipt?.root,
    })
  })

  it('refuses a simulated station in production and takes it in a demonstration', async () => {
    const simulated = await newStation({ simulated: true })
    expect(await simulated.uploader(collector).enrol()).toMatchObject({
      fault: { code: 'UPLOAD_REFUSED', message: expect.stringContaining('COLLECTOR_SIMULATED') },
    })
    expect(await collector.stations()).toEqual([])
    const demonstration = await newCollector({ mode: 'demonstration' })
    const uploader = await simulated.enrolAt(demonstration)
    expect(unwrap(await uploader.sendOnce())).toMatchObject({ size: 1 })
    await demonstration.remove()
    await simulated.remove()
  })

  it('refuses the stations of a demonstration when its folder is taken into production', async () => {
    const simulated = await newStation({ simulated: true })
    const demonstration = await newCollector({ mode: 'demonstration' })
    unwrap(await (await simulated.enrolAt(demonstration)).sendOnce())
    await demonstration.stop()
    const production = await newCollector({ dir: demonstration.dir, mode: 'production' })
    // Nothing new, only to be cosigned once more.
    const { answer } = await post(production, '/v1/batch', await batchOf(simulated, 1, 1))
    expect(answer.code).toBe('COLLECTOR_SIMULATED')
    await production.remove()
    await simulated.remove()
  })

  it('lets no more than a limited number wait', async () => {
    const small = await newCollector({ limits: { pending: 1 } })
    const second = await newStation()
    const first = station.uploader(small)
    await first.enrol()
    expect(await second.uploader(small).enrol()).toMatchObject({
      fault: { code: 'UPLOAD_BUSY', retryAfterMs: 3_600_000 },
    })
    const { fingerprint } = unwrap(await first.enrol())
    await small.confirm(fingerprint)
    expect(await second.uploader(small).enrol()).toMatchObject({ ok: true })
    await small.remove()
    await second.remove()
  })

  it('takes no second word from a key about whether it is simulated', async () => {
    const demonstration = await newCollector({ mode: 'demonstration' })
    await station.uploader(demonstration).enrol()
    const note = enrolmentNote({ ...station.key, simulated: true }, 'Room 1')
    const { status, answer } = await post(demonstration, '/v1/stations', { note })
    expect({ status, code: answer.code }).toEqual({ status: 400, code: 'COLLECTOR_REQUEST' })
    await demonstration.remove()
  })

  it('refuses a request that another key signed', async () => {
    const other = await newStation()
    const { origin, vkey, simulated } = station.key
    const forged = enrolmentNote({ ...other.key, origin, vkey, simulated }, 'Room 1')
    const { status, answer } = await post(collector, '/v1/stations', { note: forged })
    expect({ status, code: answer.code }).toEqual({ status: 403, code: 'COLLECTOR_SIGNATURE' })
    expect(await collector.stations()).toEqual([])
    await other.remove()
  })

  it('refuses a request whose words were changed on the way', async () => {
    const changed = enrolmentNote(station.key, 'Room 1').replace('Room 1', 'Room 2')
    const { status } = await post(collector, '/v1/stations', { note: changed })
    expect(status).toBe(403)
  })

  it('gives an origin to the key that a person confirms, not to the one that asked first', async () => {
    const { origin } = station.key
    const { privateKey } = generateKeyPairSync('ed25519')
    const signer = ed25519Signer(origin, privateKey)
    const squatter = { ...station.key, vkey: signer.key.vkey, signer }
    const { status } = await post(collector, '/v1/stations', { note: enrolmentNote(squatter, 'Room 1') })
    expect(status).toBe(202)
    const uploader = await station.enrolAt(collector)
    expect(unwrap(await uploader.sendOnce())).toMatchObject({ size: 1 })
    const [waiting] = await collector.pending()
    expect(await collector.confirm(waiting!.fingerprint)).toMatchObject({
      fault: { code: 'COLLECTOR_ORIGIN_TAKEN' },
    })
  })

  it('never throws and never enrols on a mutated request', async () => {
    const note = enrolmentNote(station.key, 'Room 1')
    expect(openEnrolment(note, 1)).toMatchObject({ ok: true })
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ maxLength: 4 }), fc.nat(8), (at, put, cut) => {
        const mutated = note.slice(0, at) + put + note.slice(at + cut)
        const opened = openEnrolment(mutated, 1)
        // A signature line of a stranger may be added to a note; what was signed may not change.
        if (opened.ok) expect(opened.value.vkey).toBe(station.key.vkey)
        if (opened.ok)
          expect(mutated.slice(0, note.indexOf('\n\n'))).toBe(note.slice(0, note.indexOf('\n\n')))
      }),
    )
  })
})

describe('the key of a collector', () => {
  it('is made once and stays the same after a restart', async () => {
    const again = await collector.restart()
    expect(again.vkey).toBe(collector.vkey)
    await again.stop()
    collector = await newCollector({ dir: collector.dir })
  })

  it('is not replaced by a new one when it is gone from a store that stations know', async () => {
    const { dir } = collector
    await collector.stop()
    await rm(join(dir, 'collector.key'))
    const start = startCollector({ dir, mode: 'production', now: () => 0 })
    await expect(start).rejects.toMatchObject({ code: 'COLLECTOR_KEY' })
    await rm(dir, { recursive: true })
    collector = await newCollector()
  })
})

describe('starting a collector', () => {
  it('refuses plain HTTP on an address that others can reach', async () => {
    const start = newCollector({ listen: { host: '0.0.0.0', port: 0 } })
    await expect(start).rejects.toMatchObject({ code: 'COLLECTOR_INSECURE' })
  })

  it('says so when the port is taken', async () => {
    const port = Number(new URL(collector.url).port)
    const start = newCollector({ listen: { host: '127.0.0.1', port } })
    await expect(start).rejects.toMatchObject({ code: 'COLLECTOR_LISTEN' })
  })
})

describeIf(
  process.platform === 'win32' ? 'Windows has no file modes' : null,
  'the key file of a collector',
  () => {
    it('can be read by its owner only', () => {
      expect(statSync(join(collector.dir, 'collector.key')).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(collector.dir, 'collector.key'), 'utf8')).toContain('PRIVATE KEY')
    })
  },
)
