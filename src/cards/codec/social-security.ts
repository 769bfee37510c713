import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { CardRecord, IdentityToken, SexCode } from '../reader.ts'
import { type CommandApdu, READ_RECORD, SELECT } from './apdu.ts'
import { birthOf, parseCitizenNumber, sexOf } from './citizen-number.ts'
import { parseCompactDate } from './civil-date.ts'
import { ethnicityName } from './ethnicity.ts'
import { isPlainText, normaliseName } from './fixed-text.ts'
import type { TlvRecords } from './tlv.ts'

/*
 * The social security card (LD/T 32-2015): application SSSE, file EF05 with what the issuer wrote, EF06 with what it
 * says of its holder. Commands as logged in github.com a7082633/HDOS_VC6: apdu.txt.
 */

/** `sx1.sh.` and 社会保障 in GBK: the name of the application. */
export const SSSE_NAME = Uint8Array.from(Buffer.from('7378312E73682EC9E7BBE1B1A3D5CF', 'hex'))

export const SELECT_SSSE: CommandApdu = { instruction: SELECT, p1: 0x04, p2: 0x00, data: SSSE_NAME }

export const EF05 = { identifier: 0xef05, sfi: 5 } as const
export const EF06 = { identifier: 0xef06, sfi: 6 } as const
export type SocialSecurityFile = typeof EF05 | typeof EF06

/** SELECT of a file: cards know it by P1 = 00, some only by P1 = 02 (file under the current application). */
export function selectFile({ identifier }: SocialSecurityFile, p1: 0x00 | 0x02): CommandApdu {
  return { instruction: SELECT, p1, p2: 0x00, data: Uint8Array.of(identifier >> 8, identifier & 0xff) }
}

/** READ RECORD's ways to name what is wanted (ISO/IEC 7816-4): the low three bits of P2. */
export const RECORD_MODE = { byTag: 0, byNumber: 4, allFrom: 5 } as const

/** READ RECORD: `sfi` 0 is the file that is selected. `le` counts tag and length too. */
export function readRecord(
  sfi: number,
  mode: (typeof RECORD_MODE)[keyof typeof RECORD_MODE],
  p1: number,
  le: number,
): CommandApdu {
  return { instruction: READ_RECORD, p1, p2: (sfi << 3) | mode, le }
}

export interface RecordField {
  readonly tag: number
  /** Bytes of the value. */
  readonly bytes: number
  /** Position in the file where it is documented. */
  readonly recordNumber?: number
}

export const ISSUER_FIELDS = {
  identificationCode: { tag: 0x01, bytes: 16, recordNumber: 1 },
  version: { tag: 0x03, bytes: 4, recordNumber: 3 },
  validFrom: { tag: 0x05, bytes: 4, recordNumber: 5 },
  validTo: { tag: 0x06, bytes: 4, recordNumber: 6 },
  cardNumber: { tag: 0x07, bytes: 9, recordNumber: 7 },
} as const satisfies Record<string, RecordField>

/** All of EF05 in one answer: seven records. */
export const ISSUER_FILE_BYTES = 0x40

export const HOLDER_FIELDS = {
  number: { tag: 0x08, bytes: 18, recordNumber: 1 },
  name: { tag: 0x09, bytes: 30, recordNumber: 2 },
  /** The rest of a long name, on cards of generation 2 and 3. */
  nameExtension: { tag: 0x4e, bytes: 20 },
  sex: { tag: 0x0a, bytes: 1 },
  ethnicity: { tag: 0x0b, bytes: 1 },
  birth: { tag: 0x0d, bytes: 4 },
} as const satisfies Record<string, RecordField>

/** What EF05 says. Any terminal may read it, on cards of every generation. */
export interface IssuerData extends IdentityToken {
  /** First character of the specification's version: 1, 2 or 3 so far. */
  readonly generation: number
}

/** EF05, validated: `CARD_RECORD_…` with the field that is wrong. */
export function decodeIssuerData(records: TlvRecords): Result<IssuerData> {
  const value = ({ tag }: RecordField) => records.get(tag) ?? new Uint8Array()
  const code = Buffer.from(value(ISSUER_FIELDS.identificationCode))
  if (code.length !== 16 || /^(00|ff)+$/.test(code.toString('hex')))
    return refused('IDENTIFICATION', 'the identification code is not 16 bytes')
  const generation = ascii(value(ISSUER_FIELDS.version))[0] ?? ''
  if (!/^[1-9]$/.test(generation)) return refused('VERSION', 'the version does not begin with a digit')
  const issued = decodeDate(value(ISSUER_FIELDS.validFrom))
  if (issued === null) return refused('VALID_FROM', 'the day of issue is not a date')
  const ends = decodeDate(value(ISSUER_FIELDS.validTo))
  if (ends === null || ends.last < issued.first)
    return refused('VALID_TO', 'the last day of validity is not a date after the day of issue')
  const cardNumber = ascii(value(ISSUER_FIELDS.cardNumber).subarray(0, ISSUER_FIELDS.cardNumber.bytes))
  if (!/^[0-9A-Z]{1,9}$/.test(cardNumber)) return refused('CARD_NUMBER', 'the card number is unreadable')
  return ok({
    identificationCode: code.toString('hex').toUpperCase(),
    cardNumber,
    validFrom: issued.first,
    validTo: ends.last,
    generation: Number(generation),
  })
}

