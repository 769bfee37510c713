import { adviceFor } from '../advice.ts'
import type { OfficeAdviceCode } from '../i18n/office/texts.ts'
import type { Advice, Texts } from '../i18n/texts.ts'

/** What staff are told when office work was not done; `shownCode` null when the sentence says it all. */
export function officeAdvice(code: string, texts: Texts): { advice: Advice; shownCode: string | null } {
  const row = FAULTS.find(([pattern]) => pattern.test(code))
  if (row !== undefined) return { advice: texts.office.advice[row[1]], shownCode: code }
  const { advice, shownCode } = adviceFor(code, texts)
  return { advice: texts.advice[advice], shownCode }
}

/** What is wrong with one line of a roster file. */
export function rosterLineCode(code: string): keyof Texts['office']['preview']['codes'] {
  return ROSTER_LINES.find(([pattern]) => pattern.test(code))?.[1] ?? 'file'
}

/** First row that fits wins. */
const FAULTS: readonly (readonly [RegExp, OfficeAdviceCode])[] = [
  [/^CLASS_STAGE$/, 'stage'],
  [/^CLASS_DIFFERS$/, 'differs'],
  [/^CLASS_DAYS$/, 'days'],
  [/^CLASS_(NOT_IN_CATALOGUE|CATALOGUE)/, 'catalogue'],
  [/^CLASS_TITLE$/, 'title'],
  [/^CLASS_SESSIONS_OPEN$/, 'sessions-open'],
  [/^CLASS_DOUBTS_OPEN$/, 'doubts-open'],
  [/^CLASS_DOUBT_(RESOLVED|UNKNOWN)$/, 'doubt-gone'],
  [/^CLASS_DOUBT_OVERDUE$/, 'doubt-overdue'],
  [/^CLASS_MANUAL_CAP$/, 'manual-cap'],
  [/^CLASS_CORRECTION$/, 'correction'],
  [/^CLASS_PAPER$/, 'paper'],
  [/^CLASS_MAKEUP$/, 'make-up'],
  [/^CLASS_CHECK_UNKNOWN$/, 'check-over'],
  [/^CLASS_SESSION_UNKNOWN$/, 'session-unknown'],
  [/^ROSTER_PERSON_UNKNOWN$/, 'person-unknown'],
  [/^ROSTER_CLASS_UNKNOWN$/, 'class-unknown'],
  [/^ROSTER_TOO_YOUNG$/, 'too-young'],
  [/^ROSTER_MAP$/, 'columns'],
  [/^ROSTER_TOO_LARGE$/, 'too-large'],
  [/^EXPORT_BUSY$/, 'export-busy'],
  [/^EXPORT_FILE_/, 'export-file'],
  [/^PACK_WITHOUT_CLAIMS$/, 'no-claims'],
  [/^PACK_CATALOGUE|^LEDGER_VKEY$/, 'catalogue-file'],
  [/^PROOF_/, 'opening-file'],
  [/^EXPORT_AUDITOR_KEY$/, 'auditor-key'],
  [/^(EXPORT_|USAGE_EXPORT)/, 'export-failed'],
  [/^CLASS_MONTH_OPEN$/, 'month-open'],
  [/^CLASS_MONTH_EMPTY$/, 'month-empty'],
  [/^ROSTER_/, 'roster-file'],
  [/^PACK_/, 'pack'],
  [/^(CLASS_|STATION_COMMAND$)/, 'not-understood'],
  [/^STATION_LOST$/, 'connection'],
]

const ROSTER_LINES: readonly (readonly [RegExp, keyof Texts['office']['preview']['codes']])[] = [
  [/^ROSTER_NAME$/, 'name'],
  [/^ROSTER_NUMBER_TWICE$/, 'twice'],
  [/^ROSTER_(NUMBER|CARD_CODE)/, 'number'],
  [/^ROSTER_TOO_YOUNG$/, 'young'],
  [/^ROSTER_(COLUMN|ROW_SHAPE|MAP)/, 'columns'],
  [/^ROSTER_PORTRAIT_INVALID$/, 'badPortrait'],
  [/^ROSTER_PORTRAIT/, 'portrait'],
]
