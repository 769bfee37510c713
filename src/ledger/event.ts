import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { hex, id, label, type SignedAct, sha256, signedAct } from './event-fields.ts'
import { visitEvents } from './visit-events.ts'

export { type SignedAct, signedAct }

/*
 * What the ledger records. Everything that can change an outcome is an event; nothing is ever edited.
 * An event is encoded once (JSON, UTF-8); those bytes are stored, hashed, sent and verified as they are.
 * No event holds a name, a number or a picture: people are random ids, pictures are salted hashes.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
const instant = z.int().min(0)
const score = z.number().min(-1).max(1)

/** A station's clock when an event was appended. */
export const eventTime = z.strictObject({
  wall: instant,
  /** Kernel boot id; durations inside one boot are differences of `boottime`. */
  boot: label,
  /** Milliseconds since boot, from the kernel. */
  boottime: z.int().min(0),
  /** `bounded` after a receipt in this run confirmed the wall clock, `unconfirmed` before, `simulated` in a demonstration. */
  trust: z.enum(['bounded', 'unconfirmed', 'simulated']),
})
export type EventTime = z.infer<typeof eventTime>

const readerIdentity = z.strictObject({
  profile: label,
  port: label,
  samId: z.string().max(64).nullable(),
  /** The socket that it is plugged into, where the system says it. */
  usbPath: label.optional(),
})

const pixels = z.int().min(0).max(100_000)

/** What the operating system knows of a camera. `name` alone is known of one that it doesn't list. */
export const cameraIdentity = z.strictObject({
  name: z.string().max(200),
  /** In the kernel, e.g. `uvcvideo`. */
  driver: label.nullable(),
  bus: z.enum(['usb', 'pci', 'platform', 'virtual', 'other']).nullable(),
  usb: z
    .strictObject({
      vendorId: z.string().regex(/^[0-9a-f]{4}$/),
      productId: z.string().regex(/^[0-9a-f]{4}$/),
      serial: label.nullable(),
    })
    .nullable(),
  /** The socket that it is plugged into. */
  path: label.nullable(),
  /** The most that it gives, by the window's word. */
  most: z
    .strictObject({ width: pixels, height: pixels, frameRate: z.number().min(0).max(10_000) })
    .nullable(),
})
export type CameraIdentity = z.infer<typeof cameraIdentity>

const cameraVerdict = z.enum(['real', 'virtual', 'unknown'])

export const portraitSource = z.enum(['chip', 'official', 'enrolled', 'none'])
/** Where the reference portrait of a comparison came from. */
export type PortraitSource = z.infer<typeof portraitSource>

/** Pixels, degrees and grey levels of a compared face, to two decimals. */
const frameQuality = z.strictObject({
  eyeDistance: z.number(),
  yaw: z.number(),
  pitch: z.number(),
  roll: z.number(),
  sharpness: z.number(),
  brightness: z.number(),
  covering: z.number().optional(),
})

const livenessVerdict = z.enum(['bonaFide', 'attack', 'unsure'])

