import { Fault, type FaultCode } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { ApduChannel } from '../transport/apdu-channel.ts'

/** A command that changes nothing on a card. Only these can be built: a card counts wrong PINs, and locks itself. */
export type ReadingInstruction = typeof SELECT | typeof READ_RECORD

export const SELECT = 0xa4
export const READ_RECORD = 0xb2

export interface CommandApdu {
  readonly instruction: ReadingInstruction
  readonly p1: number
  readonly p2: number
  readonly data?: Uint8Array
  /** Bytes expected, 0 for "as many as there are"; left out where T=0 has no room for it beside data. */
  readonly le?: number
}

/** A whole answer: its data without the status, and SW1 SW2 as one number. */
export interface ApduAnswer {
  readonly data: Uint8Array
  readonly status: number
}

/** ISO/IEC 7816-4, short form, class 00: `CLA INS P1 P2 [Lc data] [Le]`. */
export function encodeApdu({ instruction, p1, p2, data, le }: CommandApdu): Uint8Array {
  const body = data === undefined ? [] : [data.length, ...data]
  return Uint8Array.from([0x00, instruction, p1, p2, ...body, ...(le === undefined ? [] : [le])])
}

/**
 * One command to its end: 61xx is followed by GET RESPONSE, 6Cxx by the command again with the length that the card
 * wants (ISO/IEC 7816-3, T=0). The answer's status is 9000, a warning (62xx, 63xx) or a refusal: see `refusal`.
 * Faults: those of the channel, and `CARD_APDU_ANSWER` for an answer without a status or one that never ends.
 */
export async function exchangeApdu(
  channel: Pick<ApduChannel, 'transmit'>,
  command: CommandApdu,
): Promise<Result<ApduAnswer>> {
  const gathered: Uint8Array[] = []
  let request = encodeApdu(command)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const response = await channel.transmit(request)
    if (!response.ok) return response
    const sw1 = response.value.at(-2)
    const sw2 = response.value.at(-1)
    if (sw1 === undefined || sw2 === undefined) return unusable('the card answered without a status')
    gathered.push(response.value.subarray(0, -2))
    if (sw1 === 0x61) request = getResponse(sw2)
    else if (sw1 === 0x6c) request = withLength(request, sw2)
    else return ok({ data: joined(gathered), status: sw1 * 256 + sw2 })
  }
  return unusable('the card goes on answering without an end')
}

export const SUCCESS = 0x9000

/** What a status other than 9000 means; the code names what to do, the message the status. */
export function refusal(status: number): Fault {
  const [code, meaning] = meanings.get(status) ?? ['CARD_APDU_REFUSED', 'the card refused']
  return new Fault(code, `${meaning} (SW ${status.toString(16).toUpperCase().padStart(4, '0')})`)
}

/** More data than any file of a social security card has, in pieces of 256. */
const MOST_ROUNDS = 8

function getResponse(length: number): Uint8Array {
  return Uint8Array.of(0x00, 0xc0, 0x00, 0x00, length)
}

/** The same command with another Le: in its place, or appended where there was none. */
function withLength(request: Uint8Array, le: number): Uint8Array {
  const hasData = request.length > 5
  const header = hasData ? request.subarray(0, 5 + (request[4] ?? 0)) : request.subarray(0, 4)
  return Uint8Array.from([...header, le])
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

function unusable(why: string): Result<never> {
  return failed(new Fault('CARD_APDU_ANSWER', why))
}

// ISO/IEC 7816-4:2020 table 6; 9303 as JR/T 0025 and LD/T 32 cards use it.
const meanings = new Map<number, readonly [FaultCode, string]>([
  [0x6283, ['CARD_LOCKED', 'the selected application is locked']],
  [0x6700, ['CARD_APDU_LENGTH', 'the card does not accept this length']],
  [0x6981, ['CARD_APDU_FILE_KIND', 'the file is of another kind']],
  [0x6982, ['CARD_NEEDS_PSAM', 'the card shows this only to an authenticated terminal']],
  [0x6983, ['CARD_LOCKED', 'the key is locked']],
  [0x6985, ['CARD_APDU_CONDITIONS', 'the conditions of use are not met']],
  [0x6a81, ['CARD_LOCKED', 'the function is not supported, or the card is locked']],
  [0x6a82, ['CARD_APDU_NO_FILE', 'there is no such file']],
  [0x6a83, ['CARD_APDU_NO_RECORD', 'there is no such record']],
  [0x6a86, ['CARD_APDU_PARAMETERS', 'the card does not know these parameters']],
  [0x6a88, ['CARD_APDU_NO_KEY', 'there is no such key or data']],
  [0x6d00, ['CARD_APDU_INSTRUCTION', 'the card does not know this instruction']],
  [0x6e00, ['CARD_APDU_CLASS', 'the card does not know this class']],
  [0x9303, ['CARD_LOCKED', 'the application is locked for good']],
])
