import { z } from 'zod'

/*
 * An inspector's visit as typed requests, beside `office-work.ts`. A window and a command ask the same; `src/desk` does
 * it. The inspector's own key signs twice, at the opening and at the end; what comes between is signed by a key that
 * the station makes for this one visit, that the opening names, and that needs the visit's PIN each time.
 */

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
const person = hex(16)
const name = z.string().min(1).max(200)
const pin = z.string().min(4).max(32)
const note = z.string().min(1).max(1000).nullable()
/** Of a photograph that stays with the inspector. */
const photograph = hex(32).nullable()
const by = z.enum(['card', 'face', 'witness'])
/** What `visit.identify` gave: the station itself saw the card or the face. */
const ticket = hex(16).nullable()
/** The institution's people, who answer a finding. */
const signer = z.strictObject({ actor: person, pin })
const finding = z.string().regex(/^[0-9]{1,12}-[a-z-]{3,40}$/)

/** The inspector's signature under the statement that was answered: made elsewhere (a phone), or here with a key's file. */
const inspectorProof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('signature'), signature: hex(64) }),
  z.strictObject({ kind: z.literal('key'), file: z.string().max(4000), pin: z.string().min(8).max(64) }),
])
export type InspectorProof = z.infer<typeof inspectorProof>

export const visitWork = z.discriminatedUnion('act', [
  /** Classes that can be visited, the one of the present session first. */
  z.strictObject({ act: z.literal('visit.classes') }),
  /** What the log claims about a class, its people, and the visit that is open. */
  z.strictObject({ act: z.literal('visit.facts'), class: name }),
  /** Whether this key may visit; every refusal is recorded. The answer holds the statement to sign. */
  z.strictObject({
    act: z.literal('visit.admit'),
    class: name,
    publicKey: hex(32),
    /** Chosen now by the inspector: the marks of this visit need it. */
    pin,
    list: z.strictObject({ note: z.string().max(200_000), authority: z.string().max(400) }).nullable(),
    /** Checkpoint of an earlier visit, or a file that holds one. */
    seen: z.string().max(1_000_000).nullable(),
  }),
  z.strictObject({ act: z.literal('visit.open'), class: name, proof: inspectorProof }),
  z.strictObject({
    act: z.literal('visit.commit'),
    class: name,
    /** Null for a draw that belongs to no visit. */
    pin: pin.nullable(),
    onSiteWeight: z.int().min(1).max(16),
  }),
  z.strictObject({
    act: z.literal('visit.draw'),
    class: name,
    /** Null for a draw that belongs to no visit and that nobody signs. */
    pin: pin.nullable(),
    k: z.int().min(0).max(1_000_000),
    /** Whether it is one is answered in words. */
    nonce: z.string().max(200),
    commitment: hex(32).nullable(),
  }),
  z.strictObject({ act: z.literal('visit.headcount'), class: name, pin, count: z.int().min(0).max(5000) }),
  /** The station's reader or camera is lent to the visit: nobody is signed in or out by it. */
  z.strictObject({
    act: z.literal('visit.identify'),
    class: name,
    pin,
    by: z.enum(['card', 'face']),
    /** Whose reference the face is held against; with a card null: the card says who it is. */
    person: person.nullable(),
  }),
  z.strictObject({
    act: z.literal('visit.check'),
    class: name,
    pin,
    person,
    result: z.enum(['seen', 'not-seen', 'cannot-verify']),
    by: by.nullable(),
    reason: name.nullable(),
    photograph,
    note,
    ticket,
  }),
  z.strictObject({
    act: z.literal('visit.find'),
    class: name,
    pin,
    person: person.nullable(),
    record: z.enum(['exists', 'none', 'signed-out', 'not-on-roster', 'of-another-person']),
    by,
    photograph,
    note,
    ticket,
  }),
  /** The end is prepared: who answers for the institution signs, or doesn't. The answer holds the statement to sign. */
  z.strictObject({
    act: z.literal('visit.finish'),
    class: name,
    pin,
    institution: z.discriminatedUnion('signed', [
      z.strictObject({ signed: z.literal(true), actor: person, pin }),
      z.strictObject({ signed: z.literal(false), reason: z.enum(['refused', 'nobody-there']) }),
    ]),
    note,
  }),
  z.strictObject({ act: z.literal('visit.close'), class: name, proof: inspectorProof }),
  /** The report on a closed visit, or the printed record of it. With names only for a command, see `needsSigner`. */
  z.strictObject({
    act: z.literal('visit.report'),
    visit: name,
    record: z.boolean(),
    /** A record is a pdf. */
    format: z.enum(['pdf', 'json']),
    masked: z.boolean(),
    /** In how many working days the findings have to be answered. */
    workdays: z.int().min(1).max(1000),
  }),
  /** A visit's one file, once more. */
  z.strictObject({ act: z.literal('visit.file'), visit: name }),
  /** The institution answers a finding. */
  z.strictObject({
    act: z.literal('visit.answer'),
    visit: name,
    finding,
    answer: z.string().min(1).max(1000),
    /** SHA-256 of a document that stays with the institution. */
    document: hex(32).nullable(),
    signers: z.tuple([signer, signer]),
  }),
  /** The inspector of the visit is done with a finding. The answer holds the statement to sign. */
  z.strictObject({
    act: z.literal('visit.settle'),
    visit: name,
    finding,
    outcome: z.enum(['upheld', 'explained', 'corrected']),
    note,
  }),
  z.strictObject({ act: z.literal('visit.settled'), visit: name, finding, proof: inspectorProof }),
])
export type VisitWork = z.infer<typeof visitWork>
export type VisitAct = VisitWork['act']

