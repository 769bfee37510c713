import { z } from 'zod'

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

export const command = z.discriminatedUnion('type', [
  /** First message of a window: the camera it opened, for the record. */
  z.strictObject({ type: z.literal('hello'), camera: z.string().max(200).nullable() }),
  z.strictObject({ type: z.literal('consent'), granted: z.boolean() }),
  /** The person gives up, or staff ends a wait. */
  z.strictObject({ type: z.literal('cancel') }),
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
  z.strictObject({ type: z.literal('camera'), label: z.string().max(200).nullable() }),
  /** A scanner that types like a keyboard read this code. It selects a person and proves nothing. */
  z.strictObject({ type: z.literal('scan'), text: z.string().min(1).max(MAX_SCAN_CHARACTERS) }),
])
export type Command = z.infer<typeof command>

export type Screen =
  | 'starting'
  | 'idle'
  | 'reading'
  | 'consent'
  | 'looking'
  | 'enrol'
  | 'witness'
  | 'verdict'
  | 'take-card'
  | 'error'

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
  readonly camera: 'ok' | 'missing'
  readonly person: {
    /** Masked: 张*  */
    readonly name: string
    readonly number: string
  } | null
  /** What to do while looking: a quality issue such as `too-small`, `turned`, or null for "hold still". */
  readonly hint: string | null
  readonly verdict: Verdict | null
  /** Code of the one sentence to show, e.g. `face-mismatch`, `not-on-roster`, `already-signed`, `CARD_CHECKSUM`. */
  readonly message: string | null
  /** Values for that sentence, e.g. the time of the earlier sign-in. */
  readonly messageValues: Readonly<Record<string, string>>
  /** People who may act, for the witness and enrolment screens. */
  readonly actors: readonly { readonly actor: string; readonly name: string; readonly role: string }[]
  /** sha256 of the notice text that the consent screen must show. */
  readonly noticeVersion: string
  /** When this screen changes by itself, ms since epoch, or null. */
  readonly until: number | null
}

/** Answer to a command that could not be done; the snapshot stays as it is. */
export interface Refused {
  readonly type: 'refused'
  readonly command: string
  readonly code: string
}

export type ServerMessage = Snapshot | Refused
