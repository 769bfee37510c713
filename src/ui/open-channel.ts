import { bridgeChannel } from './bridge-channel.ts'
import type { KioskChannel } from './channel.ts'
import { socketChannel, takeToken } from './socket-channel.ts'

/** Electron's bridge where the preload exposes one, else the WebSocket of the server that served this page. */
export function openChannel(page: Window): KioskChannel {
  if (page.kiosk !== undefined) return bridgeChannel(page.kiosk)
  const scheme = page.location.protocol === 'https:' ? 'wss' : 'ws'
  return socketChannel(`${scheme}://${page.location.host}/channel`, takeToken(page))
}
