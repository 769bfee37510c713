import { Fault } from '../../common/fault.ts'
import { failed, type Result } from '../../common/result.ts'
import type { CardKind, CardRecord } from '../reader.ts'
import { decodeForeigner2017, encodeForeigner2017 } from './foreigner-2017.ts'
import { decodeForeigner2023, encodeForeigner2023 } from './foreigner-2023.ts'
import { TEXT_BYTES } from './read-answer.ts'
import { decodeResidencePermit, encodeResidencePermit } from './residence-permit.ts'
import { decodeResident, encodeResident } from './resident.ts'

/**
 * The 256-byte text record of any card → what it says. Total: any bytes give a record that passed every check of its
 * kind, or a fault that names what is wrong.
 *
 * `CARD_RECORD_SIZE`, `CARD_RECORD_EMPTY` (all bytes alike, as damaged reads and unlicensed modules give),
 * `CARD_RECORD_TYPE`, else the fields' own codes.
 */
export function decodeTextRecord(text: Uint8Array): Result<CardRecord> {
  if (text.length !== TEXT_BYTES)
    return failed(new Fault('CARD_RECORD_SIZE', `a text record has ${TEXT_BYTES} bytes, not ${text.length}`))
  if (isEmpty(text)) return failed(new Fault('CARD_RECORD_EMPTY', 'the text record is empty'))
  const type = String.fromCharCode((text[TYPE_AT] ?? 0) | ((text[TYPE_AT + 1] ?? 0) << 8))
  const decode = decoders[type]
  if (decode === undefined)
    return failed(new Fault('CARD_RECORD_TYPE', 'the text record is of no kind that is known'))
  return decode(text)
}

/**
 * The 256 bytes of a record, for simulated cards; unchecked, so that a simulated card can be a wrong one.
 * `CARD_TYPE_UNSUPPORTED` for a social security card, which has no such record.
 */
export function encodeTextRecord(record: CardRecord): Result<Uint8Array> {
  const encode = encoders[record.kind]
  return encode === null
    ? failed(new Fault('CARD_TYPE_UNSUPPORTED', `a card of kind ${record.kind} has no text record`))
    : encode(record)
}

/** UTF-16 unit that tells the kinds apart. */
const TYPE_AT = 248

const decoders: Readonly<Record<string, (text: Uint8Array) => Result<CardRecord>>> = {
  ' ': decodeResident,
  '\0': decodeResident,
  J: decodeResidencePermit,
  I: decodeForeigner2017,
  Y: decodeForeigner2023,
}

const encoders: Readonly<Record<CardKind, ((record: CardRecord) => Result<Uint8Array>) | null>> = {
  resident: encodeResident,
  hmt: encodeResidencePermit,
  foreigner2017: encodeForeigner2017,
  foreigner2023: encodeForeigner2023,
  ssc: null,
}

/** All zero bytes, all spaces, all digits 0: one UTF-16 unit from end to end. */
function isEmpty(text: Uint8Array): boolean {
  return text.every((byte, i) => byte === text[i % 2])
}
