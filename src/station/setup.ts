import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_ROSTER_ROWS } from '../attendance/roster-file.ts'
import type { RulePack } from '../attendance/rule-pack.ts'
import type { Session } from '../attendance/timetable.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData } from '../ledger/event.ts'
import type { SideRecords } from '../ledger/side-records.ts'
import { rosterDigest, sessionsDigest } from '../ledger/signed-list.ts'
import type { StationData } from './data-folder.ts'
import { isTooYoung } from './face-law.ts'
import type { Signer, Staff } from './staff.ts'

/** One line of a roster, as the institution gives it. `portrait` is an encoded image from an official source. */
export interface RosterPerson {
  readonly name: string
  readonly number: string
  readonly portrait: Uint8Array | null
  /** Other numbers that stand for this person, as `voucherLink` and `tokenNumber` write them. */
  readonly links?: readonly string[]
}

export interface ClassPlan {
  readonly id: string
  readonly title: string
  readonly sessions: readonly Session[]
  readonly pack: RulePack
}

/**
 * Opens a class: its timetable and rule pack, signed by the person who opens it. The pack's bytes are kept beside the
 * ledger, so that the class can be computed under its own rules for as long as the folder lives. `standing` says what
 * the opening rests on: a filing, or another station's opening; and where it is taught.
 */
export function openClass(
  data: StationData,
  staff: Staff,
  plan: ClassPlan,
  by: Signer,
  standing: Pick<EventData['class.opened'], 'mode' | 'filing' | 'differs' | 'joined' | 'room'> = {},
): Result<string> {
  const { id, title } = plan
  const pack = { id: plan.pack.id, sha256: plan.pack.sha256 }
  const sessions = plan.sessions.map(({ id: session, start, end }) => ({ id: session, start, end }))
  const statement = {
    act: 'class.open',
    class: id,
    title,
    sessions: sessionsDigest(sessions),
    pack,
    ...standing,
  }
  const act = staff.sign(statement, [by])
  if (!act.ok) return act
  keepPack(data.dir, plan.pack)
  data.ledger.append({
    type: 'class.opened',
    data: { class: id, title, pack, sessions, act: act.value, ...standing },
  })
  return ok(id)
}

/** Where the rule packs of a station's classes lie. */
export function packFolder(dir: string): string {
  return join(dir, 'packs')
}

/**
 * Adds people to a class. Names, numbers and portraits go into sealed side records first; the event that
 * follows holds random ids and salted commitments only. A number that is known keeps its person id, so that a
 * roster whose event could not be appended is imported again without harm.
 */
export function addToRoster(
  data: StationData,
  staff: Staff,
  classId: string,
  people: readonly RosterPerson[],
  change: { reason: string; by: Signer },
): Result<readonly string[]> {
  if (people.length > MAX_ROSTER_ROWS) {
    return failed(new Fault('ROSTER_TOO_LONG', `a roster has at most ${MAX_ROSTER_ROWS} people`))
  }
  const today = civilDate(data.clock.now().wall)
  if (people.some(({ number }) => isTooYoung(number, today))) {
    return failed(new Fault('ROSTER_TOO_YOUNG', 'somebody on this roster is too young to be enrolled'))
  }
  const allowed = staff.authenticate(change.by)
  if (!allowed.ok) return allowed
  const added = people.map((row) => keepPerson(data, row))
  const { reason } = change
  const list = rosterDigest({ added, removed: [] })
  const act = staff.sign({ act: 'roster.change', class: classId, list, reason }, [change.by])
  if (!act.ok) return act
  data.ledger.append({
    type: 'roster.changed',
    data: { class: classId, added, removed: [], reason, act: act.value },
  })
  return ok(added.map(({ person }) => person))
}

/**
 * Takes people off a roster; what was recorded of them stays. Faults: `ROSTER_PERSON_UNKNOWN` (somebody has no seat),
 * those of `Staff.sign`.
 */
export function removeFromRoster(
  data: StationData,
  staff: Staff,
  classId: string,
  removed: readonly string[],
  change: { reason: string; by: Signer },
): Result<number> {
  const seated = new Set<string>()
  for (const { event } of data.ledger.events()) {
    if (event.type !== 'roster.changed' || event.data.class !== classId) continue
    for (const { person } of event.data.added) seated.add(person)
    for (const person of event.data.removed) seated.delete(person)
  }
  if (removed.some((person) => !seated.has(person))) {
    return failed(new Fault('ROSTER_PERSON_UNKNOWN', 'nobody on this roster has this id'))
  }
  const { reason } = change
  const list = rosterDigest({ added: [], removed: [...removed] })
  const act = staff.sign({ act: 'roster.change', class: classId, list, reason }, [change.by])
  if (!act.ok) return act
  const { index } = data.ledger.append({
    type: 'roster.changed',
    data: { class: classId, added: [], removed: [...removed], reason, act: act.value },
  })
  return ok(index)
}

function keepPerson({ side }: StationData, row: RosterPerson): EventData['roster.changed']['added'][number] {
  const person = side.personByNumber(row.number) ?? randomBytes(16).toString('hex')
  const identity = Buffer.from(JSON.stringify({ name: row.name, number: row.number }))
  // What stays the same keeps its salt, so that what earlier events commit to can still be opened.
  if (!identity.equals(side.get(person, 'identity', 'person') ?? new Uint8Array()))
    side.put(person, 'identity', 'person', identity)
  for (const number of [row.number, ...(row.links ?? [])]) side.linkNumber(person, number)
  if (row.portrait !== null) side.put(person, 'biometric', 'portrait/official', row.portrait)
  return {
    person,
    identity: side.commitment(person, 'identity', 'person'),
    portrait: row.portrait === null ? 'none' : 'official',
  }
}

function keepPack(dir: string, pack: RulePack): void {
  mkdirSync(packFolder(dir), { recursive: true, mode: 0o700 })
  writeFileSync(join(packFolder(dir), `${pack.sha256}.json`), pack.bytes)
}

/** Name and number of a person, or null once their identity key is destroyed. */
export function personIdentity(
  data: { readonly side: Pick<SideRecords, 'get'> },
  person: string,
): { name: string; number: string } | null {
  const bytes = data.side.get(person, 'identity', 'person')
  return bytes === null ? null : JSON.parse(Buffer.from(bytes).toString('utf8'))
}
