import type { Advice } from '../texts.ts'

/* Every sentence of the inspector's area. */

/** What a log claims that an inspector should know before they believe it. */
export type FlagName =
  | 'doubts'
  | 'manual'
  | 'onSite'
  | 'untrusted'
  | 'jumps'
  | 'cameras'
  | 'readers'
  | 'noReceipt'
  | 'behind'
  | 'noFiling'
  | 'simulated'
  | 'findings'
  | 'overdue'

export type PortraitSource = 'chip' | 'official' | 'enrolled' | 'none'

export type StandingName = 'listed' | 'list-expired' | 'no-list' | 'unlisted'

/** Names of `src/inspect/pattern-features.ts`. */
export type FeatureName =
  | 'even-gaps'
  | 'cards-in-seconds'
  | 'same-order'
  | 'equal-durations'
  | 'all-in-all-out'

/** What a brought file is. */
export type BroughtName = 'key' | 'list' | 'authority' | 'checkpoint' | 'other'

export type FoundRecord = 'exists' | 'none' | 'signed-out' | 'not-on-roster' | 'of-another-person'

/** Why somebody cannot be verified. */
export type CannotReason = 'document' | 'card' | 'left' | 'refuses' | 'unsure'

export type VisitAdviceCode =
  | 'list-forged'
  | 'list-older'
  | 'list-format'
  | 'authority'
  | 'revoked'
  | 'unknown-inspector'
  | 'lapsed'
  | 'other-inspector'
  | 'key-file'
  | 'key-pin'
  | 'checkpoint'
  | 'k-too-large'
  | 'k-zero'
  | 'class-empty'
  | 'class-of-one'
  | 'commitment-lost'
  | 'nonce'
  | 'nonce-reused'
  | 'roster-changed'
  | 'signature'
  | 'visit-open'
  | 'visit-closed'
  | 'visit-unknown'
  | 'not-now'
  | 'no-card'
  | 'no-reference'
  | 'no-face'
  | 'person-other'
  | 'face-unsure'
  | 'code-other'
  | 'too-long'
  | 'file-gone'
  | 'refused'
  | 'connection'

export interface VisitTexts {
  readonly open: string
  readonly working: string
  readonly go: string
  readonly classes: {
    readonly title: string
    readonly next: string
    readonly isNow: string
    readonly isOpen: string
    readonly none: string
  }
  readonly facts: {
    readonly next: string
    readonly expected: string
    readonly signedIn: string
    readonly present: string
    readonly headcount: string
    readonly uncounted: string
    readonly more: string
    readonly flags: Readonly<Record<FlagName, string>>
    readonly nothing: string
    readonly portraits: Readonly<Record<PortraitSource, string>>
    readonly receipt: string
    readonly filing: string
    readonly room: string
    readonly pattern: string
    readonly tooLittle: string
    readonly begin: string
    readonly resume: string
  }
  readonly pattern: {
    readonly title: string
    readonly next: string
    readonly points: string
    readonly features: Readonly<Record<FeatureName, string>>
  }
  readonly who: {
    readonly title: string
    readonly next: string
    readonly phone: string
    readonly key: string
    readonly files: string
    readonly brought: Readonly<Record<BroughtName, string>>
    readonly authority: string
    readonly authorityNext: string
    readonly scan: string
  }
  readonly pin: {
    readonly choose: string
    readonly chooseNext: string
    readonly again: string
    readonly differs: string
    readonly asked: string
    readonly askedNext: string
  }
  readonly sign: {
    readonly opening: string
    readonly closing: string
    readonly phoneNext: string
    readonly keyNext: string
    readonly keyPin: string
    readonly statement: string
    readonly chooseKey: string
    readonly usePhone: string
    readonly standingNext: string
    readonly list: string
    readonly standing: Readonly<Record<StandingName, string>>
    readonly since: {
      readonly consistent: string
      readonly 'rolled-back': string
      readonly rewritten: string
    }
  }
  readonly hub: {
    readonly next: {
      readonly draw: string
      readonly checks: string
      readonly headcount: string
      readonly close: string
    }
    readonly draw: string
    readonly drawn: string
    readonly headcount: string
    readonly counted: string
    readonly reverse: string
    readonly found: string
    readonly close: string
  }
  readonly draw: {
    readonly title: string
    readonly next: string
    readonly some: string
    readonly misses: string
    readonly finds: string
    readonly other: string
    readonly weight: string
    readonly commit: string
  }
  readonly nonce: {
    readonly title: string
    readonly next: string
    readonly bound: string
    readonly fingerprint: string
    readonly why: string
    readonly window: string
    readonly own: string
    readonly hashed: string
    readonly stir: string
    readonly draw: string
  }
  readonly check: {
    readonly title: string
    readonly next: string
    readonly records: { readonly in: string; readonly out: string; readonly none: string }
    readonly doubtful: string
    readonly byCard: string
    readonly byFace: string
    readonly byWitness: string
    readonly notSeen: string
    readonly cannot: string
    readonly reasonTitle: string
    readonly reasons: Readonly<Record<CannotReason, string>>
    readonly all: string
    readonly extras: string
    readonly waitCard: string
    readonly waitFace: string
    readonly list: string
    readonly listNext: string
    readonly results: {
      readonly seen: string
      readonly 'not-seen': string
      readonly 'cannot-verify': string
      readonly left: string
    }
  }
  readonly extras: {
    readonly title: string
    readonly next: string
    readonly photograph: string
    readonly hasPhotograph: string
    readonly note: string
  }
  readonly reverse: {
    readonly title: string
    readonly next: string
    readonly byCard: string
    readonly byFace: string
    readonly byWitness: string
    readonly who: string
    readonly whoNext: string
    readonly nobody: string
    readonly resultNext: string
    readonly unknown: string
    readonly record: string
    readonly another: string
    readonly records: Readonly<Record<FoundRecord, string>>
  }
  readonly headcount: { readonly title: string; readonly next: string; readonly people: string }
  readonly closing: {
    readonly title: string
    readonly next: string
    readonly seen: string
    readonly notSeen: string
    readonly cannotVerify: string
    readonly left: string
    readonly found: string
    readonly uncounted: string
    readonly difference: string
    readonly institution: string
    readonly refused: string
    readonly nobody: string
    readonly note: string
    readonly hasNote: string
  }
  readonly done: {
    readonly title: string
    readonly next: string
    readonly save: string
    readonly saved: string
    readonly checkpoint: string
    readonly leave: string
  }
  readonly scan: { readonly label: string }
  readonly advice: Readonly<Record<VisitAdviceCode, Advice>>
}
