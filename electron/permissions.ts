import type { Session } from 'electron'
import { isOurs } from './origin.ts'

/** What a page asks for, in the words of Electron's two permission handlers. */
interface Wish {
  readonly permission: string
  readonly url: string
  readonly media: readonly string[]
}

/** The camera's picture, for our own page, and nothing else: no microphone, no place, no device, no notification. */
export function mayHave(wish: Wish): boolean {
  const isCamera = wish.permission === 'media' && wish.media.length > 0
  return isCamera && wish.media.every((kind) => kind === 'video') && isOurs(wish.url)
}

/** Electron grants everything unless both handlers say no (and a third one for HID, serial and USB). */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    decide(details.isMainFrame && mayHave({ permission, url: details.requestingUrl, media }))
  })
  session.setPermissionCheckHandler((_contents, permission, url, details) => {
    const media = details.mediaType === undefined ? [] : [details.mediaType]
    return details.isMainFrame && mayHave({ permission, url, media })
  })
  session.setDevicePermissionHandler(() => false)
}
