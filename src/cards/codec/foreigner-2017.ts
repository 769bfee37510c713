import { ok, type Result } from '../../common/result.ts'
import type { CardRecord } from '../reader.ts'
import { isPlainText, normaliseName, readField } from './fixed-text.ts'
import { isBirthInFormerNumber, isFormerForeignerNumber } from './foreigner-number.ts'
import {
  checkBirth,
  checkEnglishName,
  checkNationality,
  checkOptional,
  checkSex,
  checkValidity,
  compactDates,
  type NamedField,
  refused,
  writeRecord,
} from './record-checks.ts'

/*
 * Text record of the foreign permanent resident card of 2017, type 'I' (item table as published with the card, e.g.
 * afzhan.com/st170652/news_212938.html; github.com Johann356/readinfo:PCSCGetData.h).
 */

const layout = {
  nameEn: { at: 0, bytes: 120, refusal: 'NAME_EN' },
  sex: { at: 120, bytes: 2, refusal: 'SEX' },
  number: { at: 122, bytes: 30, refusal: 'NUMBER' },
  nationality: { at: 152, bytes: 6, refusal: 'NATIONALITY' },
  name: { at: 158, bytes: 30, refusal: 'NAME' },
  validFrom: { at: 188, bytes: 16, refusal: 'VALID_FROM' },
  validTo: { at: 204, bytes: 16, refusal: 'VALID_TO' },
  birth: { at: 220, bytes: 16, refusal: 'BIRTH' },
  version: { at: 236, bytes: 4, refusal: 'VERSION' },
  authority: { at: 240, bytes: 8, refusal: 'ISSUER' },
  type: { at: 248, bytes: 2, refusal: 'VERSION' },
} as const satisfies Record<string, NamedField>

/**
 * The record of a card of 2017. The check digit of the number, its nationality and its birth date must be right; the
 * name is the Chinese one, else the English one; the issuer is the four-digit code of the accepting authority.
 */
export function decodeForeigner2017(text: Uint8Array): Result<CardRecord> {
  const field = (name: keyof typeof layout) => readField(text, layout[name])

  const number = field('number')
  if (!isFormerForeignerNumber(number))
    return refused('NUMBER', 'the number is not 15 characters with a right check digit')
  const nameEn = checkEnglishName(field('nameEn'))
  if (!nameEn.ok) return nameEn
  const name = normaliseName(field('name')) || nameEn.value
  if (name === '' || !isPlainText(name)) return refused('NAME', 'the name is empty or unreadable')
  const sex = checkSex(field('sex'), null)
  if (!sex.ok) return sex
  const nationality = checkNationality(field('nationality'))
  if (!nationality.ok) return nationality
  if (!number.startsWith(nationality.value))
    return refused('NATIONALITY', 'the nationality contradicts the number')
  const birth = checkBirth(field('birth'), (day) => isBirthInFormerNumber(day, number))
  if (!birth.ok) return birth
  const validity = checkValidity(field('validFrom'), field('validTo'), birth.value)
  if (!validity.ok) return validity
  const version = checkOptional('VERSION', field('version'), /^[\dA-Z]{1,2}$/)
  if (!version.ok) return version
  const issuer = checkOptional('ISSUER', field('authority'), /^[\dA-Z]{1,4}$/)
  if (!issuer.ok) return issuer

  return ok({
    kind: 'foreigner2017',
    name,
    nameEn: nameEn.value || null,
    number,
    formerNumber: null,
    passNumber: null,
    sex: sex.value,
    ethnicity: null,
    nationality: nationality.value,
    birth: birth.value,
    address: null,
    issuer: issuer.value,
    ...validity.value,
  })
}

/** The 256 bytes of a card of 2017, for simulated cards; see `writeRecord`. */
export function encodeForeigner2017(record: CardRecord): Result<Uint8Array> {
  return writeRecord(layout, {
    nameEn: record.nameEn ?? '',
    sex: record.sex,
    number: record.number,
    nationality: record.nationality ?? '',
    // A card that has no Chinese name shows the English one as its name.
    name: record.name === record.nameEn ? '' : record.name,
    version: '01',
    authority: record.issuer ?? '',
    type: 'I',
    ...compactDates(record),
  })
}
