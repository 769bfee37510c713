import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

/*
 * What the ledger records. Everything that can change an outcome is an event; nothing is ever edited.
 * An event is encoded once (JSON, UTF-8); those bytes are stored, hashed, sent and verified as they are.
 * No event holds a name, a number or a picture: people are random ids, pictures are salted hashes.
 */

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
/** Random 128-bit id, hex. */
const id = hex(16)
const sha256 = hex(32)
const label = z.string().min(1).max(200)
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

/**
 * A manual act: `statement` is the exact JSON text that the people signed with their own keys
 * (Ed25519 over `shidao-act/v1\n` + statement), never re-serialised.
 */
export const signedAct = z.strictObject({
  statement: z.string().min(2).max(4000),
  signatures: z
    .array(z.strictObject({ actor: id, signature: hex(64) }))
    .min(1)
    .max(4),
})
export type SignedAct = z.infer<typeof signedAct>

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

/** What was shown: a card that was read, or a code that was only scanned. Ledgers from before codes don't say. */
const shownBy = z.enum(['card', 'code']).optional()

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
    sessions: z.array(z.strictObject({ id: label, start: instant, end: instant })).max(2000),
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
  export: z.strictObject({ class: label, kind: label, format: label, sha256 }),
  /** A person's key of one kind was destroyed: their records of it are gone, lawfully, and every proof still holds. */
  'record.destroyed': z.strictObject({
    person: id,
    kind: z.enum(['identity', 'biometric']),
    reason: label,
    act: signedAct.nullable(),
  }),
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
