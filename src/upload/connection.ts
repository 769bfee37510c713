import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIPv4 } from 'node:net'
import { failed, ok, type Result } from '../common/result.ts'
import { UploadFault } from './upload-fault.ts'

export interface Endpoint {
  /** Base address of the collector. */
  readonly url: URL
  /** PEM of the authority to trust instead of the system's. */
  readonly ca?: string
  /** For a whole exchange, from connecting to the last byte of the answer, ms. */
  readonly timeoutMs: number
}

export interface Question {
  readonly method: 'GET' | 'POST'
  /** Below the base address, without a leading slash. */
  readonly path: string
  /** JSON, already compressed with gzip. */
  readonly body?: Uint8Array
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/** A collector's answer is a checkpoint and a few words; anything larger isn't one. */
const LARGEST_ANSWER = 64 * 1024

/**
 * Reads the collector's address from the configuration. Throws `UPLOAD_URL` for what isn't http(s), and
 * `UPLOAD_INSECURE` for plain http to anything but this very machine (RFC 6761: `localhost` is loopback).
 */
export function collectorUrl(text: string): URL {
  let url: URL
  try {
    url = new URL(text.endsWith('/') ? text : `${text}/`)
  } catch (cause) {
    throw new UploadFault('UPLOAD_URL', 'the address of the collector is not a URL', { cause })
  }
  if (
    !['http:', 'https:'].includes(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new UploadFault('UPLOAD_URL', 'the address of the collector must be https://host[:port][/path]')
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new UploadFault('UPLOAD_INSECURE', 'plain http is for a collector on this machine only: use https')
  }
  return url
}

/**
 * Asks once. Total: a refused connection, a reset, a certificate that doesn't verify, silence, an endless or
 * oversized answer all give a fault. Redirects are not followed: records go where the configuration says.
 */
export function exchange(
  endpoint: Endpoint,
  question: Question,
  stop: AbortSignal,
): Promise<Result<Answer, UploadFault>> {
  const deadline = AbortSignal.timeout(endpoint.timeoutMs)
  const { url, ca } = endpoint
  const { method, path, body } = question
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    const lost = (cause: unknown) => resolve(failed(faultOf(cause, deadline, stop)))
    try {
      const request = send(new URL(path, url), {
        method,
        headers:
          body === undefined
            ? {}
            : {
                'content-type': 'application/json',
                'content-encoding': 'gzip',
                'content-length': body.length,
              },
        signal: AbortSignal.any([deadline, stop]),
        agent: false,
        ...(ca === undefined ? {} : { ca }),
      })
      request.once('error', lost)
      request.once('response', (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.once('error', lost)
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          chunks.push(chunk)
          if (size > LARGEST_ANSWER)
            response.destroy(new UploadFault('UPLOAD_ANSWER', 'the answer is too long'))
        })
        response.once('end', () => {
          resolve(
            ok({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          )
        })
        response.once('close', () => lost(new Error('the connection closed inside the answer')))
      })
      request.end(body)
    } catch (thrown) {
      lost(thrown)
    }
  })
}

function faultOf(cause: unknown, deadline: AbortSignal, stop: AbortSignal): UploadFault {
  if (cause instanceof UploadFault) return cause
  if (stop.aborted) return new UploadFault('UPLOAD_STOPPED', 'uploading was stopped', { cause })
  if (deadline.aborted)
    return new UploadFault('UPLOAD_TIMEOUT', 'the collector did not answer in time', { cause })
  const code = String((cause as NodeJS.ErrnoException).code ?? 'unknown')
  if (code.startsWith('HPE_'))
    return new UploadFault('UPLOAD_ANSWER', 'what answered does not speak HTTP', { cause })
  if (/CERT|ISSUER|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO/.test(code)) {
    return new UploadFault('UPLOAD_TLS', `the collector could not prove who it is (${code})`, { cause })
  }
  return new UploadFault('UPLOAD_UNREACHABLE', `no connection to the collector (${code})`, { cause })
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
}
