import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { readWindowFile, windowHeaders } from '../../src/common/window-files.ts'
import { CHANNEL_SOCKET, converse } from '../../src/station/channel-conversation.ts'
import { scriptedDesk } from '../support/scripted-desk.ts'

/** The built window and a station that does what the test says, over the station's own conversation code. */
export interface ScriptedStation {
  readonly url: string
  readonly desk: ReturnType<typeof scriptedDesk>
  /** Subprotocols that windows offered, in order. */
  readonly offered: string[]
  /** Ends every connection and takes no other until `back`. */
  leave(): void
  back(): void
  close(): Promise<void>
}

/** Serves `uiFolder` on a free port of the loopback interface, with the product's own headers. */
export async function serveScripted(uiFolder: string): Promise<ScriptedStation> {
  const desk = scriptedDesk()
  const offered: string[] = []
  const windows = new Set<WebSocket>()
  let away = false
  const channel = new WebSocketServer({
    ...CHANNEL_SOCKET,
    handleProtocols: (protocols) => [...protocols][0] ?? false,
  })
  const server = createServer(async (request, response) => {
    const file = await readWindowFile(uiFolder, request.url ?? '/')
    const headers = windowHeaders(`ws://${request.headers.host}`)
    if (file === null) return void response.writeHead(404, headers).end()
    response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.bytes)
  })
  server.on('upgrade', (request, socket, head) => {
    if (away || request.url !== '/channel') return void socket.destroy()
    offered.push(request.headers['sec-websocket-protocol'] ?? '')
    channel.handleUpgrade(request, socket, head, (window) => {
      windows.add(window)
      window.on('close', () => windows.delete(window))
      converse(desk, window)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const leave = (): void => {
    away = true
    for (const window of windows) window.terminate()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    desk,
    offered,
    leave,
    back() {
      away = false
    },
    close() {
      leave()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}
