import { maskName, maskNumber } from '../cards/mask.ts'
import type { ExportSource } from '../export/class-export.ts'
import type { NameOf } from '../export/report-context.ts'
import { Ledger } from '../ledger/ledger.ts'
import { SideRecords } from '../ledger/side-records.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { openRecordFrom, unsealFrom } from '../station/claim-records.ts'
import { catalogueTexts } from '../station/class-catalogue.ts'
import { systemClock } from '../station/clock.ts'
import type { StationData } from '../station/data-folder.ts'
import { packFolder, personIdentity } from '../station/setup.ts'
import { Staff } from '../station/staff.ts'

/** What an export is made from: names are masked here, where they are unsealed. */
export function exportSource(data: StationData, masked: boolean): ExportSource {
  const nameOf: NameOf = (person) => {
    const identity = personIdentity(data, person)
    if (identity === null || !masked) return identity
    return { name: maskName(identity.name), number: maskNumber(identity.number) }
  }
  const names = new Map(new Staff(data).list().map(({ actor, name }) => [actor, name]))
  const actorName = (actor: string) => {
    const name = names.get(actor) ?? null
    return name === null || !masked ? name : maskName(name)
  }
  const { ledger, key, dir, side } = data
  return {
    ...{ ledger, signer: key.signer, packFolders: [packFolder(dir)] },
    ...{ nameOf, actorName, unseal: unsealFrom(side), openRecord: openRecordFrom(side) },
    catalogues: catalogueTexts(data),
  }
}

/**
 * A station's data for reading, beside the station that writes it, as all of it was at this moment. The key comes from
 * its own file, so that it is handed over nowhere: certificates are signed with it.
 */
export function openBeside(dir: string): StationData {
  const clock = systemClock()
  const key = loadStationKey(dir)
  const { signer, keys } = key
  const ledger = Ledger.open({ dir, signer, keys, now: () => clock.now(), readonly: true })
  try {
    const side = SideRecords.openForReading(dir, key)
    const close = () => {
      side.close()
      ledger.close()
    }
    return { dir, key, ledger, side, clock, close }
  } catch (thrown) {
    ledger.close()
    throw thrown
  }
}
