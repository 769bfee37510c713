import { Fault, type FaultCode } from '../../common/fault.ts'

/** What to do after a refusal: ask again, ask the person to place the card again, reset the SAM, call service. */
export type Advice = 'retry' | 'place-again' | 'reset' | 'service'

export interface StatusMeaning {
  readonly code: FaultCode
  readonly advice: Advice
  readonly meaning: string
}

/** Whether SW3 is a refusal: 90 and 9F are successes, of whatever command. */
export function isRefusal(status: number): boolean {
  return status !== 0x90 && status !== 0x9f
}

/** The meaning of SW3 where it isn't a success; `CARD_STATUS` with the byte in hex for one that nobody documented. */
export function statusMeaning(status: number): StatusMeaning {
  return (
    table[status] ?? {
      code: 'CARD_STATUS',
      advice: 'retry',
      meaning: `the reader answered ${hex(status)}, which no table explains`,
    }
  )
}

/** A fault that remembers what the SAM advises. */
export class RefusalFault extends Fault {
  readonly status: number
  readonly advice: Advice

  constructor(status: number) {
    const { code, advice, meaning } = statusMeaning(status)
    super(code, `${meaning} (status ${hex(status)})`)
    this.status = status
    this.advice = advice
  }
}

/** Every documented SW3 that isn't a success, ascending. */
export function documentedRefusals(): readonly number[] {
  return Object.keys(table).map(Number)
}

function row(code: FaultCode, advice: Advice, meaning: string): StatusMeaning {
  return { code, advice, meaning }
}

const table: Readonly<Record<number, StatusMeaning>> = {
  16: row('CARD_SAM_CHECKSUM', 'retry', 'the reader received a damaged command'),
  17: row('CARD_SAM_LENGTH', 'retry', 'the reader received a command of the wrong length'),
  33: row('CARD_SAM_COMMAND', 'reset', 'the reader does not know the command'),
  35: row('CARD_SAM_NOT_PERMITTED', 'reset', 'the reader does not permit this operation'),
  36: row('CARD_SAM_UNKNOWN', 'reset', 'the reader reports an error it cannot name'),
  49: row('CARD_AUTH_READER', 'place-again', 'the card did not accept the reader'),
  50: row('CARD_AUTH_CARD', 'place-again', 'the reader did not accept the card'),
  51: row('CARD_VERIFY', 'place-again', 'the information on the card did not verify'),
  55: row('CARD_VERIFY_FINGERPRINT', 'place-again', 'the fingerprint on the card did not verify'),
  63: row('CARD_INFORMATION_LENGTH', 'retry', 'the information on the card has the wrong length'),
  64: row('CARD_TYPE_UNKNOWN', 'service', "the reader's firmware does not know this kind of card"),
  65: row('CARD_READ_FAILED', 'place-again', 'the card was moved or taken away while it was read'),
  71: row('CARD_SAM_RANDOM', 'reset', 'the reader could not draw a random number'),
  96: row('CARD_SAM_SELF_TEST', 'reset', "the reader's security module failed its self-test"),
  102: row('CARD_SAM_NOT_AUTHORISED', 'service', "the reader's security module is not authorised"),
  128: row('CARD_NONE', 'place-again', 'no card that has not been read already'),
  129: row('CARD_SELECT_FAILED', 'place-again', 'the card could not be selected'),
  145: row('CARD_NOTHING_STORED', 'retry', 'the card stores nothing for this item'),
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
