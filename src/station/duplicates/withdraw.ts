import { createHash } from 'node:crypto'
import { duplicateNoticeText } from '../../common/notice.ts'
import { ok, type Result } from '../../common/result.ts'
import type { StationData } from '../data-folder.ts'
import type { Signer, Staff } from '../staff.ts'
import { removeLiveTemplates } from './live-template.ts'

/**
 * A person takes back that their face may be compared inside the class; the face check goes on. The event comes first:
 * a power cut in between leaves templates that nothing compares any more and that a repeated call removes. Gives how many
 * templates were removed. Faults of `Staff.authenticate`.
 */
export function withdrawFromDuplicates(
  data: StationData,
  staff: Staff,
  person: string,
  by: Signer,
): Result<number> {
  const allowed = staff.authenticate(by)
  if (!allowed.ok) return allowed
  recordNoDuplicates(data, person)
  return ok(removeLiveTemplates(data.side, person))
}

/** From now on this person is compared with nobody. */
export function recordNoDuplicates({ ledger }: Pick<StationData, 'ledger'>, person: string): void {
  const notice = createHash('sha256').update(duplicateNoticeText['zh-CN']).digest('hex')
  ledger.append({ type: 'consent', data: { person, purpose: 'duplicates', granted: false, notice } })
}
