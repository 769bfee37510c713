import type { AdviceCode, HintCode, Texts } from './i18n/texts.ts'

/** What a person is told about a code. `shownCode` is what they can tell the staff, null when the sentence says it all. */
export interface CodeAdvice {
  readonly advice: AdviceCode
  readonly shownCode: string | null
}

/**
 * Sentence for a message code of the station: reasons of a check in lower case (`face-mismatch`), faults in capitals
 * (`CARD_CHECKSUM`). A fault without a row of its own gets its layer's sentence; what nobody knows says so, with the code.
 */
export function adviceFor(code: string, texts: Texts): CodeAdvice {
  if (Object.hasOwn(texts.advice, code)) return { advice: code as AdviceCode, shownCode: null }
  const known = REASONS.get(code)
  if (known !== undefined) return { advice: known, shownCode: null }
  const row = FAULTS.find(([pattern]) => pattern.test(code))
  return { advice: row?.[1] ?? 'unknown', shownCode: code }
}

/** What is told beside the invitation while the scanner does not work: cards go on. */
export function scannerAdvice(code: string | null): AdviceCode {
  if (code === 'PORT_BUSY') return 'scanner-busy'
  if (code === 'PORT_DENIED') return 'scanner-denied'
  return code === null || code === 'PORT_NOT_FOUND' || code === 'PORT_LOST' ? 'scanner-lost' : 'scanner-fault'
}

/** Hint to show for the station's hint, null meaning that all is well; one that we don't know is "look at the screen". */
export function hintFor(hint: string | null, texts: Texts): HintCode | null {
  if (hint === null) return 'hold-still'
  return Object.hasOwn(texts.hints, hint) ? (hint as HintCode) : null
}

/** Reasons and refusals that have another sentence's name, or share it. People need no code with these. */
const REASONS: ReadonlyMap<string, AdviceCode> = new Map([
  ['time-up', 'timed-out'],
  ['no-face', 'no-person'],
  ['LEDGER_PIN', 'pin-wrong'],
  ['STATION_PIN_SHORT', 'pin-short'],
  ['STATION_PIN_LOCKED', 'pin-locked'],
  ['STATION_SAME_SIGNER', 'same-signer'],
  ['LEDGER_ACT_SAME_SIGNER', 'same-signer'],
  ['LEDGER_ACT_ONE_SIGNER', 'same-signer'],
  ['LEDGER_ACT_SIGNER', 'signer-unknown'],
  ['STATION_SIGNER_UNKNOWN', 'signer-unknown'],
  ['STATION_NOT_SUPERVISOR', 'not-supervisor'],
  ['STATION_NOT_NOW', 'wrong-moment'],
  ['STATION_CAMERA_VIRTUAL', 'camera-virtual'],
  ['STATION_CAMERA_OTHER', 'camera-other'],
])

/** First row that fits wins: single codes before their layer. */
const FAULTS: readonly (readonly [RegExp, AdviceCode])[] = [
  [/^CARD_NONE$/, 'card-missing'],
  [/^CARD_ABORTED$/, 'cancelled'],
  [/^CARD_(TYPE_|NOT_SOCIAL_SECURITY)/, 'card-unsupported'],
  [/^CARD_(SIMULATED|LOCKED)$/, 'card-invalid'],
  [/^CARD_(SAM_|READER_|AUTH_READER)/, 'reader-fault'],
  [/^CARD_(LAYOUT|RECORD_|NOTHING_STORED)/, 'card-invalid'],
  [/^CARD_/, 'card-unreadable'],
  [/^PORT_BUSY$/, 'reader-busy'],
  [/^PORT_DENIED$/, 'reader-denied'],
  [/^PORT_/, 'reader-lost'],
  [/^FACE_(NONE|LOW_QUALITY|IMAGE_)/, 'face-not-clear'],
  [/^FACE_/, 'face-unavailable'],
  [/^LEDGER_DISK_FULL$/, 'disk-full'],
  [/^LEDGER_/, 'record-failed'],
  [/^STATION_NO_PICTURE$/, 'camera-lost'],
  [/^STATION_/, 'station-fault'],
]
