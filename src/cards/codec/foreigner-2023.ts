import { ok, type Result } from '../../common/result.ts'
import type { CardRecord } from '../reader.ts'
import { birthOf, sexOf } from './citizen-number.ts'
import { isPlainText, normaliseName, readField, trimPadding } from './fixed-text.ts'
import { deriveFormerNumber, linkOf, parseForeignerNumber } from './foreigner-number.ts'
import {
  checkBirth,
  checkEnglishName,
  checkNationalityOrDigits,
  checkOptional,
  checkSex,
  checkValidity,
  compactDates,
  type NamedField,
  refused,
  writeRecord,
} from './record-checks.ts'

/*
 * Text record of the foreign permanent resident card issued from 2023-12-01, type 'Y' (layout as in github.com
 * Johann356/readinfo:PCSCGetData.h). It follows the resident card as far as it can: the English name lies where the
 * address was, and its end behind the validity.
 */

const layout = {
  name: { at: 0, bytes: 30, refusal: 'NAME' },
  sex: { at: 30, bytes: 2, refusal: 'SEX' },
  renewals: { at: 32, bytes: 4, refusal: 'ISSUE_COUNT' },
  birth: { at: 36, bytes: 16, refusal: 'BIRTH' },
  nameEnStart: { at: 52, bytes: 70, refusal: 'NAME_EN' },
  number: { at: 122, bytes: 36, refusal: 'NUMBER' },
  validFrom: { at: 188, bytes: 16, refusal: 'VALID_FROM' },
  validTo: { at: 204, bytes: 16, refusal: 'VALID_TO' },
  nameEnEnd: { at: 220, bytes: 22, refusal: 'NAME_EN' },
  nationality: { at: 242, bytes: 6, refusal: 'NATIONALITY' },
  type: { at: 248, bytes: 2, refusal: 'VERSION' },
  link: { at: 250, bytes: 6, refusal: 'LINK' },
} as const satisfies Record<string, NamedField>

/**
 * The record of a card of 2023: number by MOD 11-2 with birth and sex, the name the Chinese one, else the English one,
 * and the former number derived where the card has a link to it.
 */
export function decodeForeigner2023(text: Uint8Array): Result<CardRecord> {
  const field = (name: keyof typeof layout) => readField(text, layout[name])

  const number = parseForeignerNumber(field('number'))
  if (number === null)
    return refused('NUMBER', 'the number is not 18 characters from 9 on with a right check character')
  const nameEn = checkEnglishName(readEnglishName(text))
  if (!nameEn.ok) return nameEn
  const name = normaliseName(field('name')) || nameEn.value
  if (name === '' || !isPlainText(name)) return refused('NAME', 'the name is empty or unreadable')
  const sex = checkSex(field('sex'), sexOf(number))
  if (!sex.ok) return sex
  const renewals = checkOptional('ISSUE_COUNT', field('renewals'), /^\d{1,2}$/)
  if (!renewals.ok) return renewals
  const birth = checkBirth(field('birth'), (day) => day === birthOf(number))
  if (!birth.ok) return birth
  const validity = checkValidity(field('validFrom'), field('validTo'), birth.value)
  if (!validity.ok) return validity
  const nationality = checkNationalityOrDigits(field('nationality'))
  if (!nationality.ok) return nationality
  const link = checkOptional('LINK', field('link'), /^\d{3}$/)
  if (!link.ok) return link

  return ok({
    kind: 'foreigner2023',
    name,
    nameEn: nameEn.value || null,
    number,
    formerNumber: deriveFormerNumber(number, nationality.value, link.value),
    passNumber: null,
    sex: sex.value,
    ethnicity: null,
    nationality: nationality.value,
    birth: birth.value,
    address: null,
    issuer: null,
    ...validity.value,
  })
}

/** The 256 bytes of a card of 2023, for simulated cards; see `writeRecord`. The former number is stored as its link. */
export function encodeForeigner2023(record: CardRecord): Result<Uint8Array> {
  const nameEn = record.nameEn ?? ''
  return writeRecord(layout, {
    // A card that has no Chinese name shows the English one as its name.
    name: record.name === record.nameEn ? '' : record.name,
    sex: record.sex,
    renewals: '00',
    nameEnStart: nameEn.slice(0, FIRST_PART),
    number: record.number,
    nameEnEnd: nameEn.slice(FIRST_PART),
    nationality: record.nationality ?? '',
    type: 'Y',
    link: record.formerNumber === null ? '' : linkOf(record.formerNumber),
    ...compactDates(record),
  })
}

const FIRST_PART = layout.nameEnStart.bytes / 2

/** Joined before the padding goes, because the 35th character may be the space between two words. */
function readEnglishName(text: Uint8Array): string {
  const part = ({ at, bytes }: NamedField) => Buffer.from(text.subarray(at, at + bytes)).toString('utf16le')
  return trimPadding(part(layout.nameEnStart) + part(layout.nameEnEnd))
}
