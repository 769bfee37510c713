/** What Electron's preload exposes as `window.kiosk`: the channel to the station, and nothing else of the computer. */
export interface KioskApi {
  /** Calls the listener with every message of the station (JSON text); returns the call that ends it. */
  onMessage(listener: (text: string) => void): () => void
  /** Sends one command (JSON text). It is dropped while there is no connection. */
  send(text: string): void
  /** Sends one camera frame (JPEG). */
  frame(bytes: ArrayBuffer): void
  /** Calls the listener at once with the present state and then with every change; returns the call that ends it. */
  onConnection(listener: (connected: boolean) => void): () => void
}

declare global {
  interface Window {
    readonly kiosk?: KioskApi
  }
}
