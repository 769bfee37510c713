import { z } from 'zod'
import { type DeskWork, deskWork } from './desk-work.ts'
import type { OfficeWork } from './office-work.ts'

export type { Finding, FindingCode } from './doubt-findings.ts'
export type { ExportAnswers, ExportWork } from './export-work.ts'
export type * from './visit-work.ts'
export type { DeskWork, OfficeWork }

/*
 * The one protocol between the station and a window: typed commands in, whole snapshots out.
 * The station decides everything; a window shows the newest snapshot and sends what people do.
 * JSON text messages carry commands and snapshots; a binary message is one camera frame (JPEG).
 */

/** Largest frame that the station takes, bytes. */
export const MAX_FRAME_BYTES = 2 * 1024 * 1024
/** Longest code that a window sends; a QR code holds at most 2,953 bytes (ISO/IEC 18004), those at a door far fewer. */
export const MAX_SCAN_CHARACTERS = 2048

const pin = z.string().min(4).max(32)
const actor = z.string().regex(/^[0-9a-f]{32}$/)

const pixels = z.int().min(0).max(100_000)
const perSecond = z.number().min(0).max(10_000)

/** What a window's browser says of the stream that it opened. */
export const streamFacts = z.strictObject({
  /** sha256 of the browser's id of the device, which it makes for this page alone; null when it tells none. */
  device: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  width: pixels,
  height: pixels,
  frameRate: perSecond,
  /** The most that the camera gives; null when the browser doesn't say. */
  most: z.strictObject({ width: pixels, height: pixels, frameRate: perSecond }).nullable(),
})
export type StreamFacts = z.infer<typeof streamFacts>

/** No kiosk runs longer without a restart; what goes beyond is no clock. */
const A_YEAR_S = 366 * 24 * 3600
const browserMs = z
  .number()
  .min(0)
  .max(1000 * A_YEAR_S)

/** What a window's browser says of a frame (W3C video-rvfc): its own clock, beside the picture. */
export const frameFacts = z.strictObject({
  /** Grows with each opening of the stream: two runs have nothing to do with each other. */
  run: z.int().min(0),
  /** When the window sent it, and when the camera took it (null: not said): milliseconds of the window's clock. */
  sent: browserMs,
  captureTime: browserMs.nullable(),
  /** The frame's own time, seconds. */
  mediaTime: z.number().min(-A_YEAR_S).max(A_YEAR_S),
  /** How many frames were shown since the stream was opened. */
  presentedFrames: z
    .int()
    .min(0)
    .max(2 ** 32),
})
export type FrameFacts = z.infer<typeof frameFacts>

export const command = z.discriminatedUnion('type', [
  /** First message of a window: the camera it opened, for the record. */
  z.strictObject({
    type: z.literal('hello'),
    camera: z.string().max(200).nullable(),
    stream: streamFacts.optional(),
  }),
  /** The answer to the notice that is shown; `purpose` is named where it is not the face check. */
  z.strictObject({
    type: z.literal('consent'),
    granted: z.boolean(),
    purpose: z.literal('duplicates').optional(),
  }),
  /** The person gives up, or staff ends a wait. */
  z.strictObject({ type: z.literal('cancel') }),
  /** The person can't do what the prompt asks: a supervisor says who they are instead. */
  z.strictObject({ type: z.literal('cannot') }),
  /** The window has painted this colour of the light's sequence just now, counted from 0. */
  z.strictObject({ type: z.literal('painted'), step: z.int().min(0).max(15) }),
  /** Equal lane: a supervisor says who this is. */
  z.strictObject({ type: z.literal('witness'), actor, pin }),
  /** Two different enrolled people take the reference portrait of a person without one. */
  z.strictObject({
    type: z.literal('enrol'),
    signers: z.tuple([z.strictObject({ actor, pin }), z.strictObject({ actor, pin })]),
  }),
  /** Sign-in or sign-out at this door from now on; `auto` follows the timetable. */
  z.strictObject({ type: z.literal('direction'), direction: z.enum(['auto', 'in', 'out']) }),
  /** The window's camera came or went. */
  z.strictObject({
    type: z.literal('camera'),
    label: z.string().max(200).nullable(),
    stream: streamFacts.optional(),
  }),
  /** A supervisor looked at the camera that the snapshot names by this key: it is the door's from now on. */
  z.strictObject({
    type: z.literal('confirm-camera'),
    camera: z.string().regex(/^[0-9a-f]{16}$/),
    actor,
    pin,
  }),
  /** Belongs to the binary message that follows; it has no answer. */
  z.strictObject({ type: z.literal('frame'), facts: frameFacts }),
  /** A scanner that types like a keyboard read this code. It selects a person and proves nothing. */
  z.strictObject({ type: z.literal('scan'), text: z.string().min(1).max(MAX_SCAN_CHARACTERS) }),
  /** Something that is done beside the door: office work, an inspection, an export; answered by an `answer` with the same number. */
  z.strictObject({ type: z.literal('office'), request: z.int().min(0), work: deskWork }),
])
export type Command = z.infer<typeof command>

