import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

/*
 * The code of an electronic social security card (电子社保卡二维码) is dynamic and opaque: only the platform that an
 * institution has a contract with can say whose it is. It is handed on once, as scanned, and kept nowhere: not parsed,
 * not logged, not stored, not sent again.
 *
 * The verifier is asked with `POST` and `{"code": "…"}`. It answers 200 and one of
 *   {"personNumber": "18 characters", "name": "…"}     (`name` may be left out)
 *   {"refused": "expired" | "used" | "unknown"}
 */

export interface ElectronicCardVerifier {
  /** https, or http on this machine alone. */
  readonly url: string
  /** Milliseconds until the answer is given up; at most ten seconds, because the code is worth no more then. */
  readonly timeoutMs: number
}

export type ElectronicCardAnswer =
  | { readonly personNumber: string; readonly name: string | null }
  | { readonly refused: 'expired' | 'used' | 'unknown' }

/**
 * Whose electronic card was scanned, in the verifier's words. `verifier` null means that the institution has none,
 * and then nothing is sent.
 *
 * Faults: `CARD_ESSC_OFF`, `CARD_ESSC_TEXT` (empty or too long to be a code), `USAGE_ESSC_URL`, `CARD_ESSC_UNREACHABLE`,
 * `CARD_ESSC_ANSWER` (another status, or not the JSON above). None of them holds a word of the code or of the answer.
 */
export async function forwardElectronicCard(
  text: string,
  verifier: ElectronicCardVerifier | null,
  send: typeof fetch,
): Promise<Result<ElectronicCardAnswer>> {
  if (verifier === null)
    return failed(new Fault('CARD_ESSC_OFF', 'no verifier of electronic cards is configured'))
  if (text === '' || text.length > LONGEST_CODE)
    return failed(new Fault('CARD_ESSC_TEXT', 'this is not the code of an electronic card'))
  if (!isPrivateRoute(verifier.url))
    return failed(new Fault('USAGE_ESSC_URL', 'the verifier of electronic cards needs an https address'))
  const answer = await ask(text, verifier, send)
  return answer.ok ? interpret(answer.value) : answer
}

/** Codes that a QR symbol can hold as bytes. */
const LONGEST_CODE = 2_953
const LONGEST_WAIT_MS = 10_000
const LONGEST_ANSWER = 4_096

async function ask(
  text: string,
  { url, timeoutMs }: ElectronicCardVerifier,
  send: typeof fetch,
): Promise<Result<string>> {
  try {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify({ code: text }),
      // A redirect would hand the code to somebody who was not configured.
      redirect: 'error',
      signal: AbortSignal.timeout(Math.min(timeoutMs, LONGEST_WAIT_MS)),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      return failed(new Fault('CARD_ESSC_ANSWER', `the verifier answered with status ${response.status}`))
    }
    return ok(await response.text())
  } catch {
    // What fetch says may repeat the request.
    return failed(new Fault('CARD_ESSC_UNREACHABLE', 'the verifier of electronic cards did not answer'))
  }
}

const answerShape = z.union([
  z.strictObject({
    personNumber: z.string().regex(/^[0-9A-Z]{15,18}$/),
    name: z.string().min(1).max(100).nullable().default(null),
  }),
  z.strictObject({ refused: z.enum(['expired', 'used', 'unknown']) }),
])

function interpret(body: string): Result<ElectronicCardAnswer> {
  const parsed = body.length > LONGEST_ANSWER ? null : answerShape.safeParse(parseJson(body))
  if (parsed?.success) return ok(parsed.data)
  return failed(new Fault('CARD_ESSC_ANSWER', "the verifier's answer is not as documented"))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isPrivateRoute(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username } = new URL(address)
  if (username !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname))
}

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost']
