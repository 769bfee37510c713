import type { FindingCode } from '../../../station/protocol.ts'
import type { Advice } from '../texts.ts'

/* Every sentence of the office area: what staff do about classes beside the door. */

export type ActName =
  | 'class.file'
  | 'class.open'
  | 'class.advance'
  | 'roster.import'
  | 'roster.remove'
  | 'portraits.reconcile'
  | 'doubt.resolve'
  | 'attendance.correct'
  | 'leave.grant'
  | 'makeup.schedule'
  | 'paper.enter'
  | 'check.answer'
  | 'card.missing'
  | 'teacher.sign'
  | 'export.start'
  | 'month.close'
  | 'catalogue.import'
  | 'class.join'

export type OverviewName = 'people' | 'checks' | 'month'

/** What can leave the station as a file. */
export type ExportKind =
  | 'attendance'
  | 'signin'
  | 'hours'
  | 'roster'
  | 'teacher'
  | 'allowance'
  | 'claims'
  | 'monthly'
  | 'quarterly'
  | 'annual'
  | 'bundle'

export type ExportFormat = 'xlsx' | 'pdf' | 'csv' | 'json'

export type GroupName = 'roster' | 'attendance' | 'lesson' | 'class'

export type StageName = 'filed' | 'open' | 'teaching' | 'assessment' | 'closed'

/** What a step of a form asks. */
export type QuestionName =
  | 'classId'
  | 'title'
  | 'institution'
  | 'occupation'
  | 'level'
  | 'from'
  | 'to'
  | 'mode'
  | 'basis'
  | 'minutes'
  | 'room'
  | 'days'
  | 'start'
  | 'end'
  | 'secondHalf'
  | 'start2'
  | 'end2'
  | 'rosterFile'
  | 'person'
  | 'session'
  | 'record'
  | 'decision'
  | 'change'
  | 'time'
  | 'kind'
  | 'lane'
  | 'call'
  | 'result'
  | 'direction'
  | 'substitutes'
  | 'sheet'
  | 'came'
  | 'went'
  | 'another'
  | 'reason'
  | 'note'
  | 'next'
  | 'exportKind'
  | 'whose'
  | 'period'
  | 'format'
  | 'edition'
  | 'auditor'
  | 'auditorKey'
  | 'auditorFile'
  | 'month'
  | 'columns'
  | 'photos'
  | 'catalogueFile'
  | 'catalogueSigned'
  | 'verifierKey'
  | 'openingFile'
  | 'packFile'

/** One answer of a question with a few. */
export type ChoiceName =
  | 'timetable'
  | 'cumulative'
  | 'approval'
  | 'commitment'
  | 'weekdays'
  | 'everyDay'
  | 'yes'
  | 'no'
  | 'accept'
  | 'refuse'
  | 'addIn'
  | 'addOut'
  | 'void'
  | 'personal'
  | 'sick'
  | 'official'
  | 'forgotten'
  | 'temporary'
  | 'withheld'
  | 'broken'
  | 'seen'
  | 'not-seen'
  | 'cannot-verify'
  | 'nobody'
  | 'noTime'
  | 'signed'
  | 'unsigned'

/** Reasons that are touched instead of typed; a keyboard can write any other. */
export type ReasonName = 'looked' | 'forgot' | 'machine' | 'asked' | 'joined' | 'left' | 'timetable' | 'due'

export type OfficeAdviceCode =
  | 'stage'
  | 'differs'
  | 'days'
  | 'catalogue'
  | 'title'
  | 'sessions-open'
  | 'doubts-open'
  | 'doubt-gone'
  | 'doubt-overdue'
  | 'manual-cap'
  | 'correction'
  | 'paper'
  | 'make-up'
  | 'check-over'
  | 'person-unknown'
  | 'class-unknown'
  | 'session-unknown'
  | 'roster-file'
  | 'too-young'
  | 'pack'
  | 'no-claims'
  | 'export-busy'
  | 'export-file'
  | 'export-failed'
  | 'auditor-key'
  | 'month-open'
  | 'month-empty'
  | 'catalogue-file'
  | 'opening-file'
  | 'columns'
  | 'too-large'
  | 'not-understood'
  | 'connection'

export interface OfficeTexts {
  readonly open: string
  readonly leave: string
  readonly home: { readonly title: string; readonly next: string; readonly people: string }
  readonly groups: Readonly<Record<GroupName, string>>
  readonly choose: string
  readonly acts: Readonly<Record<ActName, string>>
  readonly overviews: Readonly<Record<OverviewName, string>>
  readonly stages: Readonly<Record<StageName, string>>
  readonly ask: Readonly<Record<QuestionName, string>>
  readonly choices: Readonly<Record<ChoiceName, string>>
  readonly reasons: Readonly<Record<ReasonName, string>>
  readonly field: {
    readonly touch: string
    readonly write: string
    readonly file: string
    readonly fileTooLarge: string
    /** Where nothing need be chosen. */
    readonly skip: string
    readonly empty: string
    readonly emptyNext: string
    readonly loading: string
    readonly go: string
  }
  readonly review: { readonly title: string; readonly next: string; readonly sign: string }
  readonly sign: {
    readonly one: string
    readonly first: string
    readonly second: string
    readonly next: string
    readonly working: string
  }
  readonly done: {
    readonly title: string
    readonly recorded: string
    readonly next: string
    readonly again: string
    readonly overCap: string
    readonly unconfirmed: string
    readonly already: string
  }
  readonly doubt: { readonly due: string; readonly overdue: string }
  /** What the comparison and the liveness layers saw, for who decides. */
  readonly findings: Readonly<Record<FindingCode, string>>
  readonly preview: {
    readonly good: string
    readonly bad: string
    readonly line: string
    readonly photos: string
    readonly photo: string
    readonly noPhoto: string
    readonly codes: Readonly<
      Record<'name' | 'number' | 'twice' | 'young' | 'columns' | 'portrait' | 'badPortrait' | 'file', string>
    >
  }
  readonly people: {
    readonly counts: string
    readonly faces: string
    readonly agreed: string
    readonly refused: string
    readonly unasked: string
    readonly enrolled: string
    readonly compared: string
    readonly differs: string
    readonly left: string
  }
  readonly checks: {
    readonly none: string
    readonly pending: string
    readonly kept: string
    readonly broken: string
    readonly called: string
    readonly running: string
  }
  readonly month: {
    readonly doubts: string
    readonly sessions: string
    readonly manual: string
    readonly noCap: string
    readonly checks: string
    readonly waiting: string
    readonly ready: string
    readonly notReady: string
    readonly open: string
    readonly closed: string
    readonly changed: string
    readonly left: string
    readonly none: string
  }
  readonly export: {
    readonly kinds: Readonly<Record<ExportKind, { readonly name: string; readonly detail: string }>>
    readonly formats: Readonly<Record<ExportFormat, string>>
    readonly everybody: string
    readonly full: string
    readonly fullFor: string
    readonly masked: string
    readonly maskedFor: string
    /** The part of a bundle that only an auditor opens. */
    readonly noAuditor: string
    readonly noAuditorFor: string
    readonly auditorKey: string
    readonly auditorFile: string
    readonly auditorFor: string
    readonly notAuditor: string
    readonly running: string
    readonly of: string
    readonly done: string
    readonly failed: string
    readonly folder: string
    readonly take: string
  }
  readonly advice: Readonly<Record<OfficeAdviceCode, Advice>>
}
