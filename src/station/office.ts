import { projectHistory } from '../attendance/history.ts'
import { parseRulePack, type RulePack } from '../attendance/rule-pack.ts'
import { defaultPack, findPack } from '../attendance/shipped-packs.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { FaceEngine } from '../face/engine.ts'
import { correctAttendance, enterPaper, grantLeave, resolveDoubt, scheduleMakeUp } from './attendance-acts.ts'
import { importCatalogue } from './class-catalogue.ts'
import { advanceClass, fileClass, joinClass, openFiledClass, plainEvents } from './class-life.ts'
import type { ClassRoll } from './class-roll.ts'
import type { StationData } from './data-folder.ts'
import { enrolledOnSite, reconcilePortrait } from './enrolled-portraits.ts'
import { reportMissingCard } from './missing-cards.ts'
import { closeMonth } from './month-close.ts'
import { officeList } from './office-lists.ts'
import type { OfficeWork } from './office-work.ts'
import { answerCheck } from './random-checks.ts'
import { previewRoster, type RosterUpload, readRoster } from './roster-import.ts'
import { doorPolicy, type Settings } from './settings.ts'
import { addToRoster, packFolder, type RosterPerson, removeFromRoster } from './setup.ts'
import type { Staff } from './staff.ts'
import { signTeacher } from './teacher-attendance.ts'

/** What office work is done with: of a running station, or of a folder that a command opened. */
export interface OfficeParts {
  readonly data: StationData
  readonly staff: Staff
  readonly roll: ClassRoll
  readonly settings: Settings
  /** Asked for only by work that compares pictures. */
  readonly engine: () => Promise<Pick<FaceEngine, 'info' | 'template' | 'compare'>>
}

const DAY_MS = 86_400_000

/**
 * Does one piece of office work and gives its answer as JSON: a screen and a command get the same one. Appends straight
 * to the ledger, so a running station notes its clock before and catches up after (`Recorder`). Faults are those of
 * the functions that it calls.
 */
export async function doOfficeWork(parts: OfficeParts, work: OfficeWork): Promise<Result<unknown>> {
  const { data, staff, roll, settings } = parts
  switch (work.act) {
    case 'catalogue.import': {
      const imported = importCatalogue(data, staff, work, work.signers)
      if (!imported.ok) return imported
      const { content, sha256, vkey } = imported.value
      return ok({ catalogue: content.id, sha256, vkey })
    }
    case 'class.file':
      return fileClass(data, staff, work.plan, work.by)
    case 'class.open': {
      const pack = packOf(work.pack)
      return pack.ok
        ? named('class', openFiledClass(data, staff, { ...work, pack: pack.value }, work.by))
        : pack
    }
    case 'class.join': {
      const { packSha256, ...opening } = work.opening
      const pack = work.pack === null ? findPack(packSha256, [packFolder(data.dir)]) : packOf(work.pack)
      if (!pack.ok) return pack
      if (pack.value.sha256 !== packSha256) {
        return failed(new Fault('PACK_NOT_FOUND', 'this is not the rule pack that the class was opened with'))
      }
      return named('class', joinClass(data, staff, { ...opening, pack: pack.value }, work.by))
    }
    case 'class.advance': {
      const { class: id, stage, note, by } = work
      return named('index', advanceClass(data, staff, { class: id, stage, note }, by))
    }
    case 'roster.add': {
      const people = work.people.map((one) => ({ ...one, portrait: pictureOf(one.portrait) }))
      return addPeople(data, staff, work, people)
    }
    case 'roster.preview':
      return ok(await previewRoster(uploadOf(work), data.clock.now().wall, parts.engine))
    case 'roster.import': {
      const read = await readRoster(uploadOf(work), data.clock.now().wall, parts.engine)
      return read.ok ? addPeople(data, staff, work, read.value) : read
    }
    case 'roster.remove':
      return named('index', removeFromRoster(data, staff, work.class, work.people, work))
    case 'teacher.sign': {
      const { class: id, direction, substitutes, by } = work
      return signTeacher(data, staff, { class: id, direction, substitutes }, by, doorPolicy(settings))
    }
    case 'doubt.resolve': {
      const { class: id, record, decision, reason, signers } = work
      const deadlineMs = settings.office.doubtDeadlineDays * DAY_MS
      return resolveDoubt(data, staff, { class: id, record, decision, reason }, signers, deadlineMs)
    }
    case 'attendance.correct':
      return correctAttendance(data, staff, work.correction, work.signers)
    case 'leave.grant':
      return grantLeave(data, staff, work.leave, work.signers)
    case 'makeup.schedule':
      return scheduleMakeUp(data, staff, work.makeUp, work.signers)
    case 'paper.enter':
      return enterPaper(data, staff, work.paper, work.signers)
    case 'check.answer': {
      const { class: id, call, person, result, by } = work
      return named('index', answerCheck({ data, roll }, staff, { class: id, call, person, result }, by))
    }
    case 'card.missing': {
      const { class: id, person, lane, by } = work
      const from = settings.office.cardMissingSupervisorFrom
      return reportMissingCard(data, staff, { class: id, person, lane }, by, from)
    }
    case 'month.close': {
      const { class: id, month, reason, signers } = work
      return closeMonth(data, staff, { class: id, month, reason }, signers)
    }
    case 'portraits.reconcile':
      return reconcileAll(parts, work)
    case 'list':
      return officeList(data, work, settings.office)
  }
}

function addPeople(
  data: StationData,
  staff: Staff,
  change: Pick<Extract<OfficeWork, { readonly act: 'roster.add' }>, 'class' | 'reason' | 'by'>,
  people: readonly RosterPerson[],
): Result<unknown> {
  if (projectHistory(plainEvents(data)).classes.get(change.class) === undefined) {
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${change.class}" in this ledger`))
  }
  return named('persons', addToRoster(data, staff, change.class, people, change))
}

function uploadOf(
  work: Extract<OfficeWork, { readonly act: 'roster.preview' | 'roster.import' }>,
): RosterUpload {
  const { file, columns = null, photos = [] } = work
  return {
    ...{ file: bytesOf(file), columns },
    photos: photos.map(({ name, file: picture }) => ({ name, bytes: bytesOf(picture) })),
  }
}

function pictureOf(base64: string | null): Uint8Array | null {
  return base64 === null ? null : bytesOf(base64)
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

async function reconcileAll(
  { data, staff, engine }: OfficeParts,
  { class: id, by }: Extract<OfficeWork, { readonly act: 'portraits.reconcile' }>,
): Promise<Result<unknown>> {
  const allowed = staff.authenticate(by)
  if (!allowed.ok) return allowed
  const seats = projectHistory(plainEvents(data)).classes.get(id)?.seats
  const waiting = enrolledOnSite(plainEvents(data)).filter(
    ({ person, reconciled }) => reconciled === null && seats?.has(person) === true,
  )
  const compared: { person: string; verdict: string }[] = []
  for (const { person } of waiting) {
    const verdict = await reconcilePortrait(data, staff, await engine(), person, by)
    if (!verdict.ok) return verdict
    if (verdict.value !== null) compared.push({ person, verdict: verdict.value })
  }
  return ok({ class: id, compared, waiting: waiting.length - compared.length })
}

function packOf(text: string | null): Result<RulePack> {
  return text === null ? ok(defaultPack()) : parseRulePack(new TextEncoder().encode(text))
}

function named<T>(name: string, result: Result<T>): Result<unknown> {
  return result.ok ? ok({ [name]: result.value }) : result
}
