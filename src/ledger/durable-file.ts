import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a file that either isn't there or is whole, through a power cut too: written aside, synced, linked to its
 * name, and the folder synced. Never replaces a file: throws the system's `EEXIST`, and its other errors as they are.
 */
export function createDurably(path: string, content: string | Uint8Array, mode: number): void {
  const draft = `${path}.${process.pid}.draft`
  rmSync(draft, { force: true })
  try {
    const file = openSync(draft, 'wx', mode)
    try {
      writeFileSync(file, content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    giveFreeName(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(dirname(path))
}

/** Gives a file that was written aside its name, durably, if the name is free; else throws the system's `EEXIST`. */
export function publishDurably(draft: string, path: string): void {
  const file = openSync(draft, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  giveFreeName(draft, path)
  rmSync(draft)
  syncFolder(dirname(path))
}

/** Unlike a rename, a link fails if the name is taken. */
function giveFreeName(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (cause) {
    if (!LINKLESS.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause
    // A stick (FAT, exFAT) has no links. A power cut in between can leave half a file there, and no other one touched.
    copyFileSync(draft, path, constants.COPYFILE_EXCL)
    const file = openSync(path, 'r+')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
}

const LINKLESS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** Gives a file that is durable already the name of another one, which is gone then; durably. */
export function replaceDurably(draft: string, path: string): void {
  renameSync(draft, path)
  syncFolder(dirname(path))
}

function syncFolder(dir: string): void {
  // Windows can't open a folder; NTFS journals the entry itself.
  if (process.platform === 'win32') return
  const folder = openSync(dir, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
