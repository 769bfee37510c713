import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { type ClientOptions, WebSocket } from 'ws'
import type { ServerMessage } from '../../src/station/protocol.ts'

/** The window's end of a channel, as a test sees it. */
export interface WindowPeer {
  readonly socket: WebSocket
  /** The server's answer to the handshake. */
  readonly upgrade: IncomingMessage
  readonly messages: ServerMessage[]
  readonly closed: Promise<number>
  /** The first message that fits, already here or still to come. */
  message(fits: (message: ServerMessage) => boolean): Promise<ServerMessage>
}

/** Connects over a Unix socket or named pipe. Rejects when nobody answers. */
export function peerOverSocket(path: string): Promise<WindowPeer> {
  return opened(new WebSocket('ws://localhost/channel', { createConnection: () => connect(path) }))
}

/** Connects over TCP, as a browser would with these headers. Rejects with `HTTP <status>` when refused. */
export function peerOverTcp(url: string, protocols: string[], options: ClientOptions): Promise<WindowPeer> {
  return opened(new WebSocket(url, protocols, options))
}

function opened(socket: WebSocket): Promise<WindowPeer> {
  const messages: ServerMessage[] = []
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.on('message', (raw) => messages.push(JSON.parse(raw.toString())))
  const message = (fits: (message: ServerMessage) => boolean) =>
    new Promise<ServerMessage>((resolve, reject) => {
      const look = () => {
        const found = messages.find(fits)
        if (found !== undefined) resolve(found)
      }
      socket.on('message', look)
      void closed.then((code) => reject(new Error(`closed with ${code} before the message came`)))
      look()
    })
  return new Promise((resolve, reject) => {
    socket.on('upgrade', (upgrade) => {
      socket.on('open', () => resolve({ socket, upgrade, messages, closed, message }))
    })
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)))
  })
}
