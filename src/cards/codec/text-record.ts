import { Fault } from '../../common/fault.ts'
import { failed, type Result } from '../../common/result.ts'
import type { CardRecord } from '../reader.ts'
import { TEXT_BYTES } from './read-answer.ts'
import { decodeResident, encodeResident } from './resident.ts'

/**
 * The 256-byte text record of any card → what it says. Total: any bytes give a record that passed every check of its
 * kind, or a fault that names what is wrong.
 *
 * `CARD_RECORD_SIZE`, `CARD_RECORD_EMPTY` (all bytes alike, as damaged reads and unlicensed modules give),
 * `CARD_TYPE_UNSUPPORTED` (a known kind that isn't read yet), `CARD_RECORD_TYPE`, else the fields' own codes.
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

/** The 256 bytes of a record, for simulated cards; unchecked, so that a simulated card can be a wrong one. */
export function encodeTextRecord(record: CardRecord): Result<Uint8Array> {
  return record.kind === 'resident' ? encodeResident(record) : unsupported(record.kind)
}

/** UTF-16 unit that tells the kinds apart. */
const TYPE_AT = 248

const decoders: Readonly<Record<string, (text: Uint8Array) => Result<CardRecord>>> = {
  ' ': decodeResident,
  '\0': decodeResident,
  J: () => unsupported('Hong Kong, Macao and Taiwan residence permit'),
  I: () => unsupported('foreign permanent resident, 2017'),
  Y: () => unsupported('foreign permanent resident, 2023'),
}

function unsupported(kind: string) {
  return failed(new Fault('CARD_TYPE_UNSUPPORTED', `this kind of card is not read yet: ${kind}`))
}

/** All zero bytes, all spaces, all digits 0: one UTF-16 unit from end to end. */
function isEmpty(text: Uint8Array): boolean {
  return text.every((byte, i) => byte === text[i % 2])
}
