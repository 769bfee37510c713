import { Fault } from '../common/fault.ts'
import { Ledger } from '../ledger/ledger.ts'
import { SideRecords } from '../ledger/side-records.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { systemClock } from '../station/clock.ts'
import { stationExists } from '../station/data-folder.ts'

/** A station's ledger and sealed records for reading, also beside the station. `STATION_NOT_FOUND`. */
export function openForReading(dir: string): {
  readonly ledger: Ledger
  readonly side: SideRecords
  readonly close: () => void
} {
  if (!stationExists(dir)) throw new Fault('STATION_NOT_FOUND', `${dir} holds no station`)
  const key = loadStationKey(dir)
  const clock = systemClock()
  const ledger = Ledger.open({ dir, signer: key.signer, now: () => clock.now(), readonly: true })
  try {
    const side = SideRecords.openForReading(dir, key)
    const close = () => {
      side.close()
      ledger.close()
    }
    return { ledger, side, close }
  } catch (thrown) {
    ledger.close()
    throw thrown
  }
}
