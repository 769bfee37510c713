import { unconfirmedBy } from '../attendance/catalogue.ts'
import { type ClassRecord, mayFollow, projectClasses } from '../attendance/class-record.ts'
import { openDoubts } from '../attendance/doubts.ts'
import { projectHistory } from '../attendance/history.ts'
import type { RulePack } from '../attendance/rule-pack.ts'
import type { Session } from '../attendance/timetable.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData } from '../ledger/event.ts'
import { namesDigest } from '../ledger/signed-list.ts'
import { cataloguesOf } from './class-catalogue.ts'
import type { StationData } from './data-folder.ts'
import { openClass } from './setup.ts'
import type { Signer, Staff } from './staff.ts'

/** What a class announces before it opens; catalogues are asked by the station. */
export type FilingPlan = Omit<EventData['class.filed'], 'act' | 'catalogues' | 'unconfirmed'>

/**
 * Files a class. Institution, occupation and level have to be in the catalogues on every day of the class; a class by
 * commitment (承诺制) may be filed without, and the record says what is unconfirmed. With no catalogue here, everything is.
 * Faults: `CLASS_DAYS`, `CLASS_NOT_IN_CATALOGUE`, `CLASS_STAGE` (it is open already), those of `Staff.sign`.
 */
export function fileClass(
  data: StationData,
  staff: Staff,
  plan: FilingPlan,
  by: Signer,
): Result<{ index: number; unconfirmed: EventData['class.filed']['unconfirmed'] }> {
  if (plan.to < plan.from) return failed(new Fault('CLASS_DAYS', 'a class ends on or after its first day'))
  const known = classRecord(data, plan.class)
  if (known !== null && known.stage !== 'filed') {
    return failed(new Fault('CLASS_STAGE', `the class is ${known.stage}; what was filed stands`))
  }
  const catalogues = cataloguesOf(data)
  const unconfirmed = unconfirmedBy(catalogues, plan)
  if (unconfirmed.length > 0 && plan.basis === 'approval') {
    const what = unconfirmed.join(', ')
    const advice = 'import a catalogue, or file it by commitment'
    return failed(
      new Fault('CLASS_NOT_IN_CATALOGUE', `${what} not confirmed on ${plan.from}–${plan.to}; ${advice}`),
    )
  }
  const filing = { ...plan, catalogues: catalogues.map(({ sha256 }) => sha256), unconfirmed }
  const statement = { ...filing, catalogues: namesDigest(filing.catalogues) }
  const act = staff.sign({ act: 'class.file', ...statement }, [by])
  if (!act.ok) return act
  const { index } = data.ledger.append({ type: 'class.filed', data: { ...filing, act: act.value } })
  return ok({ index, unconfirmed })
}

export interface OpeningPlan {
  readonly class: string
  /** As filed when null. */
  readonly title: string | null
  readonly sessions: readonly Session[]
  readonly pack: RulePack
  /** Why it differs from what was filed; asked for when it does. */
  readonly reason: string | null
  /** Where it is taught; as filed when absent. */
  readonly room?: string | undefined
}

/**
 * Opens a class that was filed, or one that never was. An opening whose title, room or days are not those of the filing needs
 * a reason. Faults: `CLASS_DIFFERS`, `CLASS_TITLE`, `CLASS_STAGE` (closed already), those of `Staff.sign`.
 */
export function openFiledClass(
  data: StationData,
  staff: Staff,
  plan: OpeningPlan,
  by: Signer,
): Result<string> {
  const known = classRecord(data, plan.class)
  if (known?.stage === 'closed') return failed(new Fault('CLASS_STAGE', 'a closed class is not opened again'))
  const filing = known?.filing ?? null
  const title = plan.title ?? filing?.title ?? null
  if (title === null) return failed(new Fault('CLASS_TITLE', 'a class that was not filed needs a title'))
  const differs = filing === null ? null : difference(filing, title, plan)
  if (differs !== null && plan.reason === null) {
    return failed(new Fault('CLASS_DIFFERS', `${differs}; say why with a reason`))
  }
  const { class: id, sessions, pack, room } = plan
  return openClass(data, staff, { id, title, sessions, pack }, by, {
    ...(room === undefined ? {} : { room }),
    ...(filing === null ? {} : { filing: filing.index, mode: filing.mode }),
    ...(differs === null || plan.reason === null ? {} : { differs: plan.reason }),
  })
}

