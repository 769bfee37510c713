import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { WebSocketServer } from 'ws'
import { Fault } from '../common/fault.ts'
import { CHANNEL_SOCKET, converse, converseOffice, OFFICE_PATH } from './channel-conversation.ts'
import { listen, oneSeat, stop } from './channel-listener.ts'
import type { StationDesk } from './desk.ts'

export { serveBrowser } from './channel-browser.ts'

/**
 * Serves the desk to Electron's main process over a Unix socket (0600, in a folder that is this user's and 0700) or a
 * named pipe. Whoever may open it is trusted as the window: the newest one, `oneSeat`.
 *
 * Throws `STATION_RUNNING` when a station answers there already, `STATION_SOCKET` when the place is not ours to use.
 */
export async function serveChannel(place: {
  readonly desk: StationDesk
  readonly socketPath: string
}): Promise<{ close(): Promise<void> }> {
  const isPipe = process.platform === 'win32'
  if (!isPipe) await preparePlace(place.socketPath)
  const channel = new WebSocketServer(CHANNEL_SOCKET)
  const server = createServer((_request, response) => response.writeHead(404).end())
  const seat = oneSeat()
  server.on('upgrade', (request, socket, head) => {
    channel.handleUpgrade(request, socket, head, (window) => {
      // A command of the same user has its own line: it must not take the kiosk's window away.
      if (request.url === OFFICE_PATH) return converseOffice(place.desk, window)
      seat.take(window)
      converse(place.desk, window)
    })
  })
  await listen(server, place.socketPath)
  if (!isPipe) await chmod(place.socketPath, 0o600)
  return {
    async close() {
      seat.clear()
      await stop(server)
    },
  }
}

async function preparePlace(socketPath: string): Promise<void> {
  const folder = dirname(socketPath)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const state = await lstat(folder)
    // Somebody else may have made the folder first, in a place that all users can write to.
    if (!state.isDirectory() || state.uid !== process.getuid?.()) {
      throw new Fault('STATION_SOCKET', `${folder} belongs to somebody else`)
    }
    await chmod(folder, 0o700)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('STATION_SOCKET', `cannot use ${folder}: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    })
  }
  if (await mayAnswer(socketPath))
    throw new Fault('STATION_RUNNING', `a station already serves ${socketPath}`)
  const left = await lstat(socketPath).catch(() => null)
  if (left === null) return
  if (!left.isSocket()) throw new Fault('STATION_SOCKET', `${socketPath} is not a socket`)
  await rm(socketPath)
}

/** A socket file outlives a station that was killed; only one on which surely nobody listens may be removed. */
function mayAnswer(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      resolve(!['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(cause.code ?? ''))
    })
  })
}
