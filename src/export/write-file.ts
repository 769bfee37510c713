import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Fault } from '../common/fault.ts'

/**
 * Writes a file so that it is there whole or not at all: temporary in the same folder, flushed, renamed.
 * `beforeRename` runs when the bytes are durable; if it throws, the file never appears. `EXPORT_WRITE` when the
 * folder is missing, read-only or full.
 */
export function writeWholeFile(path: string, bytes: Uint8Array, beforeRename: () => void = () => {}): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  try {
    attempt(path, () => writeDurably(temporary, bytes))
    beforeRename()
    attempt(path, () => renameSync(temporary, path))
    syncFolder(dirname(path))
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  }
}

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
