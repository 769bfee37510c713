import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { CHANNEL_CLOSE } from '../src/common/channel-close.ts'
import { type Command, MAX_FRAME_BYTES, type ServerMessage } from '../src/station/protocol.ts'

/** The window's end of the station's local socket. */
export interface StationLink {
  /** Whether the station got it. A command isn't kept for later: it was about the state that people saw. */
  send(command: Command): boolean
  /** Whether the frame was sent; it is dropped while the station hasn't taken the ones before. */
  frame(jpeg: Uint8Array): boolean
  close(): void
}

/**
 * Connects to the station, and again whenever the connection ends: at once, then more slowly, at least every
 * `LONGEST_WAIT_MS`. Tells by `onConnection` when it has one and when it lost it; messages come in the order sent.
 */
export function linkStation(place: {
  readonly socketPath: string
  readonly onMessage: (text: string, type: ServerMessage['type']) => void
  readonly onConnection: (connected: boolean) => void
}): StationLink {
  let dialled: WebSocket | undefined
  let socket: WebSocket | null = null
  let retry: NodeJS.Timeout | undefined
  let wait = FIRST_WAIT_MS
  let ended = false

  const dial = () => {
    const peer = new WebSocket('ws://localhost/channel', {
      createConnection: () => connect(place.socketPath),
      perMessageDeflate: false,
    })
    dialled = peer
    peer.on('open', () => {
      socket = peer
      wait = FIRST_WAIT_MS
      place.onConnection(true)
    })
    peer.on('message', (raw) => {
      const text = raw.toString()
      const type = typeOf(text)
      if (type !== null) place.onMessage(text, type)
    })
    // A refused connection emits 'close' as well.
    peer.on('error', () => undefined)
    peer.on('close', (code) => {
      if (socket === peer) {
        socket = null
        place.onConnection(false)
      }
      // Coming back would only take turns with the newer window.
      if (ended || code === CHANNEL_CLOSE.replaced) return
      retry = setTimeout(dial, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    })
  }
  dial()

  return {
    send(command) {
      socket?.send(JSON.stringify(command))
      return socket !== null
    },
    frame(jpeg) {
      if (socket === null || socket.bufferedAmount > MAX_FRAME_BYTES) return false
      socket.send(jpeg)
      return true
    },
    close() {
      ended = true
      clearTimeout(retry)
      dialled?.terminate()
    },
  }
}

function typeOf(text: string): ServerMessage['type'] | null {
  try {
    const { type } = JSON.parse(text) as ServerMessage
    return type === 'snapshot' || type === 'refused' || type === 'answer' ? type : null
  } catch {
    return null
  }
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 3000