/** What is needed to repeat a face decision from consented frames. */
export const faceEvidence = z.strictObject({
  engine: label,
  model: z.strictObject({ name: label, sha256 }),
  accept: score,
  reject: score,
  portrait: sha256,
  score: score.nullable(),
  /** Every frame of the look that showed a face, in order: the decision rests on these and on no other. */
  frames: z
    .array(
      z.strictObject({
        sha256,
        score: score.nullable(),
        issue: label.nullable(),
        /** The face was found by the frame before, so that its score needs that one too. */
        tracked: z.literal(true).optional(),
        quality: frameQuality.optional(),
      }),
    )
    .max(256),
  /** How the frames became a verdict; ledgers from before this was recorded don't say. */
  decision: z
    .strictObject({
      verdict: z.enum(['verified', 'doubtful', 'refused', 'nobody', 'cancelled']),
      /** See `DecisionPolicy` of the face engine. */
      impostorTail: z.number(),
      visitSpread: z.number(),
      /** Frames without a face, which say nothing and are not listed. */
      noFace: z.int().min(0),
      software: label,
    })
    .optional(),
  /** No liveness layer decides yet when null. */
  liveness: z
    .strictObject({
      verdict: livenessVerdict,
      /** Null when no layer could judge. */
      score: z.number().nullable(),
      /** What each layer said by itself, and the figures that it rests on. */
      layers: z
        .array(
          z.strictObject({
            layer: label,
            verdict: livenessVerdict,
            score: z.number().nullable(),
            detail: z.record(label, z.union([z.number(), z.string().max(200)])),
          }),
        )
        .max(16)
        .optional(),
      /** What the person was asked to do, in order, and what came of it. */
      prompts: z
        .array(
          z.strictObject({
            kind: label,
            state: label,
            /** How far the asked movement went; 1 is enough. */
            moved: z.number(),
            ms: z.int().min(0),
          }),
        )
        .max(16)
        .optional(),
      /** sha256 of the frames that were looked at after the comparison, for prompts and light. */
      frames: z.array(sha256).max(1024).optional(),
    })
    .nullable(),
})
export type FaceEvidence = z.infer<typeof faceEvidence>

const seat = { class: label, session: label, person: id }
const session = z.strictObject({ id: label, start: instant, end: instant })
/** A day in China, `YYYY-MM-DD`. */
const civilDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
/** `timetable`: sessions are compulsory. `cumulative` (累计学时): sessions are when the door is open, hours are added up. */
const classMode = z.enum(['timetable', 'cumulative'])
/** The act went beyond what the rule pack allows by hand, and two supervisors signed it all the same. */
const overCap = z.boolean()

/** What was shown: a card that was read, or a code that was only scanned. Ledgers from before codes don't say. */
const shownBy = z.enum(['card', 'code']).optional()

/** What is known of people and may not be in the ledger: each in a sealed side record of theirs (`identity`) that this commits to. */
const sealedFacts = z
  .array(z.strictObject({ person: id, record: label, commitment: sha256 }))
  .min(1)
  .max(5000)

/** What claims need to know about a class; null: not known. Values are those of `src/attendance/claim-facts.ts`. */
const classFacts = z.strictObject({
  occupation: label.nullable(),
  level: label.nullable(),
  trainingKind: label.nullable(),
  form: label.nullable(),
  institution: label.nullable(),
  region: label.nullable(),
  uplift: label.nullable(),
  filedLessons: z.int().min(1).nullable(),
  /** Sessions of practice; every other one is theory. Null: they were not told apart. */
  practiceSessions: z.array(label).max(2000).nullable(),
  /** Items that the institution claims; null: all that the pack has. */
  items: z.array(label).max(64).nullable(),
  /** Rates and amounts, fen a unit, that were agreed or set by the county, by item. */
  agreedFen: z.record(label, z.int().min(0)),
  /** Other packs that people may fall under by their places, sha256. */
  packs: z.array(sha256).max(16),
})

