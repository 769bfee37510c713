import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyCosignature } from '../../src/ledger/cosignature.ts'
import { openNote, parseVkey } from '../../src/ledger/note.ts'
import { newStation, type TestStation } from '../upload/test-station.ts'
import { batchOf, forgedBatch } from './outgoing.ts'
import { COLLECTOR_TIME, newCollector, post, type TestCollector } from './test-collector.ts'

let collector: TestCollector
let station: TestStation

beforeEach(async () => {
  collector = await newCollector()
  station = await newStation()
  await station.enrolAt(collector)
})
afterEach(async () => {
  await collector.remove()
  await station.remove()
})

const send = (document: unknown) => post(collector, '/v1/batch', document)
const stored = () => collector.stored(station.key.origin)
const forks = async () => (await collector.stations())[0]!.forks

describe('a batch', () => {
  it('is stored byte for byte and cosigned with the time of the collector', async () => {
    station.record(20)
    const batch = await batchOf(station, 0)
    const { status, answer } = await send(batch)
    expect(status).toBe(200)
    expect(answer.note.startsWith(batch.checkpoint)).toBe(true)
    const { checkpoint, time } = unwrap(verifyCosignature(answer.note, collector.vkey))
    expect(checkpoint).toMatchObject({ origin: station.key.origin, size: 21 })
    expect(time).toBe(COLLECTOR_TIME / 1000)
    expect(await stored()).toEqual(station.bodies())
  })

  it('extends what is there', async () => {
    await send(await batchOf(station, 0))
    station.record(7)
    await send(await batchOf(station, 1, 5))
    expect((await send(await batchOf(station, 5))).status).toBe(200)
    expect(await stored()).toEqual(station.bodies())
  })

  it('may arrive a second time: it is cosigned again and stored once', async () => {
    const batch = await batchOf(station, 0)
    const first = await send(batch)
    const second = await send(batch)
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.answer.root).toBe(first.answer.root)
    expect(await stored()).toHaveLength(1)
    expect(await forks()).toEqual([])
  })

  it('from another size is answered with the size and root to go on from', async () => {
    station.record(9)
    await send(await batchOf(station, 0, 4))
    const { status, answer } = await send(await batchOf(station, 6))
    expect({ status, code: answer.code, size: answer.size }).toEqual({
      status: 409,
      code: 'COLLECTOR_SIZE',
      size: 4,
    })
    const { answer: overlap } = await send(await batchOf(station, 2))
    expect(overlap).toMatchObject({ code: 'COLLECTOR_SIZE', size: 4, root: answer.root })
    expect(await stored()).toHaveLength(4)
  })

  it('is understood after a restart of the collector, whose tree is read again from its store', async () => {
    station.record(30)
    await send(await batchOf(station, 0, 17))
    const again = await collector.restart()
    const { status } = await post(again, '/v1/batch', await batchOf(station, 17))
    expect(status).toBe(200)
    expect(await again.stored(station.key.origin)).toEqual(station.bodies())
    await again.stop()
    collector = await newCollector({ dir: collector.dir })
  })

  it('of a station that nobody enrolled is refused', async () => {
    const stranger = await newStation()
    const { status, answer } = await send(await batchOf(stranger, 0))
    expect({ status, code: answer.code }).toEqual({ status: 404, code: 'COLLECTOR_UNKNOWN_STATION' })
    await stranger.remove()
  })

  it('signed by another key is refused', async () => {
    const thief = await newStation()
    const batch = await batchOf(station, 0)
    const { checkpoint } = await batchOf(thief, 0)
    const { status, answer } = await send({ ...batch, checkpoint })
    expect({ status, code: answer.code }).toEqual({ status: 403, code: 'COLLECTOR_SIGNATURE' })
    expect(await stored()).toEqual([])
    await thief.remove()
  })

  it('with a false signature under the right name is refused', async () => {
    const batch = await batchOf(station, 0)
    const checkpoint = batch.checkpoint.replace(
      /(.)(.{6}\n)$/,
      (_, one, rest) => `${one === 'A' ? 'B' : 'A'}${rest}`,
    )
    expect((await send({ ...batch, checkpoint })).answer.code).toBe('COLLECTOR_SIGNATURE')
  })

  it('with changed, swapped or missing bodies is refused', async () => {
    station.record(3, 'true')
    const batch = await batchOf(station, 0)
    const changed = Buffer.from(batch.events[2]!, 'base64').toString().replace('true 1', 'fake 1')
    const [a, b, c, d] = batch.events
    const attempts: [string[], string][] = [
      [[a!, b!, Buffer.from(changed).toString('base64'), d!], 'COLLECTOR_EVENT'],
      [[a!, c!, b!, d!], 'COLLECTOR_EVENT'],
      [[a!, b!, c!, c!], 'COLLECTOR_EVENT'],
      [[a!, b!, c!], 'COLLECTOR_REQUEST'],
      [[a!, b!, c!, d!, d!], 'COLLECTOR_REQUEST'],
    ]
    for (const [events, code] of attempts) {
      expect((await send({ ...batch, events })).answer.code).toBe(code)
    }
    expect(await stored()).toEqual([])
    // What was refused left nothing behind in memory either.
    expect((await send(batch)).status).toBe(200)
  })

  it('with a proof that does not hold is refused and is no evidence against the station', async () => {
    station.record(9)
    await send(await batchOf(station, 0, 5))
    const batch = await batchOf(station, 5)
    const { answer } = await send({ ...batch, proof: batch.proof.toReversed() })
    expect(answer.code).toBe('COLLECTOR_PROOF')
    const { answer: otherRoot } = await send({ ...batch, old: { size: 5, root: '00'.repeat(32) } })
    expect(otherRoot.code).toBe('COLLECTOR_PROOF')
    expect(await forks()).toEqual([])
  })

  it('of two stations at once goes to each of them', async () => {
    const second = await newStation()
    await second.enrolAt(collector)
    station.record(40)
    second.record(50)
    const answers = await Promise.all([
      send(await batchOf(station, 0)),
      send(await batchOf(second, 0)),
      send(await batchOf(station, 0)),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await stored()).toEqual(station.bodies())
    expect(await collector.stored(second.key.origin)).toEqual(second.bodies())
    await second.remove()
  })
})

