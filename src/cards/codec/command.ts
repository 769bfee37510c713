import { type Answer, type Checksum, encodeRequest } from './frame.ts'
import { TEXT_BYTES } from './read-answer.ts'

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
  /** The answer says something of a person: one that may belong to the card before must never be taken. */
  readonly personal: boolean
}

export type SamCommandName =
  | 'reset'
  | 'status'
  | 'sam-number'
  | 'find'
  | 'select'
  | 'read'
  | 'additional-address'
  | 'max-rf-bytes'
  | 'speed'

const OK = 0x90
const NOTHING_STORED = 0x91
const FOUND = 0x9f
const FIND_REFUSED = 0x80
const SELECT_REFUSED = 0x81
/** A refusal that tells of a card's content: no command without such content gives it. */
const NO_CONTENT = [FIND_REFUSED, SELECT_REFUSED, NOTHING_STORED]

/** Readers on long or converted lines have been seen to take a second for the shortest answer. */
const SHORT_MS = 1_500
const READ_MS = 3_500

/** 10 FF: like a power cycle of the SAM; a card that lies there can be found again. */
export const RESET = command('reset', 0x10, 0xff, exactly(OK, 0))
/** 11 FF: self-test. */
export const STATUS = command('status', 0x11, 0xff, exactly(OK, 0))
/** 12 FF: management number, 16 bytes. */
export const SAM_NUMBER = command('sam-number', 0x12, 0xff, exactly(OK, 16))
/** 20 01: find a card. Answers 9F, and 80 both for no card and for one that was read already. */
export const FIND = command('find', 0x20, 0x01, exactly(FOUND, 4), {
  foreignRefusals: [SELECT_REFUSED, NOTHING_STORED],
})
/** 20 02: select the card found. */
export const SELECT = command('select', 0x20, 0x02, exactly(OK, 8), {
  foreignRefusals: [FIND_REFUSED, NOTHING_STORED],
})
/** 30 01: text and photo, behind two length fields. */
export const READ = command('read', 0x30, 0x01, isRead, ofCard(READ_MS))
/** 30 10: text, photo and fingerprints, for readers that know nothing else; `splitReadAnswer` drops the fingerprints. */
export const READ_WITH_FINGERPRINTS = command('read', 0x30, 0x10, isRead, ofCard(READ_MS))
/** 30 03: the additional addresses of the card that was read last, 0 to 4; 91 if it has none. */
export const ADDITIONAL_ADDRESS = command(
  'additional-address',
  0x30,
  0x03,
  isAdditionalAddress,
  ofCard(READ_MS),
)
/** 30 03 again, asked only to learn whether the card that was read still lies there: the content doesn't matter. */
export const PROBE: SamCommand = { ...ADDITIONAL_ADDRESS, timeoutMs: SHORT_MS, personal: false }

/** 61 FF: most bytes in a frame between SAM and radio module, 1 to 255. */
export function maxRfBytes(bytes: number): SamCommand {
  return command('max-rf-bytes', 0x61, 0xff, exactly(OK, 0), { data: Uint8Array.of(bytes) })
}

/** 60 nn: the speed of the SAM's UART from the next command on; null for one that it doesn't have. */
export function setSpeed(baudRate: number): SamCommand | null {
  const parameter = [115_200, 57_600, 38_400, 19_200, 9_600].indexOf(baudRate)
  return parameter < 0 ? null : command('speed', 0x60, parameter, exactly(OK, 0))
}

/**
 * What a reader is asked with. `resets` is sent where a SAM would be reset; a command that a reader doesn't have is
 * null.
 */
export interface SamDialect {
  /** Those that an answer may have. */
  readonly checksums: readonly Checksum[]
  readonly status: SamCommand
  readonly reset: SamCommand
  readonly samNumber: SamCommand | null
  readonly find: SamCommand
  readonly select: SamCommand
  readonly read: SamCommand
  readonly additionalAddress: SamCommand | null
  readonly probe: SamCommand | null
}

export type SamDialectName = keyof typeof dialects

/** Its answer has 24 bytes in all; what they say isn't known. */
const cvrStatus = cvr('status', 0x01, exactly(OK, 13))

export const dialects = {
  standard: {
    checksums: ['xor'],
    status: STATUS,
    reset: RESET,
    samNumber: SAM_NUMBER,
    find: FIND,
    select: SELECT,
    read: READ,
    additionalAddress: ADDITIONAL_ADDRESS,
    probe: PROBE,
  },
  /**
   * CVR-100AU: commands 00 01, 00 81, 00 82, 00 83 under a summed checksum (THID_CVR_IDCard.c, one public source, which
   * checks find for 9F and no answer's checksum, so either kind is taken). It starts anew on 00 01; no number, no 30 03.
   */
  'cvr-100au': {
    checksums: ['negative-sum', 'xor'],
    status: cvrStatus,
    reset: cvrStatus,
    samNumber: null,
    find: cvr('find', 0x81, ({ status }) => status === FOUND, { foreignRefusals: FIND.foreignRefusals }),
    select: cvr('select', 0x82, ({ status, data }) => status === OK && data.length < TEXT_BYTES, {
      foreignRefusals: SELECT.foreignRefusals,
    }),
    read: cvr('read', 0x83, isRead, ofCard(READ_MS)),
    additionalAddress: null,
    probe: null,
  },
} as const satisfies Record<string, SamDialect>

interface CommandDetails {
  readonly data?: Uint8Array
  readonly timeoutMs?: number
  readonly foreignRefusals?: readonly number[]
  readonly personal?: boolean
  readonly checksum?: Checksum
}

function command(
  name: SamCommandName,
  code: number,
  parameter: number,
  succeeded: (answer: Answer) => boolean,
  {
    data,
    timeoutMs = SHORT_MS,
    foreignRefusals = NO_CONTENT,
    personal = false,
    checksum,
  }: CommandDetails = {},
): SamCommand {
  const frame = encodeRequest(code, parameter, data, checksum)
  return { name, frame, timeoutMs, succeeded, foreignRefusals, personal }
}

function cvr(
  name: SamCommandName,
  parameter: number,
  succeeded: (answer: Answer) => boolean,
  details: CommandDetails = {},
): SamCommand {
  return command(name, 0x00, parameter, succeeded, { ...details, checksum: 'negative-sum' })
}

function ofCard(timeoutMs: number): CommandDetails {
  return { timeoutMs, personal: true, foreignRefusals: [FIND_REFUSED, SELECT_REFUSED] }
}

function exactly(status: number, bytes: number): (answer: Answer) => boolean {
  return (answer) => answer.status === status && answer.data.length === bytes
}

function isRead({ status, data }: Answer): boolean {
  return status === OK && data.length >= 4 + TEXT_BYTES
}

/** What a status, a select, a SAM number or a read gives isn't an address. */
function isAdditionalAddress({ status, data }: Answer): boolean {
  if (status === NOTHING_STORED) return data.length === 0
  return status === OK && ![0, 8, 16].includes(data.length) && !startsLikeRead(data)
}

/** The text length of a read, 01 00; as UTF-16LE it would be a control character. */
function startsLikeRead(data: Uint8Array): boolean {
  return data[0] === 1 && data[1] === 0
}
