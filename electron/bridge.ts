import type { IpcMain } from 'electron'
import { z } from 'zod'
import { command, MAX_FRAME_BYTES, type Refused } from '../src/station/protocol.ts'
import { handle } from './ipc.ts'
import { linkStation, type StationLink } from './station-link.ts'

/**
 * Joins the window to the station: commands and frames inward, snapshots and refusals outward as the JSON text that the
 * station sent, `kiosk:connection` when the station comes or goes. A page that has just loaded asks with `kiosk:attend`
 * and is shown the newest of both.
 */
export function bridge(ends: {
  readonly ipc: Pick<IpcMain, 'handle'>
  readonly socketPath: string
  /** Shows the window something; a window that is gone is shown nothing. */
  readonly show: (channel: 'kiosk:message' | 'kiosk:connection', value: string | boolean) => void
}): StationLink {
  const { ipc, show } = ends
  let newest: string | null = null
  let isConnected = false

  const link = linkStation({
    socketPath: ends.socketPath,
    onMessage(text, type) {
      if (type === 'snapshot') newest = text
      show('kiosk:message', text)
    },
    onConnection(connected) {
      isConnected = connected
      newest = null
      show('kiosk:connection', connected)
    },
  })

  handle(ipc, 'kiosk:attend', z.undefined(), () => {
    show('kiosk:connection', isConnected)
    if (newest !== null) show('kiosk:message', newest)
  })
  handle(ipc, 'kiosk:command', commandText, (wish) => {
    const away: Refused = { type: 'refused', command: wish.type, code: 'STATION_AWAY' }
    if (!link.send(wish)) show('kiosk:message', JSON.stringify(away))
  })
  handle(ipc, 'kiosk:frame', frameBytes, (bytes) => void link.frame(new Uint8Array(bytes)))
  return link
}

const commandText = z
  .string()
  .max(4096)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue('not JSON')
      return z.NEVER
    }
  })
  .pipe(command)

const frameBytes = z.instanceof(ArrayBuffer).refine((bytes) => bytes.byteLength <= MAX_FRAME_BYTES)
