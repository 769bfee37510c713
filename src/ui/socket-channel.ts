import { CHANNEL_CLOSE } from '../common/channel-close.ts'
import type { ServerMessage } from '../station/protocol.ts'
import { type Connection, frameCommand, type KioskChannel, parseMessage } from './channel.ts'
import { Listeners } from './listeners.ts'

/**
 * The one-time token of this page's address (`#token=…`), which is then gone from the address bar and the history.
 * Null without one: a page that was let in before is let in again by its cookie.
 */
export function takeToken(page: Pick<Window, 'location' | 'history'>): string | null {
  const token = new URLSearchParams(page.location.hash.slice(1)).get('token')
  if (token !== null) page.history.replaceState(null, '', page.location.pathname)
  return token
}

/** The channel over a WebSocket of this origin; connects again by itself, after 0.3 s first and every 5 s at last. */
export function socketChannel(url: string, token: string | null): KioskChannel {
  const messages = new Listeners<ServerMessage>()
  const connections = new Listeners<Connection>()
  let connection: Connection = 'connecting'
  let socket: WebSocket | null = null
  let wait = FIRST_WAIT_MS
  let failures = 0

  const become = (next: Connection): void => {
    if (next === connection) return
    connection = next
    connections.tell(next)
  }

  const dial = (): void => {
    const peer = new WebSocket(url, token === null ? [] : [`shidao.${token}`])
    peer.addEventListener('open', () => {
      socket = peer
      wait = FIRST_WAIT_MS
      failures = 0
      become('connected')
    })
    peer.addEventListener('message', ({ data }) => {
      const message = typeof data === 'string' ? parseMessage(data) : null
      if (message !== null) messages.tell(message)
    })
    peer.addEventListener('close', ({ code }) => {
      socket = null
      // The newer window has the seat; coming back would only take turns with it.
      if (code === CHANNEL_CLOSE.replaced) return become('replaced')
      failures += 1
      become(connection === 'connecting' || connection === 'barred' ? neverIn(failures) : 'lost')
      setTimeout(dial, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    })
  }
  dial()

  return {
    onMessage: (listener) => messages.add(listener),
    onConnection(listener) {
      listener(connection)
      return connections.add(listener)
    },
    send: (command) => socket?.send(JSON.stringify(command)),
    frame(jpeg, facts) {
      if (facts !== null) socket?.send(frameCommand(facts))
      socket?.send(jpeg)
    },
    get waitingBytes() {
      return socket?.bufferedAmount ?? 0
    },
  }
}

/** The server that gave us this page lives, so being turned away again and again means that it doesn't let us in. */
function neverIn(failures: number): Connection {
  return failures < FAILURES_THAT_BAR ? 'connecting' : 'barred'
}

const FAILURES_THAT_BAR = 2
const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 5000
