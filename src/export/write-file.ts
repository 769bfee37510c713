import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Fault } from '../common/fault.ts'

/**
 * Writes a file so that it is there whole or not at all: temporary in the same folder, flushed, renamed.
 * `beforeRename` runs when the bytes are durable; if it throws, the file never appears. `EXPORT_WRITE` when the
 * folder is missing, read-only or full.
 */
export function writeWholeFile(path: string, bytes: Uint8Array, beforeRename: () => void = () => {}): void {
  const temporary = writeAside(path, bytes)
  try {
    beforeRename()
    giveName(temporary, path)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  }
}

/** The first half of `writeWholeFile`: gives the path of the durable bytes beside `path`, and leaves nothing if it throws. */
export function writeAside(path: string, bytes: Uint8Array): string {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}${ASIDE}`)
  try {
    attempt(path, () => writeDurably(temporary, bytes))
    return temporary
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  }
}

/** The second half: the bytes get their name. */
export function giveName(temporary: string, path: string): void {
  attempt(path, () => renameSync(temporary, path))
  syncFolder(dirname(path))
}

/** How the name of a file ends that has not got its own yet. */
export const ASIDE = '.part'

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w', 0o600)
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The rename itself has to survive a power cut. Windows cannot open a folder; its rename is journalled. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function attempt(path: string, write: () => void): void {
  try {
    write()
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('EXPORT_WRITE', `cannot write ${path} (${reason})`, { cause })
  }
}
