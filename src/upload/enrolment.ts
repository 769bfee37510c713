import { signNote } from '../ledger/note.ts'
import type { StationKey } from '../ledger/station-key.ts'

/**
 * The request to be known to a collector: a C2SP signed note over the key itself, `shidao/enrolment@v1`.
 * `name` is what people call the station, 1–100 characters; signing it proves possession of the key, no more.
 * Where the key was changed, the change is in it too: the old key vouches for this one.
 */
export function enrolmentNote(key: StationKey, name: string): string {
  const { origin, vkey, simulated } = key
  const rotation = key.rotation === null ? {} : { rotation: key.rotation }
  const statement = { origin, vkey, simulated, name, ...rotation }
  return signNote(`shidao/enrolment@v1\n${JSON.stringify(statement)}\n`, [key.signer])
}
