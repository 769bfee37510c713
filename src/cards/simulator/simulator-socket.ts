import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A place for a simulator's socket that nobody else uses, and what takes it away again. */
export interface OwnSocket {
  readonly path: string
  remove(): void
}

/** The given path, or a new one: in a folder of this user alone, on Windows a pipe with a name that nobody guesses. */
export function ownSocket(path?: string): OwnSocket {
  if (path !== undefined) return { path, remove: () => {} }
  if (process.platform === 'win32')
    return { path: `\\\\.\\pipe\\shidao-sim-${randomBytes(8).toString('hex')}`, remove: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'shidao-sim-'))
  return { path: join(folder, 'reader'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
