import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { SexCode } from '../reader.ts'
import { parseCompactDate } from './civil-date.ts'
import { alpha3OfNumeric } from './country-code.ts'
import { type Field, isPlainText, writeField } from './fixed-text.ts'

/*
 * What the four layouts of text records have in common: how a field is refused, checked and written.
 */

/** Fields that a refusal can name: `CARD_RECORD_<FIELD>`. */
export type RecordField =
  | 'NAME'
  | 'NAME_EN'
  | 'SEX'
  | 'ETHNICITY'
  | 'NATIONALITY'
  | 'BIRTH'
  | 'ADDRESS'
  | 'NUMBER'
  | 'PASS_NUMBER'
  | 'ISSUER'
  | 'ISSUE_COUNT'
  | 'VERSION'
  | 'LINK'
  | 'VALID_FROM'
  | 'VALID_TO'

export function refused(field: RecordField, why: string) {
  return failed(new Fault(`CARD_RECORD_${field}`, why))
}

/** A sex code of GB/T 2261.1 that agrees with the one in the number, where both say one. */
export function checkSex(text: string, inNumber: '1' | '2' | null): Result<SexCode> {
  if (!isSexCode(text)) return refused('SEX', 'the sex is not a code of GB/T 2261.1')
  if (inNumber !== null && (text === '1' || text === '2') && text !== inNumber)
    return refused('SEX', 'the sex contradicts the number')
  return ok(text)
}

/** A birth date, `YYYYMMDD` to ISO, that agrees with the number. */
export function checkBirth(text: string, agrees: (birth: string) => boolean): Result<string> {
  const birth = parseCompactDate(text)
  if (birth === null) return refused('BIRTH', 'the birth date is not a date')
  return agrees(birth) ? ok(birth) : refused('BIRTH', 'the birth date contradicts the number')
}

export interface Validity {
  readonly validFrom: string
  /** null is 长期: without end. */
  readonly validTo: string | null
}

/** Both ends of validity, in order and not before birth. */
export function checkValidity(from: string, to: string, birth: string): Result<Validity> {
  const validFrom = parseCompactDate(from)
  if (validFrom === null || validFrom < birth)
    return refused('VALID_FROM', 'the first day of validity is not a date after birth')
  if (to === LONG_TERM) return ok({ validFrom, validTo: null })
  const validTo = parseCompactDate(to)
  if (validTo === null || validTo < validFrom)
    return refused('VALID_TO', 'the last day of validity is neither 长期 nor a date after the first')
  return ok({ validFrom, validTo })
}

/** A text that may be missing: null if blank. */
export function checkOptional(
  field: RecordField,
  text: string,
  form: RegExp | null = null,
): Result<string | null> {
  if (text === '') return ok(null)
  const good = isPlainText(text) && (form === null || form.test(text))
  return good ? ok(text) : refused(field, 'the field is unreadable')
}

/** A text that every card has. */
export function checkText(field: RecordField, text: string): Result<string> {
  return text !== '' && isPlainText(text) ? ok(text) : refused(field, 'the field is missing or unreadable')
}

/** A name in Latin letters as passports spell it; '' where the card has none. */
export function checkEnglishName(text: string): Result<string> {
  return text === '' || latinName.test(text)
    ? ok(text)
    : refused('NAME_EN', 'the English name has characters that are not Latin')
}

/** Three capital letters of GB/T 2659 (ISO 3166-1 alpha-3). */
export function checkNationality(text: string): Result<string> {
  return /^[A-Z]{3}$/.test(text)
    ? ok(text)
    : refused('NATIONALITY', 'the nationality is not three letters of GB/T 2659')
}

/** The same where a record may hold the country's three digits instead, as in the number: its letters are given back. */
export function checkNationalityOrDigits(text: string): Result<string> {
  return checkNationality(alpha3OfNumeric(text) ?? text)
}

/** Where a record keeps a field, and which refusal names it. */
export interface NamedField extends Field {
  readonly refusal: RecordField
}

/**
 * The 256 bytes of a record, for simulated cards. Nothing is checked but that each value fits its field
 * (`CARD_RECORD_…` otherwise): a test must be able to write a wrong card.
 */
export function writeRecord<Name extends string>(
  layout: Readonly<Record<Name, NamedField>>,
  values: Readonly<Record<Name, string>>,
): Result<Uint8Array> {
  const text = new Uint8Array(Buffer.from(' '.repeat(128), 'utf16le'))
  for (const name of Object.keys(layout) as Name[])
    if (!writeField(text, layout[name], values[name]))
      return refused(layout[name].refusal, `the field holds at most ${layout[name].bytes / 2} characters`)
  return ok(text)
}

/** Birth and validity as records store them. */
export function compactDates({ birth, validFrom, validTo }: Validity & { readonly birth: string }) {
  const compact = (date: string) => date.replaceAll('-', '')
  return {
    birth: compact(birth),
    validFrom: compact(validFrom),
    validTo: validTo === null ? LONG_TERM : compact(validTo),
  }
}

const LONG_TERM = '长期'
const latinName = /^[\p{Script=Latin}\p{M}\p{N}\p{P}\p{Zs}]+$/u

function isSexCode(text: string): text is SexCode {
  return /^[0129]$/.test(text)
}
