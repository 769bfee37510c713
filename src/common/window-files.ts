import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'

/**
 * Headers of every file of the window, whoever serves it: nothing from elsewhere runs, loads or frames it, and of the
 * powers of a page it has the camera only. `channel` is where it may connect besides its own origin, e.g.
 * `ws://127.0.0.1:8080`.
 */
export function windowHeaders(channel: string | null): Record<string, string> {
  const policy = {
    'default-src': "'self'",
    'script-src': "'self'",
    'img-src': "'self' data: blob:",
    'media-src': "'self' blob: mediastream:",
    'connect-src': channel === null ? "'self'" : `'self' ${channel}`,
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map(([name, sources]) => `${name} ${sources}`)
      .join('; '),
    'permissions-policy': 'camera=(self), microphone=(), geolocation=(), display-capture=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
}

/** A file of the built window by the path of its URL (`/` is `/index.html`), or null: absent, or outside the folder. */
export async function readWindowFile(
  folder: string,
  urlPath: string,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string } | null> {
  try {
    const root = resolve(folder)
    const path = resolve(root, `.${decodeURIComponent(urlPath === '/' ? '/index.html' : urlPath)}`)
    if (!path.startsWith(root + sep)) return null
    const bytes = new Uint8Array(await readFile(path))
    return { bytes, type: TYPES[extname(path)] ?? 'application/octet-stream' }
  } catch {
    return null
  }
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
}
