import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { gmSigner } from '../ledger/gm-key.ts'
import { finishGmRekey } from '../ledger/gm-rekey.ts'
import { Ledger } from '../ledger/ledger.ts'
import { finishRekey } from '../ledger/rekey.ts'
import { SideRecords } from '../ledger/side-records.ts'
import { createStationKey, loadStationKey, type StationKey } from '../ledger/station-key.ts'
import type { Clock } from './clock.ts'
import { readSettings } from './settings.ts'

export const SOFTWARE = 'shidao 0.1.0'

/** Everything a station keeps: its key, its ledger and the sealed side records, open in one folder. */
export interface StationData {
  readonly dir: string
  readonly key: StationKey
  readonly ledger: Ledger
  readonly side: SideRecords
  readonly clock: Clock
  close(): void
}

/** Births a station in an empty folder: its key is made here and the first event says so. */
export function createStation(dir: string, options: { simulated: boolean; clock: Clock }): StationData {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    // The folder may have been there, open to everybody: whoever reads keys.db can open every sealed record.
    chmodSync(dir, 0o700)
  } catch (cause) {
    throw new Fault('STATION_FOLDER', `cannot create the data folder ${dir}`, { cause })
  }
  const key = createStationKey(dir, { simulated: options.simulated })
  const data = openWith(dir, key, options.clock)
  data.ledger.append({
    type: 'station.key',
    data: { vkey: key.vkey, simulated: key.simulated, software: SOFTWARE },
  })
  recordSuite(data.ledger)
  return data
}

/** Opens a station that exists. `STATION_NOT_FOUND` when the folder has no station. */
export function openStation(dir: string, options: { clock: Clock }): StationData {
  if (!stationExists(dir))
    throw new Fault('STATION_NOT_FOUND', `${dir} holds no station; "shidao staff" sets one up`)
  finishRekey(dir)
  const data = openWith(dir, loadStationKey(dir), options.clock)
  const { migration, size } = data.ledger
  if (migration !== null && size > 0) data.ledger.append({ type: 'ledger.migrated', data: { ...migration } })
  recordSuite(data.ledger)
  return data
}

export function stationExists(dir: string): boolean {
  return existsSync(join(dir, 'station.key'))
}

/** Says in the ledger which suite signs it from here on, where that isn't what it said last. */
function recordSuite(ledger: Ledger): void {
  if (ledger.isSuiteRecorded()) return
  const vkey = ledger.gmKey?.vkey ?? null
  ledger.append({ type: 'station.suite', data: { suite: vkey === null ? 'std' : 'gm', vkey } })
}

function openWith(dir: string, key: StationKey, clock: Clock): StationData {
  const isGm = readSettings(dir).suite === 'gm'
  if (isGm) finishGmRekey(dir, key.origin)
  const gm = isGm ? gmSigner(dir, key.origin) : null
  const ledger = Ledger.open({ dir, signer: key.signer, keys: key.keys, gm, now: () => clock.now() })
  try {
    const side = SideRecords.open(dir, key)
    return {
      dir,
      key,
      ledger,
      side,
      clock,
      close: () => {
        side.close()
        ledger.close()
      },
    }
  } catch (thrown) {
    ledger.close()
    throw thrown
  }
}
