import { once } from 'node:events'
import { connect } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newStation, type TestStation } from '../upload/test-station.ts'
import { type BatchDocument, batchOf } from './outgoing.ts'
import { newCollector, post, postBytes, type TestCollector } from './test-collector.ts'

let collector: TestCollector
let station: TestStation
let batch: BatchDocument

beforeAll(async () => {
  collector = await newCollector({
    limits: { bodyBytes: 256 * 1024, inflatedBytes: 1024 * 1024, requestMs: 500 },
  })
  station = await newStation()
  await station.enrolAt(collector)
  station.record(12)
  batch = await batchOf(station, 0)
})
afterAll(async () => {
  await collector.remove()
  await station.remove()
})

/** Whatever came before: nothing was stored, nothing broke, and an honest batch would still be taken. */
async function expectUntouched(): Promise<void> {
  expect(await collector.stored(station.key.origin)).toEqual([])
  expect((await collector.stations())[0]).toMatchObject({ head: { size: 0 }, forks: [] })
  expect(collector.refused).not.toContain('COLLECTOR_FAILED')
}

describe('a hostile body', () => {
  it.each<[string, Uint8Array, Record<string, string>, number, string]>([
    ['that is larger than the limit', Buffer.alloc(300 * 1024), {}, 413, 'COLLECTOR_TOO_LARGE'],
    [
      'that inflates a thousandfold',
      gzipSync(Buffer.alloc(64 * 1024 * 1024)),
      {},
      413,
      'COLLECTOR_TOO_LARGE',
    ],
    ['that is not gzip', Buffer.from('{}'), {}, 400, 'COLLECTOR_REQUEST'],
    ['that is a torn gzip', gzipSync('{"origin":"x"}').subarray(0, 20), {}, 400, 'COLLECTOR_REQUEST'],
    ['that is empty', Buffer.alloc(0), {}, 400, 'COLLECTOR_REQUEST'],
    ['that is not UTF-8', gzipSync(Buffer.from([0x22, 0xff, 0x22])), {}, 400, 'COLLECTOR_REQUEST'],
    ['that is deeply nested', gzipSync('['.repeat(200_000)), {}, 400, 'COLLECTOR_REQUEST'],
    ['that is JSON of nothing', gzipSync('null'), {}, 400, 'COLLECTOR_REQUEST'],
    ['in an encoding of its own', Buffer.from('x'), { 'content-encoding': 'br' }, 415, 'COLLECTOR_ENCODING'],
    ['of a web form', Buffer.from('a=b'), { 'content-type': 'text/plain' }, 415, 'COLLECTOR_ENCODING'],
  ])('%s is refused with a code', async (_, body, headers, status, code) => {
    for (const path of ['/v1/batch', '/v1/stations']) {
      const told = await postBytes(collector, path, body, headers)
      expect({ status: told.status, code: told.answer.code }).toEqual({ status, code })
    }
    await expectUntouched()
  })

  it('of JSON of the wrong shape is refused, whichever field is wrong', async () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1.5, 2 ** 53, 1e308, '', 'A', '====', null))
    const wrong = fc.record({
      field: fc.constantFrom('origin', 'old', 'events', 'proof', 'checkpoint', 'extra'),
      value: values,
    })
    await fc.assert(
      fc.asyncProperty(wrong, async ({ field, value }) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(batch[field as keyof BatchDocument]))
        const { status, answer } = await post(collector, '/v1/batch', { ...batch, [field]: value })
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
        expect(answer).toMatchObject({
          code: expect.stringMatching(/^COLLECTOR_/),
          message: expect.any(String),
        })
      }),
      { numRuns: 150 },
    )
    await expectUntouched()
  })

  it('that says anything else than an honest one is never stored', async () => {
    const honest = Buffer.from(JSON.stringify(batch))
    const mutation = fc.record({
      at: fc.nat(honest.length - 1),
      cut: fc.nat(20),
      put: fc.uint8Array({ maxLength: 20 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const body = mutations.reduce(
          (bytes, { at, cut, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]),
          honest,
        )
        fc.pre(!saysTheSame(body, batch))
        const { status } = await postBytes(collector, '/v1/batch', gzipSync(body))
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 250 },
    )
    await expectUntouched()
  })
})

describe('a hostile request', () => {
  it.each([
    ['GET', '/', 404],
    ['GET', '/v1/batch', 405],
    ['DELETE', '/v1/stations', 405],
    ['GET', '/v1/stations/%E0%A4%A', 404],
    ['GET', '/v1/stations/..%2f..%2fcollector.key', 404],
    ['GET', `/v1/stations/${'a'.repeat(2000)}`, 404],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const response = await fetch(`${collector.url}${path}`, { method })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code: expect.stringMatching(/^COLLECTOR_/) })
  })

  it('that is not HTTP is cut off, and others are still served', async () => {
    const answer = await talk('\u0000\u0001\u0002 this is not HTTP\r\n\r\n')
    expect(answer).toContain('400')
    expect((await fetch(`${collector.url}/nothing`)).status).toBe(404)
  })

  it('whose length is not announced is cut at the limit too', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const answer = await talk(
      `POST /v1/batch HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(5)}0\r\n\r\n`,
    )
    expect(answer).toContain('413')
    await expectUntouched()
  })

  it('that never ends is cut off', async () => {
    const answer = await talk(
      'POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
    )
    expect(answer).toContain('408')
    await expectUntouched()
  })
})

it('after all that an honest batch is taken', async () => {
  expect((await post(collector, '/v1/batch', batch)).status).toBe(200)
  expect(await collector.stored(station.key.origin)).toEqual(station.bodies())
})

/** A blank between two tokens, say, changes bytes and nothing else. */
function saysTheSame(body: Buffer, document: BatchDocument): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(body.toString('utf8')), document)
  } catch {
    return false
  }
}

/** Writes raw bytes and gives all that comes back until the other side closes. */
async function talk(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(collector.url).port), '127.0.0.1')
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk))
  socket.write(bytes)
  await once(socket, 'close')
  return Buffer.concat(received).toString('latin1')
}
