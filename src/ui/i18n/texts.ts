import type { NoticeLanguage } from '../../common/notice.ts'
import type { PromptKind } from '../../station/protocol.ts'
import type { OfficeTexts } from './office/texts.ts'
import type { VisitTexts } from './visit/texts.ts'

/*
 * Every sentence of the window. A language is one value of type `Texts`: a missing key doesn't compile.
 * `{name}` in a sentence is filled from the snapshot's values.
 */

export type Language = NoticeLanguage

/** A hint of the station: a face quality issue, `restarting` for an engine that was lost, and `hold-still` for null. */
export type HintCode =
  | 'hold-still'
  | 'no-face'
  | 'several-faces'
  | 'too-small'
  | 'at-edge'
  | 'turned'
  | 'restarting'
  | 'covered'
  | 'blurred'
  | 'too-dark'
  | 'too-bright'

/** What can be said about an outcome or a fault; `adviceFor` maps every code to one of these. */
export type AdviceCode =
  | 'not-on-roster'
  | 'card-expired'
  | 'face-mismatch'
  | 'face-unsure'
  | 'liveness-attack'
  | 'liveness-unsure'
  | 'prompt-declined'
  | 'no-person'
  | 'already-signed'
  | 'no-session'
  | 'consent-refused'
  | 'no-portrait'
  | 'not-yet-recorded'
  | 'cancelled'
  | 'timed-out'
  | 'no-answer'
  | 'no-witness'
  | 'code-unknown'
  | 'code-checking'
  | 'code-not-verified'
  | 'code-no-portrait'
  | 'card-missing'
  | 'card-unreadable'
  | 'card-invalid'
  | 'card-unsupported'
  | 'reader-lost'
  | 'reader-busy'
  | 'reader-denied'
  | 'reader-fault'
  | 'scanner-lost'
  | 'scanner-busy'
  | 'scanner-denied'
  | 'scanner-fault'
  | 'face-not-clear'
  | 'face-unavailable'
  | 'record-failed'
  | 'disk-full'
  | 'pin-wrong'
  | 'pin-short'
  | 'pin-locked'
  | 'same-signer'
  | 'signer-unknown'
  | 'not-supervisor'
  | 'wrong-moment'
  | 'camera-lost'
  | 'camera-virtual'
  | 'camera-changed'
  | 'camera-unknown'
  | 'camera-other'
  | 'notice-changed'
  | 'station-fault'
  | 'unknown'

/** One sentence that says what is the matter, one that says what to do now. */
export interface Advice {
  readonly say: string
  readonly next: string
}

/** Sign-in and sign-out are worded apart everywhere. */
export interface ByDirection {
  readonly in: string
  readonly out: string
}

export interface Texts {
  readonly product: string
  readonly simulated: string
  readonly direction: ByDirection
  readonly bar: {
    readonly noSession: string
    readonly offline: string
    readonly unconfigured: string
    readonly waiting: string
    readonly synced: string
    readonly reader: { readonly ok: string; readonly missing: string; readonly fault: string }
    readonly readerChanged: string
    readonly scanner: { readonly ok: string; readonly missing: string; readonly fault: string }
    readonly camera: Readonly<
      Record<'ok' | 'missing' | 'unknown' | 'changed' | 'virtual' | 'simulated', string>
    >
    readonly language: string
    readonly directionTitle: string
    readonly directionAuto: string
    readonly directionIn: string
    readonly directionOut: string
  }
  readonly starting: { readonly title: string; readonly next: string }
  readonly lost: Advice
  readonly noToken: Advice
  readonly replaced: Advice
  readonly idle: {
    readonly title: ByDirection
    readonly next: string
    readonly expected: string
    readonly present: string
    readonly doubtful: string
  }
  readonly reading: { readonly title: string; readonly next: string }
  readonly consent: {
    readonly agree: string
    readonly refuse: string
    /** The second question, about comparing inside the class. */
    readonly compare: string
    readonly dontCompare: string
    readonly readAloud: string
    readonly stopReading: string
    readonly changed: string
  }
  readonly looking: { readonly title: string; readonly noPicture: string; readonly once: string }
  readonly hints: Readonly<Record<HintCode, string>>
  readonly prompt: { readonly kinds: Readonly<Record<PromptKind, string>>; readonly cannot: string }
  readonly light: { readonly title: string }
  readonly enrol: {
    readonly title: string
    readonly next: string
    readonly first: string
    readonly second: string
    readonly working: string
  }
  readonly witness: {
    readonly title: string
    readonly next: string
    readonly choose: string
    readonly working: string
  }
  readonly pin: {
    readonly title: string
    readonly erase: string
    readonly confirm: string
    readonly entered: string
  }
  readonly roles: Readonly<Record<'operator' | 'supervisor' | 'teacher' | 'inspector', string>>
  readonly verdict: {
    readonly verified: ByDirection
    readonly witnessed: ByDirection
    readonly doubtful: ByDirection
    readonly already: ByDirection
    readonly refused: ByDirection
    readonly nextVerified: ByDirection
    readonly nextDoubtful: ByDirection
    readonly nextAlready: ByDirection
    readonly nextRefused: string
  }
  readonly takeCard: { readonly title: string; readonly next: string }
  readonly error: { readonly title: string; readonly code: string }
  readonly advice: Readonly<Record<AdviceCode, Advice>>
  readonly office: OfficeTexts
  readonly visit: VisitTexts
  readonly button: {
    readonly cancel: string
    readonly back: string
    readonly more: string
    readonly close: string
  }
}
