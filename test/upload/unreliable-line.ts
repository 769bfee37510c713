import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of one request on its way. */
export type Accident =
  | 'none'
  /** Lost before the collector saw it. */
  | 'request-lost'
  /** The collector did it, and the answer was lost. */
  | 'answer-lost'
  | 'half-an-answer'
  /** Nothing ever comes back; the connection stays open. */
  | 'silence'
  /** Delivered two times, the second answer comes back. */
  | 'twice'
  /** Delivered, and an older request once more behind it. */
  | 'late-duplicate'
  /** Delivered, and what comes back is the answer to the first request of all. */
  | 'old-answer'
  | 'busy'
  | 'server-error'
  | 'garbage'
  | 'endless'
  | 'wrong-json'

/** A real HTTP proxy on loopback that does to requests what networks and gateways do. */
export interface UnreliableLine {
  readonly url: string
  /** Where the other end is; may change when a collector restarts. */
  target: string
  /** Asked before each request. */
  next: () => Accident
  /** What happened so far. */
  readonly counts: Map<Accident, number>
  close(): Promise<void>
}

export async function openLine(target: string, next: () => Accident = () => 'none'): Promise<UnreliableLine> {
  const counts = new Map<Accident, number>()
  const delivered: Delivery[] = []
  let first: Delivered | undefined
  const server = createServer((incoming, response) => {
    const accident = line.next()
    counts.set(accident, (counts.get(accident) ?? 0) + 1)
    pass(accident, incoming, response).catch(() => response.destroy())
  })

  async function pass(
    accident: Accident,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>))
    const { method = 'GET', url = '/', headers } = incoming
    const delivery = { method, path: url, headers, body }
    switch (accident) {
      case 'request-lost':
        response.destroy()
        return
      case 'silence':
        return
      case 'busy':
        response.writeHead(503, { 'retry-after': '0' }).end('<h1>503 Service Unavailable</h1>')
        return
      case 'server-error':
        response.writeHead(500).end('{"code":"OOPS"')
        return
      case 'garbage':
        response.end(Buffer.from([0xff, 0xfe, 0x00, ...body.subarray(0, 500)]))
        return
      case 'endless':
        for (let sent = 0; sent < 50 && !response.destroyed; sent++)
          response.write(Buffer.alloc(64 * 1024, 'x'))
        return
      case 'wrong-json':
        response.end('{"size":-1,"root":null,"note":["?"]}')
        return
    }
    const answer = await deliver(line.target, delivery)
    delivered.push(delivery)
    if (accident === 'answer-lost') {
      response.destroy()
      return
    }
    if (accident === 'half-an-answer') {
      response.writeHead(answer.status, { 'content-length': answer.body.length })
      response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy())
      return
    }
    if (accident === 'late-duplicate') {
      await deliver(line.target, delivered[Math.floor(delivered.length / 2)]!)
    }
    first ??= answer
    const last =
      accident === 'old-answer' ? first : accident === 'twice' ? await deliver(line.target, delivery) : answer
    response.writeHead(last.status, { 'content-type': 'application/json' }).end(last.body)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const line: UnreliableLine = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    next,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return line
}

interface Delivery {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

interface Delivered {
  readonly status: number
  readonly body: Buffer
}

function deliver(target: string, { method, path, headers, body }: Delivery) {
  return new Promise<Delivered>((resolve, reject) => {
    const sent = request(new URL(path, target), { method, headers, agent: false }, (answer) => {
      Array.fromAsync(answer as AsyncIterable<Buffer>)
        .then((chunks) => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }))
        .catch(reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
