import { BrowserWindow, type Session, type WebContents } from 'electron'
import { leavesKiosk } from './keys.ts'
import { isOurs } from './origin.ts'

/**
 * The one window: full screen, without menu, with everything of Chromium that a page needs not switched off.
 * It shows nothing until it has something to show.
 */
export function openKiosk(setting: {
  readonly session: Session
  readonly preload: string
  readonly devTools: boolean
  /** While this says no, the window can't be closed by the people in front of it. */
  readonly mayClose: () => boolean
}): BrowserWindow {
  const window = new BrowserWindow({
    kiosk: true,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#ffffff',
    width: 1280,
    height: 800,
    webPreferences: {
      session: setting.session,
      preload: setting.preload,
      devTools: setting.devTools,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // The picture must stay live when a screen saver or another window covers ours.
      backgroundThrottling: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  window.on('close', (event) => {
    if (!setting.mayClose()) event.preventDefault()
  })
  return window
}

/** Keeps a page where it is: no other address, no second window, no guest, no shortcut of the browser or the desktop. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOurs(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOurs(event.url)) event.preventDefault()
  })
  contents.on('before-input-event', (event, input) => {
    if (leavesKiosk(input)) event.preventDefault()
  })
  contents.on('did-finish-load', () => void contents.setVisualZoomLevelLimits(1, 1))
}
