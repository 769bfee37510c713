import { type Answer, encodeRequest } from './frame.ts'

/** One command of the SAM, with what makes an answer its own. */
export interface SamCommand {
  readonly name: SamCommandName
  readonly frame: Uint8Array
  /** How long the SAM may take, milliseconds, without the time that the bytes need on the wire. */
  readonly timeoutMs: number
  /** Success has a status and a payload size of its own, so that a late answer to another command is told apart. */
  succeeded(answer: Answer): boolean
  /** Refusals that only another command gives: on this one they are late answers. */
  readonly foreignRefusals: readonly number[]
}

export type SamCommandName =
  | 'reset'
  | 'status'
  | 'sam-number'
  | 'find'
  | 'select'
  | 'read'
  | 'probe'
  | 'max-rf-bytes'

const OK = 0x90
const NOTHING_STORED = 0x91
const FOUND = 0x9f
const FIND_REFUSED = 0x80
const SELECT_REFUSED = 0x81

/** Readers on long or converted lines have been seen to take a second for the shortest answer. */
const SHORT_MS = 1_500
const READ_MS = 3_500

/** 10 FF: like a power cycle of the SAM; a card that lies there can be found again. */
export const RESET = command('reset', 0x10, 0xff, SHORT_MS, exactly(OK, 0))
/** 11 FF: self-test. */
export const STATUS = command('status', 0x11, 0xff, SHORT_MS, exactly(OK, 0))
/** 12 FF: management number, 16 bytes. */
export const SAM_NUMBER = command('sam-number', 0x12, 0xff, SHORT_MS, exactly(OK, 16))
/** 20 01: find a card. Answers 9F, and 80 both for no card and for one that was read already. */
export const FIND = command('find', 0x20, 0x01, SHORT_MS, exactly(FOUND, 4), [SELECT_REFUSED])
/** 20 02: select the card found. */
export const SELECT = command('select', 0x20, 0x02, SHORT_MS, exactly(OK, 8), [FIND_REFUSED])
/** 30 01: text and photo, behind two length fields. */
export const READ = command(
  'read',
  0x30,
  0x01,
  READ_MS,
  ({ status, data }) => status === OK && data.length >= 4 + 256,
  [FIND_REFUSED, SELECT_REFUSED],
)
/** 30 03: additional address. Asked only to learn whether the card that was read still lies there. */
export const PROBE = command(
  'probe',
  0x30,
  0x03,
  SHORT_MS,
  ({ status }) => status === OK || status === NOTHING_STORED,
)

/** 61 FF: most bytes in a frame between SAM and radio module. */
export function maxRfBytes(bytes: number): SamCommand {
  return command('max-rf-bytes', 0x61, 0xff, SHORT_MS, exactly(OK, 0), [], Uint8Array.of(bytes))
}

function command(
  name: SamCommandName,
  code: number,
  parameter: number,
  timeoutMs: number,
  succeeded: (answer: Answer) => boolean,
  foreignRefusals: readonly number[] = [FIND_REFUSED, SELECT_REFUSED],
  data?: Uint8Array,
): SamCommand {
  return { name, frame: encodeRequest(code, parameter, data), timeoutMs, succeeded, foreignRefusals }
}

function exactly(status: number, bytes: number): (answer: Answer) => boolean {
  return (answer) => answer.status === status && answer.data.length === bytes
}
