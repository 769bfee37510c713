import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openCheckpoint } from './checkpoint.ts'
import { replaceDurably } from './durable-file.ts'
import type { SignedAct } from './event.ts'
import { createNextGmKey, GM_KEY_FILE, gmSigner, NEXT_GM_KEY_FILE } from './gm-key.ts'
import type { Appended, Ledger } from './ledger.ts'
import { LEDGER_FILE } from './ledger-store.ts'
import type { RotationReason } from './rotation.ts'
import { openForReading, storeFault } from './sqlite.ts'
import { takeWriterLock } from './writer-lock.ts'

/*
 * A change of the second tree's key, in the order of a change of the station's own (rekey.ts): the next key becomes
 * durable beside the present one; the ledger names it, in one transaction with the first checkpoint that it signs; its
 * file takes the place of the present one.
 */

/**
 * Changes the key of an open ledger's second tree; `sign` gives the act of the person who does it, over the next key.
 * Faults: `LEDGER_GM_KEY` (no second tree, or its key lies in hardware), `LEDGER_KEY_EXISTS`, those of `Ledger.rekeyGm`,
 * which change nothing.
 */
export function rekeyGm(
  dir: string,
  ledger: Ledger,
  { reason, sign }: { readonly reason: RotationReason; readonly sign?: (vkey: string) => SignedAct },
): Appended {
  const { next, note } = createNextGmKey(dir, ledger.origin, { ...ledger.gmTree(), reason })
  try {
    const act = sign?.(next.key.vkey) ?? null
    const appended = ledger.rekeyGm(next, { reason, note, act })
    replaceDurably(join(dir, NEXT_GM_KEY_FILE), join(dir, GM_KEY_FILE))
    return appended
  } catch (thrown) {
    // After a failed sync nobody knows whether the event is on the disk: then the next opening decides.
    if (ledger.stopped === null) rmSync(join(dir, NEXT_GM_KEY_FILE), { force: true })
    throw thrown
  }
}

/**
 * Finishes a change that a power cut broke off, or takes it back: the newest checkpoint of the second tree says which.
 * Faults: `LEDGER_LOCKED`, those of `gmSigner` and `storeFault`.
 */
export function finishGmRekey(dir: string, origin: string): void {
  const draft = join(dir, NEXT_GM_KEY_FILE)
  if (!existsSync(draft)) return
  const lock = takeWriterLock(dir)
  try {
    const { key } = gmSigner(dir, origin, NEXT_GM_KEY_FILE)
    const note = newestNote(dir)
    if (note !== null && openCheckpoint(note, [key]).ok) replaceDurably(draft, join(dir, GM_KEY_FILE))
    else rmSync(draft)
  } finally {
    lock.release()
  }
}

function newestNote(dir: string): string | null {
  const { db, close } = openForReading(join(dir, LEDGER_FILE))
  try {
    const note = db
      .prepare<[], unknown>('SELECT note FROM gm_checkpoint ORDER BY size DESC LIMIT 1')
      .pluck()
      .get()
    return typeof note === 'string' ? note : null
  } catch (thrown) {
    throw storeFault(thrown)
  } finally {
    close()
  }
}
