import { contextBridge, ipcRenderer } from 'electron'
import type { KioskApi } from '../src/ui/kiosk-api.ts'

/*
 * All that the page has of the computer. Functions only: neither ipcRenderer nor its event objects get out.
 * The main process checks whatever comes from here as if a stranger had sent it (ipc.ts).
 */
let isConnected = false
const messageListeners = new Set<(text: string) => void>()
const connectionListeners = new Set<(connected: boolean) => void>()

ipcRenderer.on('kiosk:message', (_event, text: string) => {
  for (const listener of messageListeners) listener(text)
})
ipcRenderer.on('kiosk:connection', (_event, connected: boolean) => {
  isConnected = connected
  for (const listener of connectionListeners) listener(connected)
})
// Answered by the page's own thread, so that a page whose script hangs is silent.
ipcRenderer.on('kiosk:beat', () => void ipcRenderer.invoke('kiosk:alive'))

contextBridge.exposeInMainWorld('kiosk', {
  onMessage(listener) {
    messageListeners.add(listener)
    void ipcRenderer.invoke('kiosk:attend')
    return () => messageListeners.delete(listener)
  },
  send(text) {
    void ipcRenderer.invoke('kiosk:command', text)
  },
  frame(bytes) {
    void ipcRenderer.invoke('kiosk:frame', bytes)
  },
  onConnection(listener) {
    connectionListeners.add(listener)
    listener(isConnected)
    return () => connectionListeners.delete(listener)
  },
} satisfies KioskApi)
