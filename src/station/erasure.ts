import { ok, type Result } from '../common/result.ts'
import type { StationData } from './data-folder.ts'
import type { Signer, Staff } from './staff.ts'

/**
 * Destroys the key of a person's face data: portraits are unreadable from then on, names and records stay. Signed by
 * the person who does it; the event comes first, so that a power cut between the two leaves a key that a repeated
 * call destroys, and never a destroyed key without a record.
 */
export function destroyFaceData(
  data: StationData,
  staff: Staff,
  person: string,
  change: { readonly reason: string; readonly by: Signer },
): Result<true> {
  const { reason, by } = change
  const act = staff.sign({ act: 'record.destroy', person, kind: 'biometric', reason }, [by])
  if (!act.ok) return act
  data.ledger.append({
    type: 'record.destroyed',
    data: { person, kind: 'biometric', reason, act: act.value },
  })
  data.side.destroy(person, 'biometric')
  return ok(true)
}
