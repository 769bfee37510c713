import { maskName, maskNumber } from '../cards/mask.ts'
import type { RecordSource } from '../inspect/visit-record.ts'
import type { StationData } from '../station/data-folder.ts'
import { personIdentity } from '../station/setup.ts'
import { Staff } from '../station/staff.ts'

/** What the printed record of a visit is made from: names are masked here, where they are unsealed. */
export function recordSource(data: StationData, masked: boolean): RecordSource {
  const names = new Map(new Staff(data).list().map(({ actor, name }) => [actor, name]))
  return {
    ledger: data.ledger,
    edition: masked ? 'masked' : 'full',
    nameOf: (person) => {
      const identity = personIdentity(data, person)
      if (identity === null || !masked) return identity
      return { name: maskName(identity.name), number: maskNumber(identity.number) }
    },
    actorName: (actor) => {
      const name = names.get(actor) ?? null
      return name === null || !masked ? name : maskName(name)
    },
  }
}