describe('a station that rewrites its history', () => {
  it('is convicted by another root at the same size, with both checkpoints kept', async () => {
    const twin = await station.copy()
    station.record(3, 'as it was')
    twin.record(3, 'as it never was')
    const honest = await batchOf(station, 0)
    await send(honest)
    const dishonest = await batchOf(twin, 0)
    const { status, answer } = await send(dishonest)
    expect({ status, code: answer.code }).toEqual({ status: 422, code: 'COLLECTOR_FORK' })
    const [evidence] = await forks()
    const key = unwrap(parseVkey(station.key.vkey))
    const texts = [evidence!.stored, evidence!.presented].map((note) => unwrap(openNote(note, [key])).text)
    expect(texts).toEqual([honest, dishonest].map(({ checkpoint }) => `${checkpoint.split('\n\n')[0]}\n`))
    expect(await stored()).toEqual(station.bodies())
    await twin.remove()
  })

  it('is convicted when it had gone on since, by its own consistency proof', async () => {
    const twin = await station.copy()
    station.record(3, 'as it was')
    twin.record(8, 'as it never was')
    await send(await batchOf(station, 0))
    const { answer } = await send(await batchOf(twin, 4))
    expect(answer.code).toBe('COLLECTOR_FORK')
    const [evidence] = await forks()
    expect(JSON.parse(evidence!.consistency)).toMatchObject({ old: { size: 4 } })
    expect(await stored()).toEqual(station.bodies())
    await twin.remove()
  })

  it('is convicted when it is smaller than what it had shown', async () => {
    const twin = await station.copy()
    station.record(5, 'as it was')
    twin.record(2, 'as it never was')
    await send(await batchOf(station, 0))
    expect((await send(await batchOf(twin, 0))).answer.code).toBe('COLLECTOR_FORK')
    expect(await forks()).toHaveLength(1)
    await twin.remove()
  })

  it('is told of a rollback when it comes with an old copy of the truth', async () => {
    station.record(5)
    const before = await batchOf(station, 0, 3)
    await send(await batchOf(station, 0))
    const { status, answer } = await send(before)
    expect({ status, code: answer.code, size: answer.size }).toEqual({
      status: 409,
      code: 'COLLECTOR_ROLLBACK',
      size: 6,
    })
    expect(answer.note).toContain(collector.vkey.split('+')[0])
    expect(await forks()).toEqual([])
  })

  it('can go on with the history that was stored', async () => {
    const twin = await station.copy()
    twin.record(3, 'as it never was')
    station.record(3, 'as it was')
    await send(await batchOf(station, 0))
    await send(await batchOf(twin, 0))
    station.record(2)
    expect((await send(await batchOf(station, 4))).status).toBe(200)
    await twin.remove()
  })
})

describe('a production collector', () => {
  const refusal = (simulated: boolean) => ({
    type: 'refusal' as const,
    data: {
      class: null,
      session: null,
      person: null,
      reason: 'expired',
      face: null,
      reader: null,
      simulated,
    },
  })

  it('refuses a batch with one simulated event and stores nothing of it', async () => {
    station.append(refusal(false))
    station.append(refusal(true))
    const { status, answer } = await send(await batchOf(station, 0))
    expect({ status, code: answer.code }).toEqual({ status: 403, code: 'COLLECTOR_SIMULATED' })
    expect(answer.message).toContain('event 2')
    expect(await stored()).toEqual([])
    expect((await send(await batchOf(station, 0, 2))).status).toBe(200)
  })

  it('refuses a ledger that was born simulated under an honest enrolment', async () => {
    const liar = await newStation({ simulated: true })
    const { key } = liar
    Object.assign(key, { simulated: false })
    await liar.enrolAt(collector)
    const { answer } = await send(await batchOf(liar, 0))
    expect(answer.code).toBe('COLLECTOR_SIMULATED')
    await liar.remove()
  })

  it('refuses an event whose clock says that it was simulated', async () => {
    const { time } = JSON.parse(station.bodies()[0]!)
    const { answer } = await send(forgedBatch(station, [{ time: { ...time, trust: 'simulated' } }]))
    expect(answer.code).toBe('COLLECTOR_SIMULATED')
  })
})

describe('an event', () => {
  it.each([
    ['of another log', { origin: 'shidao/station/0000000000000000' }],
    ['at another place', { index: 7 }],
    ['that is not even one', { v: 'one' }],
    ['zero that is not the birth of the key', { type: 'session.closed', data: { class: 'a', session: 'b' } }],
    ['zero that is the birth of another key', { data: { vkey: 'other', simulated: false, software: 'x' } }],
  ])('%s is refused although its station signed it', async (_, change) => {
    const { status, answer } = await send(forgedBatch(station, [change]))
    expect({ status, code: answer.code }).toEqual({ status: 422, code: 'COLLECTOR_EVENT' })
    expect(await stored()).toEqual([])
  })

  it('of a type that only newer stations know is stored', async () => {
    const { status } = await send(forgedBatch(station, [{}, { type: 'weather', data: { sky: 'blue' } }]))
    expect(status).toBe(200)
    expect(JSON.parse((await stored())[1]!)).toMatchObject({ type: 'weather' })
  })
})
