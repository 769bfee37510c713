import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { readWindowFile, windowHeaders } from '../common/window-files.ts'
import { CHANNEL_SOCKET, converse } from './channel-conversation.ts'
import { listen, oneSeat, stop } from './channel-listener.ts'
import type { StationDesk } from './desk.ts'

/**
 * Serves the same window to a browser of this machine, over the loopback interface only.
 *
 * `url` ends with a one-time token (256 bits, in the fragment, which is never sent). The page offers it once as the
 * subprotocol `shidao.<token>` of its WebSocket at `/channel`; the answer binds that browser by a cookie that scripts
 * can't read, and with it the page reconnects. Anyone who comes later with the token gets 401. The Host and Origin
 * headers must be this server's own, so that no other site can reach it through the browser (DNS rebinding).
 *
 * One window at a time, the newest wins (`oneSeat`): a second tab of the bound browser takes over.
 * `uiFolder` is the built window, `port` 0 or absent picks a free one. Throws `STATION_RUNNING`, `STATION_SOCKET`.
 */
export async function serveBrowser(place: {
  readonly desk: StationDesk
  readonly uiFolder: string
  readonly port?: number
}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const channel = new WebSocketServer({
    ...CHANNEL_SOCKET,
    // A browser that offered a subprotocol fails the connection unless one comes back.
    handleProtocols: (offered) => [...offered][0] ?? false,
  })
  const server = createServer()
  const seat = oneSeat()
  await listen(server, { host: '127.0.0.1', port: place.port ?? 0 })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const admission = admitOneBrowser()
  const headers = windowHeaders(`ws://${host}`)

  channel.on('headers', (lines, request) => {
    const cookie = admission.cookieFor(request)
    if (cookie !== null) lines.push(`Set-Cookie: ${cookie}`)
  })
  server.on('request', (request, response) => void serveFile(request, response))
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.host !== host || request.headers.origin !== `http://${host}`) {
      return refuse(socket, '403 Forbidden')
    }
    if (request.url !== '/channel') return refuse(socket, '404 Not Found')
    if (!admission.admits(request)) return refuse(socket, '401 Unauthorized')
    channel.handleUpgrade(request, socket, head, (window) => {
      seat.take(window)
      converse(place.desk, window)
    })
  })

  async function serveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.host !== host) return void response.writeHead(403).end()
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end()
    const file = await readWindowFile(place.uiFolder, (request.url ?? '/').split('?')[0] ?? '/')
    if (file === null) return void response.writeHead(404, headers).end()
    response.writeHead(200, { ...headers, 'content-type': file.type, 'content-length': file.bytes.length })
    response.end(request.method === 'HEAD' ? undefined : file.bytes)
  }

  return {
    url: `http://${host}/#token=${admission.token}`,
    async close() {
      seat.clear()
      await stop(server)
    },
  }
}

/** The token opens once; whoever opened with it then has the cookie. */
function admitOneBrowser(): {
  readonly token: string
  admits(request: IncomingMessage): boolean
  /** What to set in the answer to the request that opened with the token, else null. */
  cookieFor(request: IncomingMessage): string | null
} {
  const token = randomBytes(32).toString('base64url')
  const session = randomBytes(32).toString('base64url')
  let opener: IncomingMessage | null = null
  return {
    token,
    admits(request) {
      if (same(cookieOf(request), session)) return true
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim())
      if (opener !== null || !offered.some((word) => same(word, `shidao.${token}`))) return false
      opener = request
      return true
    },
    cookieFor(request) {
      if (request !== opener) return null
      return `${COOKIE}=${session}; Path=/channel; HttpOnly; SameSite=Strict`
    },
  }
}

function cookieOf(request: IncomingMessage): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
}

function same(given: string | undefined, secret: string): boolean {
  const bytes = Buffer.from(given ?? '')
  const wanted = Buffer.from(secret)
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

const COOKIE = 'shidao_window'
