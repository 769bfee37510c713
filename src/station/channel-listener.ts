import type { Server } from 'node:http'
import type { WebSocket } from 'ws'
import { CHANNEL_CLOSE } from '../common/channel-close.ts'
import { Fault } from '../common/fault.ts'

/**
 * The one place for a window; the newest wins. A window that was reloaded after a crash must not wait until the system
 * notices that its old connection is dead. The window before is closed with `CHANNEL_CLOSE.replaced`.
 */
export function oneSeat(): { take(window: WebSocket): void; clear(): void } {
  const present = new Set<WebSocket>()
  return {
    take(window) {
      for (const earlier of present) earlier.close(CHANNEL_CLOSE.replaced, 'a newer window took over')
      present.add(window)
      window.once('close', () => present.delete(window))
    },
    clear() {
      for (const window of present) window.terminate()
    },
  }
}

/** Listens on a socket path or a port of the loopback interface. Throws `STATION_SOCKET` or `STATION_RUNNING`. */
export function listen(server: Server, where: string | { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const place = typeof where === 'string' ? where : `port ${where.port}`
      if (cause.code === 'EADDRINUSE')
        reject(new Fault('STATION_RUNNING', `${place} is already served`, { cause }))
      else reject(new Fault('STATION_SOCKET', `cannot listen on ${place}: ${cause.code}`, { cause }))
    })
    server.listen(where, resolve)
  })
}

/** Ends a server with every connection that it still has. */
export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
