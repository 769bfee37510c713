import type { Input } from 'electron'

/**
 * Keys with Ctrl, Alt or Meta and the function keys: reload, close, zoom, print, developer tools, full screen, back.
 * The window's fields take digits and letters only, so nothing that a person needs is among them.
 */
export function leavesKiosk(input: Pick<Input, 'key' | 'control' | 'alt' | 'meta'>): boolean {
  return input.control || input.alt || input.meta || /^(F\d{1,2}|Browser\w+|Launch\w+)$/.test(input.key)
}