/** Schemas of `data` by event type. A new kind of event is one entry here. */
export const eventTypes = {
  /** Leaf 0: the station's key is born. */
  'station.key': z.strictObject({
    vkey: label,
    simulated: z.boolean(),
    software: label,
  }),
  /** From here on: a second tree with SM3 and SM2 under this key (`gm`), or none any more (`std`, without a key). */
  'station.suite': z.strictObject({ suite: z.enum(['std', 'gm']), vkey: label.nullable() }),
  /**
   * From the tree that ends with this event on, another key signs: `note` is a rotation that the old and the next key
   * signed, `act` of the person who did it. `compromised`: somebody else may have had the old key, and what it signed
   * after the newest receipt before this event rests on nobody.
   */
  'station.rekeyed': z.strictObject({
    vkey: label,
    reason: z.enum(['planned', 'compromised']),
    note: z.string().max(4000),
    act: signedAct.nullable(),
  }),
  /** A person compared the fingerprint of the station's key with the one at the collector, and found them the same. */
  'station.enrolled': z.strictObject({ collector: label, fingerprint: label, act: signedAct }),
  'station.start': z.strictObject({
    software: label,
    node: label,
    engine: label,
    models: z.array(z.strictObject({ name: label, sha256 })),
    accept: score,
    reject: score,
    /** The `engine.chosen` record that this engine and its weights run by; null: nobody chose, it is the default or was named. */
    chosen: z.int().min(0).nullable().optional(),
    /** Of the weights whose embeddings are compared; ledgers from before it was recorded don't say. */
    licence: label.optional(),
    reader: readerIdentity.nullable(),
    camera: label.nullable(),
  }),
  /** A supervisor chose the face engine, having been shown what it was measured at. */
  'engine.chosen': z.strictObject({
    engine: label,
    model: z.strictObject({ name: label, sha256 }),
    accept: score,
    reject: score,
    /** False match rate that `accept` stands for, and the people it was measured on. */
    fmr: z.number().min(0).max(1),
    population: label,
    licence: label,
    act: signedAct,
  }),
  'reader.changed': z.strictObject({ before: readerIdentity.nullable(), after: readerIdentity.nullable() }),
  /** The camera that a window says it opened; null when it has none. Older ledgers hold the labels alone. */
  'camera.changed': z.strictObject({
    before: z.string().max(200).nullable(),
    after: z.string().max(200).nullable(),
    /** What the system says of the device behind the label; null without a camera. */
    identity: cameraIdentity.nullable().optional(),
    verdict: cameraVerdict.nullable().optional(),
    /** Why, e.g. `usb-driver`, `virtual-name`. */
    reason: label.nullable().optional(),
    /** What is other than with the camera that this station is pinned to; empty when nothing is. */
    changed: z.array(label).max(8).optional(),
    /** Hash of the browser's own id of the device, and what it streams. */
    stream: z
      .strictObject({
        device: sha256.nullable(),
        width: pixels,
        height: pixels,
        frameRate: z.number().min(0).max(10_000),
      })
      .nullable()
      .optional(),
  }),
  /** A supervisor looked at the camera: from now on the station is pinned to it. */
  'camera.confirmed': z.strictObject({
    identity: cameraIdentity,
    verdict: cameraVerdict,
    act: signedAct,
  }),
  /** The frames' own clock contradicted itself or the machine's: see `ClockFinding` of the station. Durations in ms. */
  'camera.clock': z.strictObject({
    finding: z.enum(['stopped', 'backwards', 'jump', 'drift']),
    camera: z.string().max(200).nullable(),
    frames: z.int().min(0),
    mediaMs: z.int(),
    windowMs: z.int(),
    stationMs: z.int(),
    presented: z.int(),
  }),
  /** Wall clock and kernel's time since boot went apart by more than 2 s since the last record. */
  'clock.jump': z.strictObject({ wallMs: z.int(), boottimeMs: z.int() }),
  /** The same in steps that were too small each, since the first record of this boot or the last such event. */
  'clock.drift': z.strictObject({ wallMs: z.int(), boottimeMs: z.int() }),
  /** The process is shown another time (`processMs`) than the kernel has (to the second), or no longer is. */
  'clock.bent': z.strictObject({ processMs: instant, kernelMs: instant }),
  /** A person who acts (operator, supervisor, teacher) and the public half of their own key. */
  'actor.enrolled': z.strictObject({
    actor: id,
    role: z.enum(['operator', 'supervisor', 'teacher', 'inspector']),
    publicKey: hex(32),
    /** Salted commitment of the name; the name itself is a sealed side record. */
    identity: sha256,
    /** Signed by an earlier supervisor; null only for the first one, which the station's key witnesses. */
    act: signedAct.nullable(),
  }),
  'class.opened': z.strictObject({
    class: label,
    title: label,
    pack: z.strictObject({ id: label, sha256 }),
    sessions: z.array(session).max(2000),
    act: signedAct,
    mode: classMode.optional(),
    /** The `class.filed` record that this opening follows; absent for a class that was never filed here. */
    filing: z.int().min(0).optional(),
    /** Why the opening differs from what was filed. */
    differs: label.optional(),
    /** The class was opened at another station, by this record of its ledger. `leaf` is that record's leaf hash. */
    joined: z.strictObject({ origin: label, index: z.int().min(0), leaf: sha256 }).optional(),
  }),
  /** What institutions, occupations and levels are allowed, as published; `vkey` signed it, null: two people entered it. */
  'catalogue.imported': z.strictObject({
    catalogue: label,
    /** Of the catalogue's exact text. */
    sha256,
    vkey: label.nullable(),
    act: signedAct,
  }),
  /** A class is announced before it opens. `commitment` (承诺制): what no catalogue confirms is listed, and it may still open. */
  'class.filed': z.strictObject({
    class: label,
    title: label,
    institution: label,
    occupation: label,
    level: label,
    from: civilDay,
    to: civilDay,
    mode: classMode,
    basis: z.enum(['approval', 'commitment']),
    /** What the plan promises, minutes; null when it says nothing. */
    plannedMinutes: z.int().min(1).nullable(),
    /** The catalogues that were asked, sha256 of each; empty when this station has none. */
    catalogues: z.array(sha256).max(64),
    /** What they do not confirm on every day of the class. */
    unconfirmed: z.array(z.enum(['catalogue', 'institution', 'occupation', 'level'])).max(4),
    act: signedAct,
  }),
  /** Filing and opening have events of their own; these are the stages after them. */
  'class.stage': z.strictObject({
    class: label,
    stage: z.enum(['teaching', 'assessment', 'closed']),
    note: label,
    act: signedAct,
  }),
  /** A teacher, or who stands in for one, came or went: signed with their own key and nobody else's. */
  'teacher.attendance': z.strictObject({
    class: label,
    session: label,
    actor: id,
    direction: z.enum(['in', 'out']),
    /** Whom they stand in for, null for the class's own teacher. */
    substitutes: id.nullable(),
    act: signedAct,
  }),
  'roster.changed': z.strictObject({
    class: label,
    added: z.array(z.strictObject({ person: id, identity: sha256, portrait: portraitSource })).max(5000),
    removed: z.array(id).max(5000),
    reason: label,
    act: signedAct,
  }),
  consent: z.strictObject({
    person: id,
    /** `face`: the check at the door. `duplicates`: comparing inside one's class for one face under several names. */
    purpose: z.enum(['face', 'duplicates']),
    granted: z.boolean(),
    /** sha256 of the notice text that was on the screen. */
    notice: sha256,
  }),
  /** Two identities of one class with one face, by their templates: for people to decide, nothing follows by itself. */
  'identity.review': z.strictObject({
    class: label,
    people: z.tuple([id, id]),
    score,
    threshold: score,
    /** False matches a pair that the threshold aims at, and whether that lies beyond what was measured. */
    targetFmr: z.number().min(0).max(1),
    extrapolated: z.boolean(),
    model: z.strictObject({ name: label, sha256 }),
    simulated: z.boolean(),
  }),
  /** What two people decided about the review at leaf `review`. */
  'identity.resolved': z.strictObject({
    review: z.int().min(0),
    class: label,
    people: z.tuple([id, id]),
    decision: z.enum(['same-person', 'different-people', 'cannot-tell']),
    act: signedAct,
  }),
  /** Identity records were opened to count the check's errors by groups of people; `sha256` is of what was given out. */
  'fairness.report': z.strictObject({
    sha256,
    people: z.int().min(0),
    checks: z.int().min(0),
    pairs: z.int().min(0),
    act: signedAct,
  }),
  'portrait.enrolled': z.strictObject({ person: id, portrait: sha256, act: signedAct }),
  /** Somebody was here. Direction is logged, never inferred from order. */
  attendance: z.strictObject({
    ...seat,
    direction: z.enum(['in', 'out']),
    outcome: z.enum(['verified', 'doubtful', 'witnessed']),
    /** Why it is doubtful or was witnessed, e.g. `face-unsure`, `consent-refused`; null for a verified one. */
    reason: label.nullable(),
    portrait: portraitSource,
    face: faceEvidence.nullable(),
    act: signedAct.nullable(),
    reader: readerIdentity.nullable(),
    simulated: z.boolean(),
    by: shownBy,
  }),
  /** Somebody was not let through, or there was nobody. */
  refusal: z.strictObject({
    class: label.nullable(),
    session: label.nullable(),
    person: id.nullable(),
    reason: label,
    face: faceEvidence.nullable(),
    reader: readerIdentity.nullable(),
    simulated: z.boolean(),
    by: shownBy,
  }),
  'session.closed': z.strictObject({ class: label, session: label }),
  /** Two different people looked at a doubtful record. One that nobody resolves counts nothing. */
  'doubtful.resolved': z.strictObject({
    class: label,
    /** Leaf of the doubtful attendance. */
    record: z.int().min(0),
    person: id,
    decision: z.enum(['accept', 'refuse']),
    reason: label,
    act: signedAct,
  }),
  /** Adds a sign-in or sign-out that is missing (`add`), or takes one out of the count (`void`: its leaf). Two people. */
  'attendance.corrected': z.strictObject({
    ...seat,
    add: z.strictObject({ direction: z.enum(['in', 'out']), at: instant }).nullable(),
    void: z.int().min(0).nullable(),
    reason: label,
    overCap,
    act: signedAct,
  }),
  'leave.granted': z.strictObject({
    class: label,
    person: id,
    sessions: z.array(label).min(1).max(200),
    kind: z.enum(['personal', 'sick', 'official']),
    reason: label,
    overCap,
    act: signedAct,
  }),
  /** One more session for people who missed another one; the two stay linked. */
  'makeup.scheduled': z.strictObject({
    class: label,
    session,
    replaces: label,
    people: z.array(id).min(1).max(5000),
    reason: label,
    overCap,
    act: signedAct,
  }),
  /** A sheet signed on paper while the kiosk was dead, entered by two people afterwards. */
  'paper.entered': z.strictObject({
    class: label,
    session: label,
    /** Of the sheet's scan or photo. */
    sheet: sha256,
    entries: z
      .array(z.strictObject({ person: id, in: instant.nullable(), out: instant.nullable() }))
      .min(1)
      .max(5000),
    reason: label,
    act: signedAct,
  }),
  /** Made before the session: nobody can choose the moments of its checks afterwards. See `check.revealed`. */
  'check.committed': z.strictObject({
    class: label,
    session: label,
    check: id,
    /** Of the plan's exact text. */
    commitment: sha256,
    count: z.int().min(1).max(20),
    windowMs: z.int().min(1000),
  }),
  'check.called': z.strictObject({
    class: label,
    session: label,
    check: id,
    /** 0 for the first moment of the plan. */
    number: z.int().min(0),
    /** Who answers after this is late. */
    until: instant,
  }),
  'check.answered': z.strictObject({
    ...seat,
    /** Leaf of the call. */
    call: z.int().min(0),
    result: z.enum(['seen', 'not-seen', 'cannot-verify']),
    face: faceEvidence.nullable(),
    /** Signed by whoever looked; null when the camera did. */
    act: signedAct.nullable(),
    simulated: z.boolean(),
  }),
  'check.revealed': z.strictObject({
    class: label,
    session: label,
    check: id,
    plan: z.string().min(2).max(4000),
  }),
  /** Somebody came without a card that can be read. `count` is how often by now in this class. */
  'card.missing': z.strictObject({
    class: label,
    person: id,
    lane: z.enum(['forgotten', 'temporary', 'withheld', 'broken']),
    count: z.int().min(1),
    act: signedAct,
  }),
  /** A portrait that was enrolled on site, compared with a better one that came later. */
  'portrait.reconciled': z.strictObject({
    person: id,
    better: z.enum(['chip', 'official']),
    score: score.nullable(),
    verdict: z.enum(['match', 'nonmatch', 'unclear']),
    engine: label,
    accept: score,
    reject: score,
    act: signedAct,
  }),
  /** A collector's cosignature over an earlier checkpoint of this ledger. */
  receipt: z.strictObject({
    witness: label,
    size: z.int().min(0),
    root: sha256,
    time: instant,
    /** The checkpoint with the cosignature line, as received. */
    note: z.string().max(4000),
  }),
  /** A person got what is held about them: file of this hash, given out by the actor who signed. */
  'person.exported': z.strictObject({ person: id, sha256, act: signedAct }),
  /** Replaces what was said of the class before. */
  'class.facts': z.strictObject({ class: label, facts: classFacts, act: signedAct }),
  /** Group, contract, pension, insurance, voucher … of people; the newest one of a person stands. */
  'person.facts': z.strictObject({ class: label, people: sealedFacts, source: label, act: signedAct }),
  'certificate.imported': z.strictObject({
    class: label,
    people: sealedFacts,
    source: label,
    act: signedAct,
  }),
  /** Earlier subsidies from elsewhere, complete for these people up to `asOf`. */
  'history.imported': z.strictObject({ asOf: civilDay, people: sealedFacts, source: label, act: signedAct }),
  /** Hours of another system. They stay apart from those that this ledger proves. */
  'online.imported': z.strictObject({
    class: label,
    source: label,
    people: z
      .array(z.strictObject({ person: id, milliseconds: z.int().min(0) }))
      .min(1)
      .max(5000),
    act: signedAct,
  }),
  export: z.strictObject({
    class: label,
    kind: label,
    format: label,
    sha256,
    /** Who can open the sealed part of a bundle: auditors' public keys (age), or the one word `passphrase`. */
    sealedFor: z.array(label).min(1).max(64).optional(),
  }),
  /** A person's key of one kind was destroyed: their records of it are gone, lawfully, and every proof still holds. */
  'record.destroyed': z.strictObject({
    person: id,
    kind: z.enum(['identity', 'biometric']),
    reason: label,
    act: signedAct.nullable(),
  }),
  ...visitEvents,
} as const

