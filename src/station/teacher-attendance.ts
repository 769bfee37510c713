import { civilTime } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData } from '../ledger/event.ts'
import { historyOf } from './attendance-acts.ts'
import type { StationData } from './data-folder.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { Signer, Staff } from './staff.ts'

/**
 * A teacher or a substitute signs in or out of the session whose door is open now, with their own key. Somebody who is
 * no teacher comes only as a substitute. Signed once: a second time in the same direction says when the first was.
 * Faults: `CLASS_NO_SESSION`, `CLASS_NOT_TEACHER`, `CLASS_ALREADY_SIGNED`, `ROSTER_CLASS_UNKNOWN`, those of `Staff.sign`.
 */
export function signTeacher(
  data: StationData,
  staff: Staff,
  given: Pick<EventData['teacher.attendance'], 'class' | 'direction' | 'substitutes'>,
  by: Signer,
  policy: Pick<DoorPolicy, 'openBeforeMs' | 'openAfterMs'>,
): Result<{ index: number; session: string }> {
  const history = historyOf(data, given.class)
  if (!history.ok) return history
  const { wall } = data.clock.now()
  const session = history.value.sessions.find(
    ({ start, end }) => wall >= start - policy.openBeforeMs && wall < end + policy.openAfterMs,
  )
  if (session === undefined) return failed(new Fault('CLASS_NO_SESSION', 'no session is on now'))
  const role = staff.list().find(({ actor }) => actor === by.actor)?.role
  if (role !== 'teacher' && given.substitutes === null) {
    return failed(new Fault('CLASS_NOT_TEACHER', 'who is no teacher comes as the substitute of one'))
  }
  const last = history.value.entries?.teachers.findLast(
    (record) => record.actor === by.actor && record.session === session.id,
  )
  if (last?.direction === given.direction) {
    return failed(new Fault('CLASS_ALREADY_SIGNED', `already signed ${civilTime(last.time.wall)}`))
  }
  const body = { ...given, session: session.id, actor: by.actor }
  const act = staff.sign({ act: 'teacher.attend', ...body }, [by])
  if (!act.ok) return act
  const { index } = data.ledger.append({ type: 'teacher.attendance', data: { ...body, act: act.value } })
  return ok({ index, session: session.id })
}
