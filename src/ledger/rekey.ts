import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceDurably } from './durable-file.ts'
import type { SignedAct } from './event.ts'
import type { Ledger } from './ledger.ts'
import { LEDGER_FILE } from './ledger-store.ts'
import type { RotationReason } from './rotation.ts'
import { openForReading, storeFault } from './sqlite.ts'
import {
  createNextKey,
  loadStationKey,
  NEXT_KEY_FILE,
  STATION_KEY_FILE,
  type StationKey,
} from './station-key.ts'
import { takeWriterLock } from './writer-lock.ts'

/*
 * A change of the station's key, in an order in which a power cut anywhere leaves one key that fits the ledger: the next
 * key becomes durable beside the present one; the ledger names it, in one transaction with the first tree that it
 * signs; its file takes the place of the present one, which is gone then.
 */

/**
 * Changes the key of an open ledger; `sign` gives the act of the person who does it, over the next key.
 * Faults: `LEDGER_KEY_EXISTS`, and those of `Ledger.rekey`, which change nothing.
 */
export function rekey(
  dir: string,
  ledger: Ledger,
  { reason, sign }: { readonly reason: RotationReason; readonly sign?: (vkey: string) => SignedAct },
): StationKey {
  const { next, note } = createNextKey(dir, { size: ledger.size, root: ledger.root, reason })
  try {
    const act = sign?.(next.key.vkey) ?? null
    ledger.rekey(next, { reason, note, act })
  } catch (thrown) {
    // After a failed sync nobody knows whether the event is on the disk: then the next opening decides.
    if (ledger.stopped === null) rmSync(join(dir, NEXT_KEY_FILE), { force: true })
    throw thrown
  }
  replaceDurably(join(dir, NEXT_KEY_FILE), join(dir, STATION_KEY_FILE))
  return loadStationKey(dir)
}

/**
 * Finishes a change of keys that a power cut broke off, or takes it back: the ledger's signed head says which key it
 * is. Nothing where there was none. Faults: `LEDGER_LOCKED`, and those of `loadStationKey` and `storeFault`.
 */
export function finishRekey(dir: string): void {
  const draft = join(dir, NEXT_KEY_FILE)
  if (!existsSync(draft)) return
  const lock = takeWriterLock(dir)
  try {
    const { keys } = loadStationKey(dir, NEXT_KEY_FILE)
    const head = headNote(dir)
    const opened = head === null ? null : keys.open(head)
    const isNamed = opened?.ok && keys.at(opened.value.size).vkey === keys.current.vkey
    if (isNamed) replaceDurably(draft, join(dir, STATION_KEY_FILE))
    else rmSync(draft)
  } finally {
    lock.release()
  }
}

function headNote(dir: string): string | null {
  const { db, close } = openForReading(join(dir, LEDGER_FILE))
  try {
    const note = db.prepare<[], unknown>('SELECT note FROM head').pluck().get()
    return typeof note === 'string' ? note : null
  } catch (thrown) {
    throw storeFault(thrown)
  } finally {
    close()
  }
}
