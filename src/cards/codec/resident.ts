import { ok, type Result } from '../../common/result.ts'
import type { CardRecord } from '../reader.ts'
import { birthOf, parseCitizenNumber, sexOf } from './citizen-number.ts'
import { ethnicityName } from './ethnicity.ts'
import { isPlainText, normaliseName, readField } from './fixed-text.ts'
import {
  checkBirth,
  checkSex,
  checkText,
  checkValidity,
  compactDates,
  type NamedField,
  refused,
  writeRecord,
} from './record-checks.ts'

/*
 * Text record of the resident identity card (GA/T 490): 256 bytes, UTF-16LE, fixed width. The residence permit for
 * people from Hong Kong, Macao and Taiwan shares all of it but the ethnicity.
 */

export const citizenLayout = {
  name: { at: 0, bytes: 30, refusal: 'NAME' },
  sex: { at: 30, bytes: 2, refusal: 'SEX' },
  birth: { at: 36, bytes: 16, refusal: 'BIRTH' },
  address: { at: 52, bytes: 70, refusal: 'ADDRESS' },
  number: { at: 122, bytes: 36, refusal: 'NUMBER' },
  issuer: { at: 158, bytes: 30, refusal: 'ISSUER' },
  validFrom: { at: 188, bytes: 16, refusal: 'VALID_FROM' },
  validTo: { at: 204, bytes: 16, refusal: 'VALID_TO' },
} as const satisfies Record<string, NamedField>

const layout = {
  ...citizenLayout,
  ethnicity: { at: 32, bytes: 4, refusal: 'ETHNICITY' },
} as const satisfies Record<string, NamedField>

/**
 * A resident card's record. Every field is checked by itself and against the others: MOD 11-2, real dates, birth and
 * sex as in the number, validity in order. The first one that is wrong is named by the code, e.g. `CARD_RECORD_NUMBER`.
 */
export function decodeResident(text: Uint8Array): Result<CardRecord> {
  const citizen = decodeCitizen(text)
  if (!citizen.ok) return citizen
  const ethnicity = readField(text, layout.ethnicity)
  if (ethnicityName(ethnicity) === undefined)
    return refused('ETHNICITY', 'the ethnicity is not a code of GB/T 3304')
  return ok({ ...citizen.value, kind: 'resident', ethnicity })
}

/** The 256 bytes of a resident record, for simulated cards; see `writeRecord`. */
export function encodeResident(record: CardRecord): Result<Uint8Array> {
  return writeRecord(layout, { ...citizenValues(record), ethnicity: record.ethnicity ?? '' })
}

/** The fields of `citizenLayout`, checked; what only other kinds have is null. */
export function decodeCitizen(text: Uint8Array): Result<Omit<CardRecord, 'kind'>> {
  const field = (name: keyof typeof citizenLayout) => readField(text, citizenLayout[name])

  const number = parseCitizenNumber(field('number'))
  if (number === null)
    return refused('NUMBER', 'the number is not 18 characters with a right check character')
  const name = normaliseName(field('name'))
  if (name === '' || !isPlainText(name)) return refused('NAME', 'the name is empty or unreadable')
  const sex = checkSex(field('sex'), sexOf(number))
  if (!sex.ok) return sex
  const birth = checkBirth(field('birth'), (day) => day === birthOf(number))
  if (!birth.ok) return birth
  const address = checkText('ADDRESS', field('address'))
  if (!address.ok) return address
  const issuer = checkText('ISSUER', field('issuer'))
  if (!issuer.ok) return issuer
  const validity = checkValidity(field('validFrom'), field('validTo'), birth.value)
  if (!validity.ok) return validity

  return ok({
    name,
    nameEn: null,
    number,
    formerNumber: null,
    passNumber: null,
    sex: sex.value,
    ethnicity: null,
    nationality: null,
    birth: birth.value,
    address: address.value,
    issuer: issuer.value,
    ...validity.value,
  })
}

/** What `writeRecord` puts into `citizenLayout`. */
export function citizenValues(record: CardRecord): Record<keyof typeof citizenLayout, string> {
  return {
    name: record.name,
    sex: record.sex,
    address: record.address ?? '',
    number: record.number,
    issuer: record.issuer ?? '',
    ...compactDates(record),
  }
}