export type Screen =
  | 'starting'
  | 'idle'
  | 'reading'
  | 'consent'
  | 'looking'
  | 'light'
  | 'prompt'
  | 'enrol'
  | 'witness'
  | 'verdict'
  | 'take-card'
  | 'error'

/** What a person may be asked to do before the camera; left and right are their own. */
export type PromptKind = 'turn-left' | 'turn-right' | 'look-up' | 'look-down' | 'open-mouth' | 'come-closer'

export type Verdict = 'verified' | 'doubtful' | 'witnessed' | 'already' | 'refused'

/** Everything a window needs to draw itself. Text is a code that the window looks up in its language. */
export interface Snapshot {
  readonly type: 'snapshot'
  /** Grows by one with every change. */
  readonly revision: number
  readonly screen: Screen
  /** Hardware or clock is simulated: the window says so on every screen. */
  readonly simulated: boolean
  readonly direction: 'in' | 'out'
  readonly session: {
    readonly title: string
    readonly id: string
    readonly start: number
    readonly end: number
  } | null
  readonly counts: { readonly expected: number; readonly present: number; readonly doubtful: number }
  /** Records not yet receipted, and whether the collector answered last time. */
  readonly upload: { readonly waiting: number; readonly online: boolean; readonly configured: boolean }
  readonly reader: 'ok' | 'missing' | 'fault'
  /** When this station recorded another reader than before, ms since epoch; null when that is more than a day ago. */
  readonly readerChangedAt: number | null
  /** The scanner for codes on a serial port, null when none is set up; `code` says why it does not work. */
  readonly scanner: { readonly health: 'ok' | 'missing' | 'fault'; readonly code: string | null } | null
  /**
   * `virtual`: a program's picture, or a film. `changed`: another camera than this station is pinned to. `unknown`: the
   * system knows no USB camera behind it, and no supervisor looked. `simulated`: a film at a simulated station.
   */
  readonly camera: 'ok' | 'missing' | 'unknown' | 'changed' | 'virtual' | 'simulated'
  /** The camera for staff: what `confirm-camera` names it by, and why it is judged so. Null without one. */
  readonly cameraDetail: { readonly label: string; readonly reason: string; readonly key: string } | null
  readonly person: {
    /** Masked: 张*  */
    readonly name: string
    readonly number: string
  } | null
  /** What to do while looking: a quality issue such as `too-small`, `turned`, or null for "hold still". */
  readonly hint: string | null
  /** On the prompt screen: what the person is asked to do, and the how manieth of how many it is. */
  readonly prompt: { readonly kind: PromptKind; readonly step: number; readonly of: number } | null
  /** On the light screen: colours (`#rrggbb`) that the whole screen shows one after the other, times in ms since epoch. */
  readonly light: readonly { readonly colour: string; readonly from: number; readonly until: number }[] | null
  readonly verdict: Verdict | null
  /** Code of the one sentence to show, e.g. `face-mismatch`, `not-on-roster`, `already-signed`, `CARD_CHECKSUM`. */
  readonly message: string | null
  /** Values for that sentence, e.g. the time of the earlier sign-in. */
  readonly messageValues: Readonly<Record<string, string>>
  /** People who may act, for the witness and enrolment screens. */
  readonly actors: readonly { readonly actor: string; readonly name: string; readonly role: string }[]
  /** sha256 of the notice text that the consent screen must show. */
  readonly noticeVersion: string
  /** A check in the middle of the session is being called; null or absent when none is. */
  readonly check?: { readonly until: number; readonly seen: number; readonly expected: number } | null
  /** When this screen changes by itself, ms since epoch, or null. */
  readonly until: number | null
}

/** Answer to a command that could not be done; the snapshot stays as it is. */
export interface Refused {
  readonly type: 'refused'
  readonly command: string
  readonly code: string
}

/** What became of work at the desk. `value` is JSON by the kind of work: `doOfficeWork`, `VisitAnswers`, `ExportAnswers`. */
export type Answer =
  | { readonly type: 'answer'; readonly request: number; readonly ok: true; readonly value: unknown }
  | {
      readonly type: 'answer'
      readonly request: number
      readonly ok: false
      readonly code: string
      readonly message: string
    }

export type ServerMessage = Snapshot | Refused | Answer
