import type { Advice, Texts } from '../i18n/texts.ts'
import type { VisitAdviceCode } from '../i18n/visit/texts.ts'
import { officeAdvice } from '../office/office-advice.ts'

/** What an inspector is told when something was not done; `shownCode` null when the sentence says it all. */
export function visitAdvice(code: string, texts: Texts): { advice: Advice; shownCode: string | null } {
  if (/^INSPECT_VISIT_PIN/.test(code)) {
    return officeAdvice(code.endsWith('LOCKED') ? 'STATION_PIN_LOCKED' : 'LEDGER_PIN', texts)
  }
  const row = FAULTS.find(([pattern]) => pattern.test(code))
  if (row === undefined) return officeAdvice(code, texts)
  const [, advice, isPlain] = row
  return { advice: texts.visit.advice[advice], shownCode: isPlain === true ? null : code }
}

/** First row that fits wins. The last column: the window's own, which is no code for anybody to look up. */
const FAULTS: readonly (readonly [RegExp, VisitAdviceCode, true?])[] = [
  [/^INSPECT_LIST_FORGED$/, 'list-forged'],
  [/^INSPECT_LIST_OLDER$/, 'list-older'],
  [/^INSPECT_LIST_/, 'list-format'],
  [/^(LEDGER_VKEY|INSPECT_AUTHORITY)/, 'authority'],
  [/^INSPECT_INSPECTOR_REVOKED$/, 'revoked'],
  [/^INSPECT_INSPECTOR_UNKNOWN$/, 'unknown-inspector'],
  [/^INSPECT_INSPECTOR_LAPSED$/, 'lapsed'],
  [/^INSPECT_INSPECTOR_OTHER$/, 'other-inspector'],
  [/^INSPECT_KEY_/, 'key-file'],
  [/^INSPECT_PIN_SHORT$/, 'key-pin'],
  [/^(LEDGER_(NOTE|CHECKPOINT)|INSPECT_(SEEN|CHECKPOINT))/, 'checkpoint'],
  [/^INSPECT_K_TOO_LARGE$/, 'k-too-large'],
  [/^INSPECT_K_ZERO$/, 'k-zero'],
  [/^INSPECT_CLASS_EMPTY$/, 'class-empty'],
  [/^INSPECT_CLASS_OF_ONE$/, 'class-of-one'],
  [/^INSPECT_COMMITMENT_/, 'commitment-lost'],
  [/^INSPECT_NONCE_REUSED$/, 'nonce-reused'],
  [/^INSPECT_NONCE/, 'nonce'],
  [/^INSPECT_ROSTER_CHANGED$/, 'roster-changed'],
  [/^(INSPECT_SIGNATURE|LEDGER_ACT_|LEDGER_SIGNATURE)/, 'signature'],
  [/^INSPECT_VISIT_(OPEN|TWICE)$/, 'visit-open'],
  [/^INSPECT_VISIT_CLOSED$/, 'visit-closed'],
  [/^INSPECT_VISIT_/, 'visit-unknown'],
  [/^STATION_NOT_NOW$/, 'not-now'],
  [/^CARD_NONE$/, 'no-card'],
  [/^FACE_NO_REFERENCE$/, 'no-reference'],
  [/^FACE_(NOBODY|NONE)$/, 'no-face'],
  [/^VISIT_OTHER_PERSON$/, 'person-other', true],
  [/^VISIT_FACE_UNSURE$/, 'face-unsure', true],
  [/^VISIT_CODE_OTHER$/, 'code-other', true],
  [/^VISIT_TOO_LONG$/, 'too-long', true],
  [/^(VISIT_FILE|FILES?_|EXPORT_FILE)/, 'file-gone'],
  [/^INSPECT_/, 'refused'],
  [/^STATION_LOST$/, 'connection'],
]