/** How the reason of a destruction begins that a rule pack's term brought about, and nobody signed. */
export const RETENTION_REASON = 'retention '

export type EventType = keyof typeof eventTypes
export type EventData = { [T in EventType]: z.infer<(typeof eventTypes)[T]> }

/** What a caller hands to the ledger; index, salt and time are added at the append. */
export type EventInput = { [T in EventType]: { readonly type: T; readonly data: EventData[T] } }[EventType]

interface Envelope {
  readonly v: 1
  readonly origin: string
  readonly index: number
  readonly salt: string
  readonly time: EventTime
}
export type LedgerEvent = {
  [T in EventType]: Envelope & { readonly type: T; readonly data: EventData[T] }
}[EventType]

const envelope = z.strictObject({
  v: z.literal(1),
  origin: label,
  index: z.int().min(0),
  salt: hex(16),
  time: eventTime,
  type: z.enum(Object.keys(eventTypes) as [EventType, ...EventType[]]),
  data: z.unknown(),
})

/** Encodes an event once. The caller has a valid input by type; values are checked because they may come from a screen. */
export function encodeEvent(
  input: EventInput,
  head: { origin: string; index: number; salt: string; time: EventTime },
): Uint8Array {
  const data = eventTypes[input.type].safeParse(input.data)
  if (!data.success) {
    throw new Fault('LEDGER_EVENT_INVALID', `${input.type}: ${z.prettifyError(data.error).split('\n')[0]}`)
  }
  const body = { v: 1, ...head, type: input.type, data: data.data }
  return new TextEncoder().encode(JSON.stringify(body))
}

/** Reads an event's bytes. Total: bad UTF-8, bad JSON, an unknown type or a wrong field give `LEDGER_EVENT_INVALID`. */
export function decodeEvent(bytes: Uint8Array): Result<LedgerEvent> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    return failed(new Fault('LEDGER_EVENT_INVALID', 'event is not JSON in UTF-8', { cause }))
  }
  const head = envelope.safeParse(json)
  if (!head.success) return failed(new Fault('LEDGER_EVENT_INVALID', 'event head is malformed'))
  const data = eventTypes[head.data.type].safeParse(head.data.data)
  if (!data.success)
    return failed(new Fault('LEDGER_EVENT_INVALID', `data of ${head.data.type} is malformed`))
  return ok({ ...head.data, data: data.data } as LedgerEvent)
}
