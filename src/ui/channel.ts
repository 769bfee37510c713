import type { Command, FrameFacts, ServerMessage } from '../station/protocol.ts'

/**
 * `connecting` until the first connection, `lost` when one ended or never came, `barred` when the station doesn't let
 * this page in (its one-time address was used), `replaced` when a newer window took over.
 */
export type Connection = 'connecting' | 'connected' | 'lost' | 'barred' | 'replaced'

/** The window's line to the station, whatever carries it. */
export interface KioskChannel {
  /** Calls the listener with every message; returns the call that ends it. */
  onMessage(listener: (message: ServerMessage) => void): () => void
  /** A command isn't kept for later when there is no connection: it was about what people saw. */
  send(command: Command): void
  /** One camera frame, JPEG, and what the browser says of it (null: nothing). */
  frame(jpeg: Blob, facts: FrameFacts | null): void
  /** Bytes that wait to be sent: frames are skipped while it is high. */
  readonly waitingBytes: number
  /** Calls the listener at once with the present state and then with every change; returns the call that ends it. */
  onConnection(listener: (connection: Connection) => void): () => void
}

/** A message of the station, or null when it isn't one. */
export function parseMessage(text: string): ServerMessage | null {
  try {
    const message = JSON.parse(text) as ServerMessage
    return ['snapshot', 'refused', 'answer'].includes(message.type) ? message : null
  } catch {
    return null
  }
}

/** The command that tells the facts of the frame that follows, JSON text. */
export function frameCommand(facts: FrameFacts): string {
  return JSON.stringify({ type: 'frame', facts } satisfies Command)
}