/** A person of a class as an inspector sees them: masked, with what the log says of them at this moment. */
export interface VisitPerson {
  readonly person: string
  readonly name: string
  readonly number: string
  readonly stratum: 'on-site' | 'other'
  readonly portrait: 'chip' | 'official' | 'enrolled' | 'none'
  /** In the present session; `none` without a record. */
  readonly record: 'in' | 'out' | 'none'
  /** The newest record waits in the doubtful lane. */
  readonly doubtful: boolean
  /** Newest look of the visit that is open; null before. */
  readonly check: {
    readonly result: 'seen' | 'not-seen' | 'cannot-verify'
    readonly by: 'card' | 'face' | 'witness' | null
  } | null
}

/** Chance that a draw finds at least one of so many false seats, 0…1, by the number of false seats. */
export type DrawPowers = Readonly<Record<string, number>>

/** How far a visit has come. */
export interface VisitState {
  readonly visit: string
  readonly openedAt: number
  readonly inspector: { readonly actor: string; readonly publicKey: string }
  readonly standing: 'listed' | 'list-expired' | 'no-list' | 'unlisted'
  readonly since: {
    readonly size: number
    readonly finding: 'consistent' | 'rolled-back' | 'rewritten'
  } | null
  /** Drawn people in the order in which they are called; empty before a draw. */
  readonly order: readonly string[]
  readonly power: DrawPowers | null
  readonly headcount: number | null
  readonly found: readonly {
    readonly person: string | null
    readonly record: 'exists' | 'none' | 'signed-out' | 'not-on-roster' | 'of-another-person'
    readonly by: 'card' | 'face' | 'witness'
  }[]
}

/** What a log claims about a class, for somebody who has ten seconds; `src/inspect/visit-facts.ts` says each. */
export interface ClaimedFacts {
  readonly class: string
  readonly title: string
  readonly filing: {
    readonly institution: string
    readonly occupation: string
    readonly level: string
    readonly from: string
    readonly to: string
    readonly basis: string
  } | null
  readonly session: { readonly id: string; readonly start: number; readonly end: number } | null
  readonly room: string | null
  readonly expected: number
  readonly signedIn: number
  readonly present: number
  readonly headcount: number | null
  readonly openDoubts: number
  readonly manualActs: number
  readonly enrolledOnSite: number
  /** Findings of earlier visits that nobody answered, and of them those whose term is over. */
  readonly findings: { readonly open: number; readonly overdue: number }
  readonly untrustedTimes: number
  readonly clockJumps: number
  readonly cameraChanges: number
  readonly readerChanges: number
  readonly receipt: {
    readonly witness: string
    readonly time: number
    readonly size: number
    readonly behind: number
  } | null
  readonly portraits: Readonly<Record<'chip' | 'official' | 'enrolled' | 'none', number>>
  readonly simulated: boolean
}

/** What is unusual about a class; never a verdict. `score` is null where there is too little for one. */
export interface UnusualPattern {
  readonly score: number | null
  readonly threshold: number
  readonly features: readonly {
    readonly name: string
    readonly points: number
    readonly explanation: string
  }[]
}

