import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { removeSealed, sealedIn, verifiedOrFault } from './backup.ts'
import { publishDurably } from './durable-file.ts'
import { readHeadMark } from './head-mark.ts'
import { LEDGER_FILE } from './ledger-store.ts'
import { restoreSealed } from './side-records.ts'
import { openForReading, snapshotInto, storeFault } from './sqlite.ts'
import { loadStationKey, STATION_KEY_FILE, type StationKey } from './station-key.ts'
import { takeWriterLock } from './writer-lock.ts'

export interface RestoreAnswer {
  /** Events. */
  readonly size: number
  /** Hex. */
  readonly root: string | null
  /** Sealed records about people that came back, of those in the backup. */
  readonly records: number
  readonly recordsInBackup: number
  /** Whether the folder has the key that can go on with this ledger; otherwise it can only be read and verified. */
  readonly key: boolean
  /** What this folder's station had signed, where that is more: then it refuses to go on. Null if nothing newer is known. */
  readonly newerSize: number | null
}

/**
 * Puts a backup's ledger into a folder that has none. Keys stay what the folder has: with the station's own `keys.db`
 * only the records of people whose keys are there come back, without it none. The backup is verified before, the
 * ledger after. Faults: `LEDGER_EXISTS`, `LEDGER_NOT_FOUND`, `LEDGER_WRONG_KEY` (the folder's station is another one),
 * the name of what `verifyLog` found, and those of `storeFault`.
 */
export function restore(file: string, dir: string): RestoreAnswer {
  verifiedOrFault(file)
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const lock = takeWriterLock(dir)
    try {
      return restoreInto(file, dir)
    } finally {
      lock.release()
    }
  } catch (thrown) {
    throw storeFault(thrown)
  }
}

function restoreInto(file: string, dir: string): RestoreAnswer {
  const target = join(dir, LEDGER_FILE)
  if ([target, `${target}-wal`].some((path) => existsSync(path))) {
    throw new Fault('LEDGER_EXISTS', `${dir} has a ledger; move ledger.db* elsewhere and keep them`)
  }
  const key = existsSync(join(dir, STATION_KEY_FILE)) ? loadStationKey(dir) : null
  if (key !== null && headOf(file, key) === null) {
    throw new Fault('LEDGER_WRONG_KEY', 'the backup is of another station than this folder')
  }
  const draft = `${target}.${process.pid}.draft`
  rmSync(draft, { force: true })
  try {
    snapshotInto(file, draft)
    chmodSync(draft, 0o600)
    removeSealed(draft)
    const { size, root } = verifiedOrFault(draft)
    publishDurably(draft, target)
    const sealed = sealedIn(file)
    const records = restoreSealed(dir, sealed)
    const newerSize = newerThan(size, dir, key)
    return { size, root, records, recordsInBackup: sealed.records.length, key: key !== null, newerSize }
  } finally {
    rmSync(draft, { force: true })
  }
}

function newerThan(size: number, dir: string, key: StationKey | null): number | null {
  const mark = key === null ? null : readHeadMark(dir)
  const checkpoint = mark === null ? null : key!.keys.open(mark)
  return checkpoint?.ok && checkpoint.value.size > size ? checkpoint.value.size : null
}

/** Size of the backup's signed head, if this key signed it. */
function headOf(file: string, key: StationKey): number | null {
  const { db, close } = openForReading(file)
  try {
    const note = db.prepare<[], unknown>('SELECT note FROM head').pluck().get()
    const head = typeof note === 'string' ? key.keys.open(note) : null
    return head?.ok ? head.value.size : null
  } finally {
    close()
  }
}
