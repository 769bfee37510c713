import { z } from 'zod'
import { cameraIdentity, cameraVerdict, pixels } from './camera-identity.ts'
import { hex, id, instant, label, readerIdentity, score, sha256, signedAct } from './event-fields.ts'

/**
 * Schemas of `data` by event type.
 * What a station records of itself: its keys, programs, devices and clock, the people who act on it, its receipts.
 */
export const stationEvents = {
  /** Leaf 0: the station's key is born. */
  'station.key': z.strictObject({
    vkey: label,
    simulated: z.boolean(),
    software: label,
  }),
  /** From here on: a second tree with SM3 and SM2 under this key (`gm`), or none any more (`std`, without a key). */
  'station.suite': z.strictObject({
    suite: z.enum(['std', 'gm']),
    vkey: label.nullable(),
    /** Where one key of the second tree gives way to the next: the change that both signed over that tree, why, and who did it. */
    rotation: z
      .strictObject({ note: z.string().max(4000), reason: z.enum(['planned', 'compromised']) })
      .optional(),
    act: signedAct.nullable().optional(),
  }),
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
  /** The ledger's file was taken from one version of its tables to another; its events stay as they are. */
  'ledger.migrated': z.strictObject({ from: z.int().min(1), to: z.int().min(1) }),
  /**
   * After a start, the first `size` events were verified, every one re-hashed. `problem`: what was found, which did not
   * end recording; null for nothing. What ends recording is recorded nowhere.
   */
  'ledger.rehashed': z.strictObject({
    size: z.int().min(1),
    problem: label.nullable(),
    ms: z.int().min(0),
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
  /** A collector's cosignature over an earlier checkpoint of this ledger. */
  receipt: z.strictObject({
    witness: label,
    size: z.int().min(0),
    root: sha256,
    time: instant,
    /** The checkpoint with the cosignature line, as received. */
    note: z.string().max(4000),
  }),
} as const
