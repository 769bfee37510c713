import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { z } from 'zod'
import { Refusal, refusalStatus } from './refusal.ts'

/** What strangers may cost. A batch of the uploader is about a megabyte. */
export interface Limits {
  /** Largest body on the wire and after inflating, bytes. */
  readonly bodyBytes: number
  readonly inflatedBytes: number
  /** A request that isn't complete after this is cut off, ms. */
  readonly requestMs: number
  readonly connections: number
  /** Stations that may wait for a person at one time; anybody can ask, so there must be an end. */
  readonly pending: number
}

export const defaultLimits: Limits = {
  bodyBytes: 8 * 1024 * 1024,
  inflatedBytes: 24 * 1024 * 1024,
  requestMs: 30_000,
  connections: 200,
  pending: 1000,
}

/**
 * Reads a JSON body, plain or gzip, and checks its shape. Throws a `Refusal`:
 * `COLLECTOR_ENCODING` for another type or encoding, `COLLECTOR_TOO_LARGE` before or after inflating,
 * `COLLECTOR_REQUEST` for anything that isn't the shape.
 */
export async function readJson<T extends z.ZodType>(
  request: IncomingMessage,
  shape: T,
  limits: Limits,
): Promise<z.infer<T>> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal('COLLECTOR_ENCODING', 'the body must be application/json')
  }
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'gzip' && encoding !== 'identity') {
    throw new Refusal('COLLECTOR_ENCODING', 'the body may be gzip or plain')
  }
  const sent = await readBody(request, limits.bodyBytes)
  const plain = encoding === 'gzip' ? await inflate(sent, limits.inflatedBytes) : sent
  const parsed = shape.safeParse(parseJson(plain))
  if (!parsed.success)
    throw new Refusal('COLLECTOR_REQUEST', 'the body does not have the shape of this request')
  return parsed.data
}

export function answer(response: ServerResponse, status: number, document: unknown): void {
  const body = JSON.stringify(document)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

/** One shape for every refusal: `{code, message}`, with `size`, `root` and `note` where the station can go on from there. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  if (refusal.code === 'COLLECTOR_PENDING_FULL') response.setHeader('retry-after', '3600')
  // What is left of the body is thrown away unread, so that the other side gets to the answer.
  response.req.resume()
  const { code, message, standing } = refusal
  answer(response, refusalStatus[code], { code, message, ...standing })
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new Refusal('COLLECTOR_TOO_LARGE', `the body is larger than ${limit} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  try {
    // An ordinary loop would destroy the socket when it ends early, and with it the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limit) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (thrown) {
    throw thrown instanceof Refusal ? thrown : new Refusal('COLLECTOR_REQUEST', 'the body broke off')
  }
  return Buffer.concat(chunks)
}

async function inflate(bytes: Buffer, limit: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: limit })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal('COLLECTOR_TOO_LARGE', `the body inflates to more than ${limit} bytes`)
    }
    throw new Refusal('COLLECTOR_REQUEST', 'the body is not gzip')
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal('COLLECTOR_REQUEST', 'the body is not JSON in UTF-8')
  }
}
