import { Fault, type FaultCode } from '../../common/fault.ts'

/**
 * The fault for an SCARD code other than 0, in the words of a technician.
 * Codes: github.com LudovicRousseau/PCSC:src/PCSC/pcsclite.h.in, the same numbers on every system.
 */
export function pcscFault(code: number, reader: string): Fault {
  const known = meanings.get(code)
  if (known !== undefined) return new Fault(known[0], known[1].replace('READER', reader))
  return new Fault('PORT_PCSC', `PC/SC refused ${reader} with ${code.toString(16).toUpperCase()}`)
}

/** No reader is plugged in: an empty list rather than a failure. */
export const SCARD_E_NO_READERS_AVAILABLE = 0x8010002e

export const SCARD_E_NOT_TRANSACTED = 0x80100016

const lost = ['PORT_LOST', 'READER went away'] as const
const stopped = ['PORT_PCSC_NO_SERVICE', 'the PC/SC service (pcscd) is not running'] as const
const removed = ['CARD_REMOVED', 'the card was taken away while it was read'] as const
const mute = ['CARD_MUTE', 'the card gives no answer; is it the right way up?'] as const

const meanings = new Map<number, readonly [FaultCode, string]>([
  // INVALID_HANDLE: the service was restarted, and no longer knows this context.
  [0x80100003, lost],
  [0x80100009, lost],
  [0x8010000b, ['CARD_IN_USE', 'another program is using the card in READER']],
  [0x8010000c, ['CARD_NONE', 'no card lies in READER']],
  [0x8010000f, ['CARD_PROTOCOL', 'the card speaks neither T=0 nor T=1']],
  [0x80100013, stopped],
  [SCARD_E_NOT_TRANSACTED, ['CARD_EXCHANGE_FAILED', 'the exchange with the card broke off']],
  [0x80100017, lost],
  [0x8010001d, stopped],
  [0x8010001e, stopped],
  [0x80100066, mute],
  [0x80100067, mute],
  [0x80100068, ['CARD_EXCHANGE_FAILED', 'the card was reset while it was read']],
  [0x80100069, removed],
  [0x8010006a, ['PORT_DENIED', 'this user may not use PC/SC (on Linux: a polkit rule decides)']],
])
