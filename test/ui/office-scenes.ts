import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok, type Result } from '../../src/common/result.ts'
import type { DeskWork, Finding, Snapshot } from '../../src/station/protocol.ts'
import { ACTORS, SCENE_TIME } from './scenes.ts'

/** One page of the office and the touches that lead to it from its first page. Selectors are of no language. */
export interface OfficeScene {
  readonly name: string
  readonly show?: Partial<Snapshot>
  readonly steps: readonly Step[]
}

/** A touch; a file of this text; a written answer; a PIN on the keypad. */
type Step =
  | string
  | { readonly file: string }
  | { readonly write: string }
  | { readonly pin: string; readonly member: number }

const CLASS = '[data-choice="YL-2026-03"]'
const choice = (value: string) => `[data-choice="${value}"]`
const first = '.office-row >> nth=0'
const GO = '[data-office="go"]'
const SIGN = '[data-office="sign"]'
const SKIP = '[data-office="skip"]'
const into = (group: string, act: string): Step[] => [CLASS, choice(group), choice(act)]
const roster = (file: string): Step[] => [...into('roster', 'roster.import'), { file }, SKIP, SKIP, first]
const doubt: Step[] = [...into('attendance', 'doubt.resolve'), first, choice('accept'), first]
const signed: Step[] = [SIGN, { pin: '246810', member: 0 }, { pin: '135791', member: 0 }]
const checking = { check: { until: SCENE_TIME + 300_000, seen: 1, expected: 9 } }
const exporting: Step[] = [
  ...into('class', 'export.start'),
  ...[choice('hours'), choice(''), choice('pdf'), choice('full')],
]
const bundling: Step[] = [...into('class', 'export.start'), choice('bundle')]
/** An auditor's public half of 32 zero bytes, whose secret nobody has. */
export const AUDITOR = `age1${'q'.repeat(58)}`
const paper: Step[] = [...into('attendance', 'paper.enter'), first, { file: 'a scan' }, first]

export const OFFICE_SCENES: readonly OfficeScene[] = [
  { name: 'office', steps: [] },
  { name: 'office-class', steps: [CLASS] },
  { name: 'office-people', steps: into('roster', 'people') },
  { name: 'office-roster-file', steps: into('roster', 'roster.import') },
  { name: 'office-roster-columns', steps: [...into('roster', 'roster.import'), { file: 'good' }] },
  { name: 'office-roster-photos', steps: [...into('roster', 'roster.import'), { file: 'good' }, SKIP] },
  { name: 'office-roster-preview', steps: roster('good') },
  {
    name: 'office-roster-preview-photos',
    steps: [...into('roster', 'roster.import'), { file: 'good' }, SKIP, { file: 'a picture' }, first],
  },
  { name: 'office-roster-errors', steps: roster('bad') },
  { name: 'office-attendance', steps: [CLASS, choice('attendance')] },
  { name: 'office-doubts', steps: into('attendance', 'doubt.resolve') },
  { name: 'office-doubt-decision', steps: doubt.slice(0, -2) },
  { name: 'office-doubt-reason', steps: doubt.slice(0, -1) },
  { name: 'office-doubt-review', steps: doubt },
  { name: 'office-sign', steps: [...doubt, SIGN] },
  { name: 'office-sign-pin', steps: [...doubt, SIGN, '.staff-member >> nth=0'] },
  { name: 'office-done', steps: [...doubt, ...signed] },
  {
    name: 'office-not-done',
    steps: [...into('attendance', 'leave.grant'), first, first, choice('sick'), first, ...signed],
  },
  { name: 'office-correct', steps: [...into('attendance', 'attendance.correct'), first, first] },
  {
    name: 'office-correct-time',
    steps: [...into('attendance', 'attendance.correct'), first, first, choice('in')],
  },
  { name: 'office-leave-kind', steps: [...into('attendance', 'leave.grant'), first, first] },
  {
    name: 'office-make-up-day',
    steps: [...into('attendance', 'makeup.schedule'), first, first, choice('no')],
  },
  { name: 'office-paper-sheet', steps: paper.slice(0, -2) },
  { name: 'office-paper-time', steps: paper },
  { name: 'office-paper-review', steps: [...paper, GO, GO, choice('no'), first] },
  { name: 'office-lesson', steps: [CLASS, choice('lesson')] },
  { name: 'office-check', show: checking, steps: [...into('lesson', 'check.answer'), first] },
  { name: 'office-check-none', steps: into('lesson', 'check.answer') },
  { name: 'office-checks', steps: into('lesson', 'checks') },
  { name: 'office-card', steps: [...into('lesson', 'card.missing'), first] },
  { name: 'office-class-stage', steps: into('class', 'class.advance') },
  { name: 'office-month', steps: into('class', 'month') },
  { name: 'office-month-close', steps: into('class', 'month.close') },
  {
    name: 'office-month-review',
    steps: [...into('class', 'month.close'), choice('2026-03 open'), first],
  },
  { name: 'office-export', steps: into('class', 'export.start') },
  { name: 'office-export-format', steps: exporting.slice(0, -1) },
  { name: 'office-export-running', steps: [...exporting, SIGN, { pin: '246810', member: 0 }] },
  {
    name: 'office-export-done',
    steps: [...bundling, choice('none'), SIGN, { pin: '246810', member: 0 }],
  },
  { name: 'office-export-auditor', steps: bundling },
  { name: 'office-export-auditor-key', steps: [...bundling, choice('key'), { write: 'age1' }, GO] },
  { name: 'office-export-auditor-file', steps: [...bundling, choice('file')] },
  {
    name: 'office-export-auditor-review',
    steps: [...bundling, choice('key'), { write: AUDITOR.toUpperCase() }, GO],
  },
  {
    name: 'office-export-failed',
    steps: [
      ...into('class', 'export.start'),
      ...[choice('claims'), choice('pdf'), choice('full'), SIGN, { pin: '246810', member: 0 }],
    ],
  },
  { name: 'office-catalogue-key', steps: [choice(' catalogue'), { file: 'a note' }, choice('signed')] },
  { name: 'office-join', steps: [choice(' join')] },
  { name: 'office-file-class', steps: [choice(' file')] },
  {
    name: 'office-open-class',
    steps: [choice(' open'), { write: 'YL-2026-04' }, GO, { write: '养老护理员（中级）' }, GO],
  },
]