/**
 * Moves a class on: teaching has begun, it goes to its assessment, it is closed. Closing waits for every session's end
 * and for every doubtful record, because an unresolved one would silently count nothing.
 * Faults: `CLASS_STAGE`, `CLASS_SESSIONS_OPEN`, `CLASS_DOUBTS_OPEN`, `ROSTER_CLASS_UNKNOWN`, those of `Staff.sign`.
 */
export function advanceClass(
  data: StationData,
  staff: Staff,
  step: { readonly class: string; readonly stage: EventData['class.stage']['stage']; readonly note: string },
  by: Signer,
): Result<number> {
  const known = classRecord(data, step.class)
  if (known === null) return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${step.class}" here`))
  if (!mayFollow(known.stage, step.stage)) {
    return failed(new Fault('CLASS_STAGE', `${step.stage} does not follow ${known.stage}`))
  }
  const waits = step.stage === 'closed' ? keptOpenBy(data, step.class) : null
  if (waits !== null) return failed(waits)
  const act = staff.sign({ act: 'class.stage', ...step }, [by])
  if (!act.ok) return act
  return ok(data.ledger.append({ type: 'class.stage', data: { ...step, act: act.value } }).index)
}

/** An opening at another station, as its proof shows it. */
export interface ForeignOpening {
  readonly origin: string
  readonly index: number
  /** Leaf hash of the record, hex. */
  readonly leaf: string
  readonly class: string
  readonly title: string
  readonly sessions: readonly Session[]
  readonly pack: RulePack
  readonly mode: 'timetable' | 'cumulative'
}

/**
 * Takes part in a class that another station opened, with the same id, timetable and rules. Whoever calls has verified
 * the opening's proof. People are put on the roster here again: a person has an id of their own at every station.
 */
export function joinClass(
  data: StationData,
  staff: Staff,
  opening: ForeignOpening,
  by: Signer,
): Result<string> {
  if (opening.origin === data.key.origin) {
    return failed(new Fault('CLASS_OWN', 'this station opened the class itself'))
  }
  const { origin, index, leaf, class: id, title, sessions, pack, mode } = opening
  return openClass(data, staff, { id, title, sessions, pack }, by, { mode, joined: { origin, index, leaf } })
}

/** What the ledger says about one class, null when it is not named there. */
export function classRecord({ ledger }: Pick<StationData, 'ledger'>, id: string): ClassRecord | null {
  return projectClasses(plainEvents({ ledger })).get(id) ?? null
}

export function* plainEvents({ ledger }: Pick<StationData, 'ledger'>) {
  for (const { event } of ledger.events()) yield event
}

function difference(
  filing: NonNullable<ClassRecord['filing']>,
  title: string,
  { sessions, room }: Pick<OpeningPlan, 'sessions' | 'room'>,
): string | null {
  if (title !== filing.title) return `the title is not the filed one`
  if (room !== undefined && filing.room !== undefined && room !== filing.room) {
    return `the room is not the filed one`
  }
  const outside = sessions.find(
    ({ start, end }) => civilDate(start) < filing.from || civilDate(end - 1) > filing.to,
  )
  return outside === undefined ? null : `session ${outside.id} is outside ${filing.from}–${filing.to}`
}

function keptOpenBy(data: StationData, id: string): Fault | null {
  const history = projectHistory(plainEvents(data)).classes.get(id)
  if (history === undefined) return null
  const { wall } = data.clock.now()
  const running = history.sessions.find(({ end }) => end > wall)
  if (running !== undefined) return new Fault('CLASS_SESSIONS_OPEN', `session ${running.id} has not ended`)
  const waiting = openDoubts(history).length
  return waiting === 0 ? null : new Fault('CLASS_DOUBTS_OPEN', `${waiting} doubtful records are not resolved`)
}
