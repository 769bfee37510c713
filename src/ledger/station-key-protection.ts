import { chownSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../common/fault.ts'
import { createDurably, replaceDurably } from './durable-file.ts'
import { gmKeyState, rewrapGmKey } from './gm-key.ts'
import type { KeyVault } from './key-vault.ts'
import { storeFault } from './sqlite.ts'
import {
  CREDENTIAL_FILE,
  formatKeyFile,
  type KeyContent,
  newWrapping,
  readKeyFile,
  STATION_KEY_FILE,
  type Wrapping,
} from './station-key-file.ts'

/*
 * To wrap a station's key, or take it out again, in an order in which a power cut anywhere leaves one file that opens:
 * the wrapping key becomes durable first; the new file is written aside, synced and opened again from the disk; only then
 * it takes the place of the old one. Call it by whoever holds the writer's place of the folder.
 */

/**
 * Has the secrets of `station.key`, and the second tree's key, sealed under a key that the vault keeps. What was in the clear before may still lie
 * in free blocks of the disk and in old copies: a change of keys after it (rekey.ts) makes the signing key a new one.
 * Faults: `LEDGER_KEY_PROTECTED` (it is already), `LEDGER_KEY_VAULT`, and those of `readKeyFile` and `storeFault`.
 */
export function protectStationKey(dir: string, vault: KeyVault): void {
  const { content, wrapping: present } = readKeyFile(join(dir, STATION_KEY_FILE))
  if (present !== null) {
    if (gmKeyState(dir) !== 'clear')
      throw new Fault('LEDGER_KEY_PROTECTED', 'the station key is wrapped already')
    // A power cut came between the two, or the second tree began before its key could be wrapped.
    rewrapGmKey(dir, content.origin, present)
    return
  }
  const { wrapping, wrapped } = newWrapping(vault)
  // Left by an attempt that was broken off: a file in the clear needs none.
  durably(() => {
    const draft = join(dir, `${CREDENTIAL_FILE}.new`)
    rmSync(draft, { force: true })
    createDurably(draft, wrapped, 0o600)
    keepOwner(draft, join(dir, STATION_KEY_FILE))
    replaceDurably(draft, join(dir, CREDENTIAL_FILE))
  })
  replaceKeyFile(dir, content, wrapping)
  rewrapGmKey(dir, content.origin, wrapping)
}

/** Puts the secrets back in the clear. Faults: `LEDGER_KEY_PROTECTED` (it isn't), and those of `readKeyFile` and `storeFault`. */
export function unprotectStationKey(dir: string): void {
  const { content, wrapping } = readKeyFile(join(dir, STATION_KEY_FILE))
  if (wrapping === null) throw new Fault('LEDGER_KEY_PROTECTED', 'the station key is not wrapped')
  // First: it opens only as long as the station's own file names what wraps both.
  rewrapGmKey(dir, content.origin, null)
  replaceKeyFile(dir, content, null)
  durably(() => rmSync(join(dir, CREDENTIAL_FILE), { force: true }))
}

function replaceKeyFile(dir: string, content: KeyContent, wrapping: Wrapping | null): void {
  const draft = join(dir, `${STATION_KEY_FILE}.new`)
  durably(() => {
    rmSync(draft, { force: true })
    createDurably(draft, formatKeyFile(content, wrapping), 0o600)
    keepOwner(draft, join(dir, STATION_KEY_FILE))
  })
  try {
    // From the disk, through the vault: the only proof that this machine will open it.
    const opened = readKeyFile(draft)
    if (!isDeepStrictEqual(opened.content, content))
      throw new Fault(
        'LEDGER_KEY_UNWRAP',
        'what the vault gives back is not the station key; nothing was changed',
      )
  } catch (thrown) {
    rmSync(draft, { force: true })
    throw thrown
  }
  durably(() => replaceDurably(draft, join(dir, STATION_KEY_FILE)))
}

/** Root may have to wrap a key, where the host's own is root's; the station that reads the file is another account. */
function keepOwner(draft: string, of: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(of)
  chownSync(draft, uid, gid)
}

function durably(work: () => void): void {
  try {
    work()
  } catch (thrown) {
    throw storeFault(thrown)
  }
}
