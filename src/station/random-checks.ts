import { randomBytes } from 'node:crypto'
import { momentsOf, planCommitment, planText, readPlan } from '../attendance/check-plan.ts'
import type { Session } from '../attendance/timetable.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventInput } from '../ledger/event.ts'
import type { ClassRoll } from './class-roll.ts'
import type { StationData } from './data-folder.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { Settings } from './settings.ts'
import type { Signer, Staff } from './staff.ts'

type Append = (input: EventInput) => number

/** Sealed like everything that must not be read before its time. */
const PLAN_RECORD = 'check-plan'

/**
 * Commits, calls and reveals the checks of one class; called again and again, it does what is due. A moment that went
 * by while the station was off is not called late: the revealed plan shows that it is missing.
 */
export function runChecks(
  parts: { readonly data: StationData; readonly roll: ClassRoll; readonly append: Append },
  classId: string,
  { randomChecks, checkWindowMinutes }: Settings['office'],
  { signOutBeforeEndMs }: Pick<DoorPolicy, 'signOutBeforeEndMs'>,
): void {
  const { data, roll, append } = parts
  const { wall } = data.clock.now()
  const windowMs = checkWindowMinutes * 60_000
  // Once the door signs people out, a card no longer answers: a call that comes late still has its window before that.
  const answerable = ({ end, ...session }: Session) => ({
    ...session,
    end: end - signOutBeforeEndMs - windowMs,
  })
  // The next session only: a plan that lies for weeks is one that somebody may read.
  const next = roll
    .sessions(classId)
    .map(answerable)
    .filter(({ start, end }) => start > wall && end - start > 2 * windowMs)
    .reduce<Session | null>((first, one) => (first === null || one.start < first.start ? one : first), null)
  if (randomChecks > 0 && next !== null && roll.checkOf(next.id) === null) {
    const check = randomBytes(16).toString('hex')
    const seed = randomBytes(32).toString('hex')
    const text = planText(classId, next, { count: randomChecks, windowMs, seed })
    data.side.put(check, 'identity', PLAN_RECORD, Buffer.from(text))
    append({
      type: 'check.committed',
      data: {
        ...{ class: classId, session: next.id, check, commitment: planCommitment(text) },
        ...{ count: randomChecks, windowMs },
      },
    })
  }
  for (const { check, session, called } of roll.unrevealedChecks(classId)) {
    const bytes = data.side.get(check, 'identity', PLAN_RECORD)
    const text = bytes === null ? '' : Buffer.from(bytes).toString('utf8')
    const plan = readPlan(text)
    if (plan === null) continue
    for (const [number, moment] of momentsOf(plan).entries()) {
      if (called.has(number) || wall < moment || wall > moment + plan.windowMs) continue
      const until = wall + plan.windowMs
      append({ type: 'check.called', data: { class: classId, session, check, number, until } })
    }
    if (wall < plan.end) continue
    append({ type: 'check.revealed', data: { class: classId, session, check, plan: text } })
  }
}

/**
 * Somebody on the staff looked for a person in the room during a check. A camera's own answer is the door's.
 * Faults: `CLASS_CHECK_UNKNOWN` (no such call, or it is over), `ROSTER_PERSON_UNKNOWN`, those of `Staff.sign`.
 */
export function answerCheck(
  parts: { readonly data: StationData; readonly roll: ClassRoll },
  staff: Staff,
  given: {
    readonly class: string
    readonly call: number
    readonly person: string
    readonly result: 'seen' | 'not-seen' | 'cannot-verify'
  },
  by: Signer,
): Result<number> {
  const { data, roll } = parts
  const call = roll.call(given.call)
  if (call === null || call.class !== given.class || data.clock.now().wall > call.until) {
    return failed(new Fault('CLASS_CHECK_UNKNOWN', 'no check with this number is being called'))
  }
  if (!roll.isSeated(given.class, given.person)) {
    return failed(new Fault('ROSTER_PERSON_UNKNOWN', 'nobody of this class has this id'))
  }
  const body = { ...given, session: call.session }
  const act = staff.sign({ act: 'check.answer', ...body }, [by])
  if (!act.ok) return act
  const { index } = data.ledger.append({
    type: 'check.answered',
    data: { ...body, face: null, act: act.value, simulated: data.key.simulated },
  })
  return ok(index)
}