/** Does the steps of a scene, from the door on. */
export async function walk(page: Page, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (typeof step === 'string') await page.locator(step).click()
    else if ('file' in step) {
      const file = { name: 'file.csv', mimeType: 'text/csv', buffer: Buffer.from(step.file) }
      const asked = await page.locator('main').getAttribute('data-page')
      await page.locator('input[type="file"]').setInputFiles(file)
      // It is read first: the question that follows has a field of the same kind.
      await page.locator(`main:not([data-page="${asked}"])`).waitFor()
    } else if ('write' in step) await page.locator('.office-input').fill(step.write)
    else {
      await page.locator('.staff-member').nth(step.member).click()
      for (const digit of step.pin) await page.getByRole('button', { name: digit, exact: true }).click()
      await page.locator('.key-done').click()
    }
  }
  await page.locator('main .working').waitFor({ state: 'detached' })
}

/** Beside `BASE`: who may sign. */
export const OFFICE_BASE: Partial<Snapshot> = { actors: ACTORS }

const session = (day: number) => ({
  id: `2026-03-${day}T08:30`,
  start: Date.parse(`2026-03-${day}T08:30:00+08:00`),
  end: Date.parse(`2026-03-${day}T11:45:00+08:00`),
})

const masked = (digit: string, name: string) => ({
  person: digit.repeat(32),
  ...{ name: `${name}**`, number: `632**************${digit}` },
})
const SURNAMES = [...'扎王李张刘陈杨赵黄']
const PEOPLE = SURNAMES.map((name, place) => masked(String(place + 1), name))

/** Of three doubtful records, the first with as much as there can be at once. */
const FINDINGS: readonly (readonly Finding[])[] = [
  [
    { code: 'face-below', score: 0.412, threshold: 0.465 },
    { code: 'pattern' },
    { code: 'maybe-picture' },
    { code: 'room-may-follow' },
    { code: 'camera-changed' },
    { code: 'prompt-timed-out', prompt: 'turn-left' },
  ],
  [{ code: 'face-other', score: 0.213, threshold: 0.465 }],
  [{ code: 'face-match', score: 0.713, threshold: 0.465 }, { code: 'light-unseen' }, { code: 'seen-before' }],
]

