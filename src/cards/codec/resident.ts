import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { CardRecord, SexCode } from '../reader.ts'
import { birthOf, parseCitizenNumber, sexOf } from './citizen-number.ts'
import { parseCompactDate } from './civil-date.ts'
import { ethnicityName } from './ethnicity.ts'
import { type Field, isPlainText, normaliseName, readField, writeField } from './fixed-text.ts'

/*
 * Text record of the resident identity card (GA/T 490): 256 bytes, UTF-16LE, fixed width.
 */

const layout = {
  name: { at: 0, bytes: 30 },
  sex: { at: 30, bytes: 2 },
  ethnicity: { at: 32, bytes: 4 },
  birth: { at: 36, bytes: 16 },
  address: { at: 52, bytes: 70 },
  number: { at: 122, bytes: 36 },
  issuer: { at: 158, bytes: 30 },
  validFrom: { at: 188, bytes: 16 },
  validTo: { at: 204, bytes: 16 },
} as const satisfies Record<string, Field>

const LONG_TERM = '长期'

/**
 * A resident card's record. Every field is checked by itself and against the others: MOD 11-2, real dates, birth and
 * sex as in the number, validity in order. The first one that is wrong is named by the code, e.g. `CARD_RECORD_NUMBER`.
 */
export function decodeResident(text: Uint8Array): Result<CardRecord> {
  const field = (name: keyof typeof layout) => readField(text, layout[name])

  const number = parseCitizenNumber(field('number'))
  if (number === null)
    return refused('NUMBER', 'the number is not 18 characters with a right check character')
  const name = normaliseName(field('name'))
  if (name === '' || !isPlainText(name)) return refused('NAME', 'the name is empty or unreadable')
  const sex = field('sex')
  if (!isSexCode(sex)) return refused('SEX', 'the sex is not a code of GB/T 2261.1')
  if ((sex === '1' || sex === '2') && sex !== sexOf(number))
    return refused('SEX', 'the sex contradicts the number')
  const ethnicity = field('ethnicity')
  if (ethnicityName(ethnicity) === undefined)
    return refused('ETHNICITY', 'the ethnicity is not a code of GB/T 3304')
  const birth = parseCompactDate(field('birth'))
  if (birth === null) return refused('BIRTH', 'the birth date is not a date')
  if (birth !== birthOf(number)) return refused('BIRTH', 'the birth date contradicts the number')
  const address = field('address')
  if (!isPlainText(address)) return refused('ADDRESS', 'the address is unreadable')
  const issuer = field('issuer')
  if (!isPlainText(issuer)) return refused('ISSUER', 'the issuing authority is unreadable')
  const validFrom = parseCompactDate(field('validFrom'))
  if (validFrom === null || validFrom < birth)
    return refused('VALID_FROM', 'the first day of validity is not a date after birth')
  const lastDay = field('validTo')
  const validTo = lastDay === LONG_TERM ? null : parseCompactDate(lastDay)
  if (lastDay !== LONG_TERM && (validTo === null || validTo < validFrom))
    return refused('VALID_TO', 'the last day of validity is neither 长期 nor a date after the first')

  return ok({
    kind: 'resident',
    name,
    nameEn: null,
    number,
    formerNumber: null,
    passNumber: null,
    sex,
    ethnicity,
    nationality: null,
    birth,
    address: address === '' ? null : address,
    issuer: issuer === '' ? null : issuer,
    validFrom,
    validTo,
  })
}

/**
 * The 256 bytes of a resident record, for simulated cards. Nothing is checked but that each field fits
 * (`CARD_RECORD_…` otherwise): a test must be able to write a wrong card.
 */
export function encodeResident(record: CardRecord): Result<Uint8Array> {
  const text = blankRecord()
  const values: Record<keyof typeof layout, string> = {
    name: record.name,
    sex: record.sex,
    ethnicity: record.ethnicity ?? '',
    birth: compact(record.birth),
    address: record.address ?? '',
    number: record.number,
    issuer: record.issuer ?? '',
    validFrom: compact(record.validFrom),
    validTo: record.validTo === null ? LONG_TERM : compact(record.validTo),
  }
  for (const [name, value] of Object.entries(values) as [keyof typeof layout, string][])
    if (!writeField(text, layout[name], value))
      return refused(fieldCode[name], `the field holds at most ${layout[name].bytes / 2} characters`)
  return ok(text)
}

const fieldCode = {
  name: 'NAME',
  sex: 'SEX',
  ethnicity: 'ETHNICITY',
  birth: 'BIRTH',
  address: 'ADDRESS',
  number: 'NUMBER',
  issuer: 'ISSUER',
  validFrom: 'VALID_FROM',
  validTo: 'VALID_TO',
} as const satisfies Record<keyof typeof layout, string>

type FieldCode = (typeof fieldCode)[keyof typeof fieldCode]

function refused(field: FieldCode, why: string) {
  return failed(new Fault(`CARD_RECORD_${field}`, why))
}

function isSexCode(text: string): text is SexCode {
  return /^[0129]$/.test(text)
}

function compact(date: string): string {
  return date.replaceAll('-', '')
}

function blankRecord(): Uint8Array {
  return new Uint8Array(Buffer.from(' '.repeat(128), 'utf16le'))
}
