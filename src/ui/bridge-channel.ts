import type { ServerMessage } from '../station/protocol.ts'
import { type Connection, frameCommand, type KioskChannel, parseMessage } from './channel.ts'
import type { KioskApi } from './kiosk-api.ts'
import { Listeners } from './listeners.ts'

/** The channel over Electron's preload. The main process holds the connection and drops frames that it can't pass on. */
export function bridgeChannel(kiosk: KioskApi): KioskChannel {
  const messages = new Listeners<ServerMessage>()
  const connections = new Listeners<Connection>()
  let connection: Connection = 'connecting'
  let waitingBytes = 0
  const become = (next: Connection): void => {
    connection = next
    connections.tell(next)
  }

  kiosk.onMessage((text) => {
    const message = parseMessage(text)
    if (message !== null) messages.tell(message)
  })
  kiosk.onConnection((connected) => {
    if (connected || connection !== 'connecting') become(connected ? 'connected' : 'lost')
  })
  setTimeout(() => {
    if (connection === 'connecting') become('lost')
  }, PATIENCE_MS)

  return {
    onMessage: (listener) => messages.add(listener),
    onConnection(listener) {
      listener(connection)
      return connections.add(listener)
    },
    send: (command) => kiosk.send(JSON.stringify(command)),
    frame(jpeg, facts) {
      waitingBytes += jpeg.size
      void jpeg.arrayBuffer().then((bytes) => {
        waitingBytes -= jpeg.size
        if (facts !== null) kiosk.send(frameCommand(facts))
        kiosk.frame(bytes)
      })
    },
    get waitingBytes() {
      return waitingBytes
    },
  }
}

/** A station starts its models in a few seconds; one that takes longer needs somebody. */
const PATIENCE_MS = 30_000
