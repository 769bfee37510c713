import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, ipcMain, Menu, powerSaveBlocker, protocol, session } from 'electron'
import { z } from 'zod'
import { bridge } from './bridge.ts'
import { handle } from './ipc.ts'
import { WINDOW_URL } from './origin.ts'
import { guardPermissions } from './permissions.ts'
import { declareScheme, serveWindow } from './protocol.ts'
import { keepAlive } from './recovery.ts'
import { guardContents, openKiosk } from './window.ts'

/*
 * electron --station-socket=PATH [--supervised]
 *
 * The kiosk's window and nothing else: the station is another process (ARCHITECTURE.md). `--supervised` says that
 * somebody starts this program again when it ends with EXIT_AGAIN, so that it needn't do that itself.
 */
const EXIT_AGAIN = 75
const EXIT_BUG = 70
const HERE = dirname(fileURLToPath(import.meta.url))

app.enableSandbox()
declareScheme(protocol)
Menu.setApplicationMenu(null)
app.on('web-contents-created', (_event, contents) => guardContents(contents))
app.on('child-process-gone', (_event, details) =>
  log('SYSTEM_CHILD_GONE', `${details.type} ${details.reason}`),
)
process.on('uncaughtException', (error) => {
  log('SYSTEM_UNEXPECTED', error.message)
  app.exit(EXIT_BUG)
})

if (app.requestSingleInstanceLock()) void app.whenReady().then(open)
else app.exit(0)

function open(): void {
  const socketPath = app.commandLine.getSwitchValue('station-socket')
  if (socketPath === '') {
    log('USAGE_OPTION', '--station-socket=PATH is missing')
    app.exit(2)
    return
  }
  // Not persistent: nothing of the people in front of it is kept on the disk.
  const kiosk = session.fromPartition('kiosk')
  guardPermissions(kiosk)
  serveWindow(kiosk, join(HERE, '../ui'))

  let isQuitting = false
  app.on('before-quit', () => {
    isQuitting = true
  })
  const window = openKiosk({
    session: kiosk,
    preload: join(HERE, 'preload.cjs'),
    devTools: !app.isPackaged,
    mayClose: () => isQuitting,
  })
  const contents = window.webContents
  const watch = keepAlive({ contents, log, giveUp })
  handle(ipcMain, 'kiosk:alive', z.undefined(), () => watch.alive())
  const link = bridge({
    ipc: ipcMain,
    socketPath,
    show: (channel, value) => {
      if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, value)
    },
  })
  const display = powerSaveBlocker.start('prevent-display-sleep')
  app.on('will-quit', () => {
    watch.stop()
    link.close()
    powerSaveBlocker.stop(display)
  })
  void window.loadURL(WINDOW_URL).catch(() => undefined) // did-fail-load tells `watch`
}

/** The window fails again and again: begin anew with a new program. */
function giveUp(): void {
  const isSupervised = app.commandLine.hasSwitch('supervised')
  if (!isSupervised) app.relaunch()
  app.exit(isSupervised ? EXIT_AGAIN : 0)
}

function log(code: string, reason: string): void {
  process.stderr.write(`${code} ${reason.split('\n')[0]}\n`)
}
