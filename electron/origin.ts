/** The window's own scheme: a secure context with an origin, unlike file://. */
export const SCHEME = 'app'
export const WINDOW_ORIGIN = `${SCHEME}://kiosk`
export const WINDOW_URL = `${WINDOW_ORIGIN}/`

/** Whether a URL is a page of ours. Anything that isn't a URL is not. */
export function isOurs(url: string): boolean {
  try {
    const parsed = new URL(url)
    return parsed.protocol === `${SCHEME}:` && parsed.host === 'kiosk'
  } catch {
    return false
  }
}

/** Whether a download is a file that our own page made: nothing from elsewhere is ever saved. */
export function isMadeHere(url: string): boolean {
  return url.startsWith(`blob:${WINDOW_ORIGIN}/`)
}
