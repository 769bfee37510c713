import { describe, expect, it } from 'vitest'
import { forwardElectronicCard } from '../../src/cards/essc-verifier.ts'

const verifier = { url: 'https://verifier.example/essc', timeoutMs: 1_000 }
const CODE = 'opaque-code-of-a-simulated-card'

/** A verifier that answers so, and the requests that it got. */
function answering(answer: () => Response | Promise<Response>) {
  const requests: { url: string; init: RequestInit }[] = []
  const send = async (url: unknown, init: RequestInit = {}) => {
    requests.push({ url: String(url), init })
    return answer()
  }
  return { requests, send: send as typeof fetch }
}

function json(value: unknown, status = 200): () => Response {
  return () => new Response(JSON.stringify(value), { status })
}

describe('the code of an electronic social security card', () => {
  it('is handed to the verifier once, as scanned, and follows no redirect', async () => {
    const { requests, send } = answering(json({ personNumber: '11010519491231002X', name: '模拟学员甲' }))
    const answer = await forwardElectronicCard(CODE, verifier, send)
    expect(answer).toEqual({ ok: true, value: { personNumber: '11010519491231002X', name: '模拟学员甲' } })
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({
      url: verifier.url,
      init: { method: 'POST', redirect: 'error', body: JSON.stringify({ code: CODE }) },
    })
  })

  it('may be refused by the verifier, and that is an answer', async () => {
    const { send } = answering(json({ refused: 'expired' }))
    expect(await forwardElectronicCard(CODE, verifier, send)).toEqual({
      ok: true,
      value: { refused: 'expired' },
    })
  })

  it('goes nowhere while no verifier is configured', async () => {
    const { requests, send } = answering(json({}))
    expect(await forwardElectronicCard(CODE, null, send)).toMatchObject({ fault: { code: 'CARD_ESSC_OFF' } })
    expect(requests).toEqual([])
  })

  it.each(['http://verifier.example/', 'https://user:word@verifier.example/', 'ftp://127.0.0.1/', 'nowhere'])(
    'is not sent to %s',
    async (url) => {
      const { requests, send } = answering(json({}))
      const answer = await forwardElectronicCard(CODE, { ...verifier, url }, send)
      expect(answer).toMatchObject({ fault: { code: 'USAGE_ESSC_URL' } })
      expect(requests).toEqual([])
    },
  )

  it('may go over plain http to this machine', async () => {
    const { send } = answering(json({ refused: 'unknown' }))
    const local = { ...verifier, url: 'http://127.0.0.1:8080/essc' }
    expect((await forwardElectronicCard(CODE, local, send)).ok).toBe(true)
  })

  it.each([
    ['another status', json({ personNumber: '11010519491231002X' }, 500)],
    ['more than was agreed', json({ personNumber: '11010519491231002X', phone: '0' })],
    ['no JSON', () => new Response('<html>')],
    ['an endless answer', () => new Response(' '.repeat(5_000))],
  ])('gets no person from an answer with %s', async (_, answer) => {
    const { send } = answering(answer)
    expect(await forwardElectronicCard(CODE, verifier, send)).toMatchObject({
      fault: { code: 'CARD_ESSC_ANSWER' },
    })
  })

  it('is not repeated by the fault when the verifier cannot be reached', async () => {
    const { send, requests } = answering(() => Promise.reject(new Error(`failed with ${CODE}`)))
    const answer = await forwardElectronicCard(CODE, verifier, send)
    expect(answer).toMatchObject({ fault: { code: 'CARD_ESSC_UNREACHABLE' } })
    expect(requests).toHaveLength(1)
    const fault = answer.ok ? null : answer.fault
    expect(`${fault?.message} ${fault?.stack} ${String(fault?.cause)}`).not.toContain(CODE)
  })

  it('is nothing that no QR symbol could hold', async () => {
    const { requests, send } = answering(json({}))
    const answer = await forwardElectronicCard('x'.repeat(3_000), verifier, send)
    expect(answer).toMatchObject({ fault: { code: 'CARD_ESSC_TEXT' } })
    expect(requests).toEqual([])
  })
})
