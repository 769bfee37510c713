/** A chip card in software: what is put into a simulated slot, or shown to pcscd. */
export interface ChipCard {
  readonly atr: Uint8Array
  /** Power on or reset: nothing is selected any more. */
  reset(): void
  /** The response with its status; null when the card was pulled instead of answering. */
  answer(apdu: Uint8Array): Uint8Array | null
  /** The reader has done with it for now. */
  powerOff?(): void
}

export interface ReceivedApdu {
  readonly instruction: number
  readonly p1: number
  readonly p2: number
  /** Data of a command that has some, else empty. */
  readonly data: Uint8Array
  /** Bytes asked for, null if the command says nothing about it. */
  readonly le: number | null
}

/** A short APDU's parts (ISO/IEC 7816-4), as T=0 delivers them: with data there is no Le. */
export function parseApdu(apdu: Uint8Array): ReceivedApdu {
  const [, instruction = 0, p1 = 0, p2 = 0, p3] = apdu
  const data = apdu.length > 5 ? apdu.subarray(5, 5 + (p3 ?? 0)) : new Uint8Array()
  return { instruction, p1, p2, data, le: apdu.length > 5 ? null : (p3 ?? null) }
}

/** A response of only a status. */
export function statusOnly(status: number): Uint8Array {
  return Uint8Array.of(status >> 8, status & 0xff)
}
