import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** How to get the window's program, in one line. */
export const HOW_TO_GET_ELECTRON =
  'no Electron here: "npx install-electron" fetches it (ELECTRON_MIRROR names another server), or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked one'

/**
 * Electron's program, or null: in the folder that ELECTRON_OVERRIDE_DIST_PATH names, in node_modules/electron where
 * `install-electron` puts it, or in .electron (build/get-electron.sh). Only looks; the electron package itself must not
 * be loaded from Node, because that starts a download.
 */
export function findElectron(root: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH
  const candidates = [
    ...(override === undefined ? [] : [join(override, PROGRAM)]),
    join(root, 'node_modules/electron/dist', installedName(root)),
    join(root, '.electron', PROGRAM),
  ]
  return candidates.find((path) => existsSync(path)) ?? null
}

/**
 * Why the window can't open here, in one line for people, or null when it can.
 * Chromium's sandbox refuses root, and a kiosk without its sandbox is no kiosk.
 */
export function windowObstacle(
  electron: string | null,
  machine: { platform: string; isRoot: boolean; environment: NodeJS.ProcessEnv } = {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    environment: process.env,
  },
): string | null {
  if (electron === null) return HOW_TO_GET_ELECTRON
  if (machine.platform !== 'linux') return null
  if (machine.isRoot) return 'the window needs its sandbox and so an ordinary user; this is root'
  const { DISPLAY, WAYLAND_DISPLAY } = machine.environment
  if (!DISPLAY && !WAYLAND_DISPLAY) return 'no display here (DISPLAY and WAYLAND_DISPLAY are empty)'
  return null
}

const PROGRAM =
  { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform as string] ??
  'electron'

/** `install-electron` notes the program's name in path.txt. */
function installedName(root: string): string {
  const note = join(root, 'node_modules/electron/path.txt')
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : PROGRAM
}
