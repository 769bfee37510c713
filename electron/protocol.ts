import type { Protocol, Session } from 'electron'
import { readWindowFile, windowHeaders } from '../src/common/window-files.ts'
import { isMadeHere, isOurs, SCHEME } from './origin.ts'

/** Makes app:// a scheme with an origin, secure and streaming, so that the camera works. Only before `ready`. */
export function declareScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** Serves the built window at app://kiosk/ and cuts this session off from everything else: network, files, downloads of anything that the page did not make. */
export function serveWindow(session: Session, uiFolder: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const file =
      request.method === 'GET' && isOurs(request.url)
        ? await readWindowFile(uiFolder, new URL(request.url).pathname)
        : null
    if (file === null) return new Response(null, { status: 404 })
    return new Response(file.bytes, { headers: { ...windowHeaders(null), 'content-type': file.type } })
  })
  session.webRequest.onBeforeRequest({ urls: OUTSIDE }, (_details, decide) => decide({ cancel: true }))
  // An export that somebody signed for: the system asks where to, and whoever signed says it.
  session.on('will-download', (event, item) => {
    if (!item.getURLChain().every(isMadeHere)) event.preventDefault()
  })
  session.setSpellCheckerEnabled(false)
}

const OUTSIDE = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*']