const LISTS: Readonly<Record<string, unknown>> = {
  classes: {
    classes: [
      {
        ...{ id: 'YL-2026-03', title: '养老护理员（初级）第 3 期', stage: 'teaching', people: 42 },
        ...{ filing: null, sessions: [13, 16, 17, 18].map(session) },
      },
      {
        ...{ id: 'MD-2026-01', title: '中式面点师（初级）', stage: 'filed', people: 0, sessions: [] },
        filing: { from: '2026-04-01', to: '2026-04-10' },
      },
    ],
  },
  people: {
    people: PEOPLE.map((one, place) => ({
      ...one,
      ...{ seated: place !== 8, enrolledOnSite: place === 2, reconciled: null },
      faceConsent: [true, false, null][place % 3],
    })),
  },
  faces: { people: 1204, filingAt: 100_000 },
  doubts: {
    doubts: PEOPLE.slice(0, 3).map((one, place) => ({
      ...one,
      ...{ record: 812 + place, session: '2026-03-13T08:30', direction: 'in' },
      ...{ at: SCENE_TIME - 3 * 86_400_000, dueAt: SCENE_TIME + 86_400_000, overdue: place === 0 },
      findings: FINDINGS[place],
    })),
  },
  records: {
    records: [
      { ...PEOPLE[0], record: 812, direction: 'in', at: SCENE_TIME, counts: true },
      { ...PEOPLE[0], record: 813, direction: 'out', at: SCENE_TIME + 3600_000, counts: true },
    ],
  },
  checks: {
    checks: [
      {
        ...{ session: '2026-03-13T08:30', state: 'kept', called: [{ event: 700, at: SCENE_TIME }] },
        answers: [],
      },
      {
        ...{ session: '2026-03-16T08:30', state: 'pending', called: [{ event: 901, at: SCENE_TIME }] },
        answers: [
          { ...PEOPLE[0], call: 901, result: 'seen' },
          { ...PEOPLE[1], call: 901, result: 'not-seen' },
        ],
      },
    ],
  },
  months: {
    months: [
      { month: '2026-01', doubts: 0, ahead: 0, closed: { at: SCENE_TIME - 40 * 86_400_000, changed: false } },
      { month: '2026-02', doubts: 0, ahead: 0, closed: { at: SCENE_TIME - 12 * 86_400_000, changed: true } },
      { month: '2026-03', doubts: 3, ahead: 4, closed: null },
    ],
  },
  manual: { used: 2, allowed: 9, alarm: false },
}

/** Certificates go on for ever, a bundle is there at once, claims fail. */
const JOBS = ['hours', 'bundle', 'claims']
const JOB = {
  ...{ state: 'running', done: 412, total: 1000, folder: '/var/lib/shidao/exports' },
  ...{ file: null, event: null, simulated: true, code: null },
}
const FILE_TEXT = 'made here'
const FILE = {
  name: 'bundle-YL-2026-03-20260316-1.zip',
  bytes: FILE_TEXT.length,
  sha256: createHash('sha256').update(FILE_TEXT).digest('hex'),
}
const JOB_ENDS: readonly object[] = [
  {},
  { state: 'done', file: FILE, event: 914 },
  { state: 'failed', code: 'PACK_WITHOUT_CLAIMS' },
]

/** A station that has one class with people, doubts and checks; leave is over its cap. Nobody here exists. */
export async function answerOffice(work: DeskWork): Promise<Result<unknown>> {
  switch (work.act) {
    case 'list':
      return ok(LISTS[work.of])
    case 'roster.preview': {
      const isGood = Buffer.from(work.file, 'base64').toString() === 'good'
      const rows = PEOPLE.map(({ name, number }, place) => ({
        ...{ line: place + 2, name, number, photo: work.photos !== undefined && place % 2 === 0 },
      }))
      const errors = ['ROSTER_NUMBER', 'ROSTER_NAME', 'ROSTER_TOO_YOUNG', 'ROSTER_NUMBER_TWICE']
      if (isGood) return ok({ rows, stray: 1, errors: [] })
      return ok({ rows: [], stray: 0, errors: errors.map((code, place) => ({ line: place + 2, code })) })
    }
    case 'export.start':
      return ok({ job: JOBS.indexOf(work.kind) + 1 })
    case 'export.state':
      return ok({ ...JOB, job: work.job, ...JOB_ENDS[work.job - 1] })
    case 'files.read':
      return ok({ base64: Buffer.from(FILE_TEXT).toString('base64'), total: FILE.bytes })
    case 'leave.grant':
      return failed(new Fault('CLASS_MANUAL_CAP', 'two supervisors have to sign'))
    default:
      return ok({ index: 913, overCap: true })
  }
}