/**
 * EF06 as the record of its holder, validated field by field and against the number; `CARD_RECORD_…` otherwise.
 * Number and name must be there; sex and birth follow from the number where the card has no record of them.
 */
export function decodeHolderData(records: TlvRecords, issuer: IssuerData): Result<CardRecord> {
  const value = ({ tag }: RecordField) => records.get(tag) ?? null
  const number = parseCitizenNumber(ascii(value(HOLDER_FIELDS.number)))
  if (number === null)
    return refused('NUMBER', 'the number is not 18 characters with a right check character')
  const name = decodeName(value(HOLDER_FIELDS.name), value(HOLDER_FIELDS.nameExtension))
  if (name === null) return refused('NAME', 'the name is empty or unreadable')
  const sex = value(HOLDER_FIELDS.sex) === null ? sexOf(number) : ascii(value(HOLDER_FIELDS.sex))
  if (!isSexCode(sex)) return refused('SEX', 'the sex is not a code of GB/T 2261.1')
  if ((sex === '1' || sex === '2') && sex !== sexOf(number))
    return refused('SEX', 'the sex contradicts the number')
  const ethnicity = decodeEthnicity(value(HOLDER_FIELDS.ethnicity))
  if (ethnicity === false) return refused('ETHNICITY', 'the ethnicity is not a code of GB/T 3304')
  const birth = birthOf(number)
  const said = value(HOLDER_FIELDS.birth)
  if (said !== null) {
    const born = decodeDate(said)
    if (born === null) return refused('BIRTH', 'the birth date is not a date')
    if (birth < born.first || birth > born.last)
      return refused('BIRTH', 'the birth date contradicts the number')
  }
  return ok({
    kind: 'ssc',
    name,
    nameEn: null,
    number,
    formerNumber: null,
    passNumber: null,
    sex,
    ethnicity,
    nationality: null,
    birth,
    address: null,
    issuer: null,
    validFrom: issuer.validFrom,
    validTo: issuer.validTo,
  })
}

/**
 * BCD `YYYYMMDD` as LD/T 32 has it. Cards have been seen with ASCII instead: the year alone, which then means any day
 * of it, or all eight digits.
 */
function decodeDate(bytes: Uint8Array): { first: string; last: string } | null {
  const text = ascii(bytes)
  const day = parseCompactDate(bytes.length === 8 ? text : Buffer.from(bytes).toString('hex'))
  if (day !== null) return { first: day, last: day }
  return /^(19|20)\d\d$/.test(text) ? { first: `${text}-01-01`, last: `${text}-12-31` } : null
}

/** GBK, padded with NUL; GB 18030 reads all of GBK and the rare characters besides. */
function decodeName(base: Uint8Array | null, extension: Uint8Array | null): string | null {
  const bytes = [...unpadded(base), ...unpadded(extension)]
  try {
    const name = normaliseName(gb18030.decode(Uint8Array.from(bytes)).trim())
    return name !== '' && isPlainText(name) ? name : null
  } catch {
    return null
  }
}

const gb18030 = new TextDecoder('gb18030', { fatal: true })

function decodeEthnicity(bytes: Uint8Array | null): string | null | false {
  if (bytes === null) return null
  const code = Buffer.from(bytes).toString('hex')
  return ethnicityName(code) === undefined ? false : code
}

/** Alphanumeric fields are filled with 00, some cards fill with FF. */
function unpadded(bytes: Uint8Array | null): Uint8Array {
  let end = bytes?.length ?? 0
  while (end > 0 && (bytes?.[end - 1] === 0x00 || bytes?.[end - 1] === 0xff)) end--
  return bytes?.subarray(0, end) ?? new Uint8Array()
}

function ascii(bytes: Uint8Array | null): string {
  return Buffer.from(unpadded(bytes)).toString('latin1')
}

function isSexCode(text: string): text is SexCode {
  return /^[0129]$/.test(text)
}

function refused(field: Uppercase<string>, why: string): Result<never> {
  return failed(new Fault(`CARD_RECORD_${field}`, why))
}