/** Bytes that were left beside the station's data, named as in `files.read`. */
export interface KeptFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** What each request answers. */
export interface VisitAnswers {
  readonly 'visit.classes': {
    readonly classes: readonly {
      readonly id: string
      readonly title: string
      readonly isNow: boolean
      /** A visit of it is open. */
      readonly visit: string | null
    }[]
  }
  readonly 'visit.facts': {
    readonly facts: ClaimedFacts
    readonly pattern: UnusualPattern | null
    readonly people: readonly VisitPerson[]
    /** For the choice of K: what each would find. */
    readonly powers: readonly { readonly k: number; readonly power: DrawPowers }[]
    readonly visit: VisitState | null
    readonly checkpoint: string
  }
  readonly 'visit.admit': {
    readonly visit: string
    /** To be signed exactly as it stands, see `actMessage`. */
    readonly statement: string
    readonly standing: VisitState['standing']
    readonly list: { readonly number: number; readonly authority: string } | null
    readonly since: VisitState['since']
  }
  readonly 'visit.open': {
    readonly visit: VisitState
    readonly event: number
    /** Of the ledger with the opening: for whoever wants to hold it against the end. */
    readonly checkpoint?: string
  }
  readonly 'visit.commit': {
    readonly commitment: string
    readonly n: number
    readonly strata: readonly { readonly name: string; readonly weight: number; readonly people: number }[]
  }
  readonly 'visit.draw': {
    readonly class: string
    readonly k: number
    readonly n: number
    readonly power: DrawPowers
    readonly commitment: string
    readonly nonce: string
    readonly order: readonly string[]
    readonly commitmentSeen: boolean
    /** `DRAW.shidao-draw`, for `shidao inspect replay`. */
    readonly file: KeptFile
    /** Why the file could not be written, though the draw stands; `file` is then empty. */
    readonly fileCode?: string
    readonly event: number
    readonly strata?: VisitAnswers['visit.commit']['strata']
    /** Null for a draw that belongs to no visit. */
    readonly visit?: string | null
    readonly simulated?: boolean
  }
  readonly 'visit.headcount': { readonly event: number }
  readonly 'visit.identify': {
    readonly ticket: string
    /** Null: nobody on this roster. */
    readonly person: string | null
    /** Masked, of the card. */
    readonly name: string | null
    readonly number: string | null
    /** What the log says of them, so that a reverse draw needs no look-up. */
    readonly record: 'exists' | 'none' | 'signed-out' | 'not-on-roster'
    readonly face: { readonly verdict: 'match' | 'nonmatch' | 'unsure'; readonly score: number | null } | null
    readonly simulated: boolean
  }
  readonly 'visit.check': { readonly event: number }
  readonly 'visit.find': { readonly event: number }
  readonly 'visit.finish': {
    readonly statement: string
    readonly outcome: VisitOutcome
  }
  readonly 'visit.close': {
    readonly visit: string
    readonly event: number
    readonly outcome: VisitOutcome
    readonly checkpoint: string
    /** The visit's one file, the printable record, and whatever else was kept. */
    readonly files: readonly KeptFile[]
    /** Why there are none, though the visit is closed. */
    readonly filesCode?: string
  }
  readonly 'visit.report': LeftFile & {
    /** Day by which the findings have to be answered; null where the calendar of that year is not known. */
    readonly due: { readonly workdays: number; readonly date: string | null }
    /** By the headcount and the class's rule pack; null without either. */
    readonly card: 'yellow' | 'red' | 'none' | null
    readonly findings: number
    readonly simulated: boolean
  }
  readonly 'visit.file': LeftFile
  readonly 'visit.answer': { readonly class: string; readonly event: number }
  readonly 'visit.settle': {
    readonly class: string
    readonly statement: string
    /** Whose key has to sign: that of the visit's inspector. */
    readonly inspector: VisitState['inspector']
  }
  readonly 'visit.settled': { readonly event: number }
}

/** A file that was made to leave the station, and the leaf of the `export` event that names its SHA-256. */
export interface LeftFile {
  /** Of the data folder. Names stand in what lies in `exports`, so that is cleared away after a while. */
  readonly folder: 'visits' | 'exports'
  readonly file: KeptFile
  readonly event: number
}

/** Of the people drawn: how the newest look at each ended. */
export interface VisitOutcome {
  readonly seen: readonly string[]
  readonly notSeen: readonly string[]
  readonly cannotVerify: readonly string[]
  readonly left: readonly string[]
}
