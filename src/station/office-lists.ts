import { replayChecks } from '../attendance/check-plan.ts'
import { projectClasses } from '../attendance/class-record.ts'
import { type DoubtItem, doubtLane } from '../attendance/doubts.ts'
import { type AttendanceRecord, type ClassHistory, projectHistory } from '../attendance/history.ts'
import { manualUse } from '../attendance/manual-cap.ts'
import { findPack } from '../attendance/shipped-packs.ts'
import { teacherHours } from '../attendance/teacher-hours.ts'
import { maskName, maskNumber } from '../cards/mask.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { cataloguesOf } from './class-catalogue.ts'
import type { StationData } from './data-folder.ts'
import { findingsOf } from './doubt-findings.ts'
import { countFaces, enrolledOnSite } from './enrolled-portraits.ts'
import { missingCards } from './missing-cards.ts'
import { classMonths } from './month-close.ts'
import type { OfficeWork } from './office-work.ts'
import type { Settings } from './settings.ts'
import { packFolder, personIdentity } from './setup.ts'

const DAY_MS = 86_400_000

type Question = Extract<OfficeWork, { readonly act: 'list' }>

/** What a list needs of a station; also beside one that runs, with ledger and side records open for reading. */
export type OfficeReading = Pick<StationData, 'dir' | 'ledger' | 'side' | 'clock'>

/** One list of the office as JSON. Faults: `ROSTER_CLASS_UNKNOWN`, `CLASS_NAME` (a list of a class without its id). */
export function officeList(
  data: OfficeReading,
  question: Question,
  office: Settings['office'],
): Result<unknown> {
  const events = [...data.ledger.events()].map(({ event }) => event)
  if (question.of === 'classes') return ok({ classes: classList(events) })
  if (question.of === 'faces') return ok(countFaces(data))
  if (question.of === 'catalogues') return ok({ catalogues: catalogueList(data) })
  if (question.class === null) return failed(new Fault('CLASS_NAME', 'this list is of one class'))
  const id = question.class
  if (question.of === 'checks') {
    return ok({ class: id, checks: checkList(data, id, events) })
  }
  if (question.of === 'months') {
    const months = classMonths(data, id)
    return months.ok ? ok({ class: id, months: months.value }) : months
  }
  const history = projectHistory(events).classes.get(id)
  if (history === undefined) {
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${id}" in this ledger`))
  }
  switch (question.of) {
    case 'people':
      return ok({ class: id, people: peopleList(data, history, events) })
    case 'doubts': {
      const deadlineMs = office.doubtDeadlineDays * DAY_MS
      const doubts = doubtLane(history, { now: data.clock.now().wall, deadlineMs })
      return ok({ class: id, doubts: doubts.map((doubt) => doubtLine(data, doubt, events)) })
    }
    case 'cards': {
      const cards = [...missingCards(events, id)].map(([person, card]) => ({
        ...{ person, ...masked(data, person), ...card },
        supervisorNext: card.count + 1 >= office.cardMissingSupervisorFrom,
      }))
      return ok({ class: id, cards })
    }
    case 'teachers':
      return ok({ class: id, teachers: teacherHours(history) })
    case 'records': {
      const records = history.records.filter(({ session }) => session === question.session)
      return ok({ class: id, records: records.map((record) => recordLine(data, record)) })
    }
    case 'manual': {
      const pack = findPack(history.pack.sha256, [packFolder(data.dir)])
      return pack.ok ? ok({ class: id, ...manualUse(history, pack.value, data.clock.now().wall) }) : pack
    }
  }
}

function classList(events: readonly LedgerEvent[]) {
  const histories = projectHistory(events).classes
  return [...projectClasses(events).values()].map(({ id, title, stage, mode, filing, joined, differs }) => {
    const history = histories.get(id)
    return {
      ...{ id, title, stage, mode, filing, joined, differs },
      pack: history?.pack.id ?? null,
      people: history?.seats.size ?? 0,
      sessions: history?.sessions ?? [],
    }
  })
}

function catalogueList(data: OfficeReading) {
  return cataloguesOf(data).map(({ sha256, vkey, content }) => {
    const { id, title, issuer, document, from, to, institutions, occupations } = content
    return { id, sha256, vkey, title, issuer, document, from, to, institutions, occupations }
  })
}

function peopleList(data: OfficeReading, { seats }: ClassHistory, events: readonly LedgerEvent[]) {
  const enrolled = new Map(enrolledOnSite(events).map((one) => [one.person, one]))
  const consents = new Map<string, boolean>()
  for (const { type, data: said } of events) if (type === 'consent') consents.set(said.person, said.granted)
  return [...seats].map(([person, periods]) => ({
    ...{ person, ...masked(data, person) },
    seated: periods.at(-1)?.until === null,
    enrolledOnSite: enrolled.has(person),
    reconciled: enrolled.get(person)?.reconciled ?? null,
    /** Whether the newest answer to the notice was yes; null before the first. */
    faceConsent: consents.get(person) ?? null,
  }))
}

/** Every check of the class, and who was seen at each of its calls. */
function checkList(data: OfficeReading, id: string, events: readonly LedgerEvent[]) {
  const answers = events.flatMap((event) => (event.type === 'check.answered' ? [event.data] : []))
  return replayChecks(events)
    .filter((check) => check.class === id)
    .map((check) => ({
      ...check,
      answers: answers
        .filter(({ call }) => check.called.some(({ event }) => event === call))
        .map(({ call, person, result }) => ({ call, person, ...masked(data, person), result })),
    }))
}

/** A doubtful record with what the layers saw, for the two who decide it. */
function doubtLine(data: OfficeReading, doubt: DoubtItem, events: readonly LedgerEvent[]) {
  const event = events[doubt.record]
  const findings = event?.type === 'attendance' ? findingsOf(event.data) : []
  return { ...doubt, ...masked(data, doubt.person), findings }
}

/** A sign-in or sign-out as people need it to correct one. */
function recordLine(data: OfficeReading, record: AttendanceRecord) {
  const { index, person, direction, outcome, time, origin, voided } = record
  return {
    ...{ record: index, person, ...masked(data, person), direction, outcome, at: time.wall },
    ...{ origin: origin ?? 'door', counts: voided == null },
  }
}

function masked(data: OfficeReading, person: string): { name: string | null; number: string | null } {
  const identity = personIdentity(data, person)
  if (identity === null) return { name: null, number: null }
  return { name: maskName(identity.name), number: maskNumber(identity.number) }
}
