import { Fault, type FaultCode } from '../../common/fault.ts'
import { refusal } from '../codec/apdu.ts'

/**
 * What a negative result of an LD/T 33 function means. Codes from −24576 (6000) down are a card's status word with a
 * minus before it, e.g. −27010 is 6982. `CARD_NEEDS_PSAM` stands for every case where LD/T 33 goes on with the
 * issuer's encryption machine, which a training site hasn't.
 */
export function sscardFault(result: number): Fault {
  const row = table[result]
  if (row !== undefined) return new Fault(row[0], `${row[1]} (${result})`)
  if (-result >= 0x6000 && -result <= 0x9fff) return refusal(-result)
  return new Fault('CARD_SSC_FAILED', `the social security card could not be read (${result})`)
}

const table: Readonly<Record<number, readonly [code: FaultCode, meaning: string]>> = {
  [-1]: ['CARD_NOT_SOCIAL_SECURITY', 'this is not a social security card'],
  [-2]: ['CARD_NONE', 'no card lies in the reader'],
  [-3]: ['CARD_MUTE', 'the card has no power'],
  [-4]: ['CARD_MUTE', 'the card does not answer'],
  [-5]: ['CARD_VENDOR_MISSING', 'the library lacks one that it needs itself'],
  [-11]: ['CARD_EXCHANGE_FAILED', 'the reader failed'],
  [-12]: ['PORT_LOST', 'the reader is not connected'],
  [-20]: ['CARD_RECORD_IDENTIFICATION', 'the identification code on the card has a wrong form'],
  [-21]: ['CARD_AUTH_CARD', 'the reader did not accept the card'],
  [-24]: ['CARD_NEEDS_PSAM', 'the security module in the reader is not for this card'],
  [-51]: ['CARD_SSC_PIN', 'the card refused a PIN'],
  [-52]: ['CARD_SSC_PIN', 'the PIN of the card is locked'],
  [-2201]: ['CARD_NEEDS_PSAM', 'the reader has no security module (PSAM)'],
  [-2202]: ['CARD_NEEDS_PSAM', 'the security module in the reader lacks the algorithm of this card'],
  [-2203]: ['CARD_NEEDS_PSAM', 'the security module in the reader lacks the key of this card'],
  [-2204]: ['CARD_SSC_FAILED', 'the library did not expect a step with the issuer'],
  [-0x6a88]: ['CARD_NEEDS_PSAM', 'the card lacks the key that the library asked for'],
}
