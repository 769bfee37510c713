import { birthOf, type CitizenNumber, parseCitizenNumber } from './citizen-number.ts'
import { parseCompactDate } from './civil-date.ts'

/*
 * Numbers of foreign permanent residents.
 *
 * To 2023, 15 characters: nationality (3 letters), province and city (2 + 2), birth YYMMDD, sequence (1), check.
 * From 2023-12-01, 18 characters: 9, province (2), country (3 digits), birth YYYYMMDD, sequence (3), check as citizens'.
 * The newer card keeps what its own number lost of the former one, city and sequence, as a link of three digits.
 */

/** Whether a text is a 15-character number with a right check digit over a birth date that can be. */
export function isFormerForeignerNumber(text: string): boolean {
  return (
    /^[A-Z]{3}\d{12}$/.test(text) &&
    formerCheckDigit(text.slice(0, 14)) === text[14] &&
    ['19', '20'].some((century) => parseCompactDate(century + text.slice(7, 13)) !== null)
  )
}

/** Whether a day is the one whose last six digits the 15-character number holds. */
export function isBirthInFormerNumber(birth: string, number: string): boolean {
  return birth.replaceAll('-', '').slice(2) === number.slice(7, 13)
}

/** ICAO 9303 check digit, weights 7-3-1 over digits and letters (A = 10 … Z = 35), of the first 14 characters. */
export function formerCheckDigit(first14: string): string {
  const sum = [...first14].reduce(
    (total, character, i) => total + Number.parseInt(character, 36) * (weights[i % 3] ?? 0),
    0,
  )
  return String(sum % 10)
}

/** An 18-character number of a foreigner, upper-cased, or null if it breaks a rule of GB 11643 or doesn't begin with 9. */
export function parseForeignerNumber(text: string): CitizenNumber | null {
  return text.startsWith('9') ? parseCitizenNumber(text) : null
}

/** The former number that a card of 2023 stands for; null without a link, because the holder never had one. */
export function deriveFormerNumber(
  number: CitizenNumber,
  nationality: string,
  link: string | null,
): string | null {
  if (link === null) return null
  const birth = birthOf(number).replaceAll('-', '').slice(2)
  const first14 = `${nationality}${number.slice(1, 3)}${link.slice(0, 2)}${birth}${link.slice(2)}`
  return first14 + formerCheckDigit(first14)
}

/** The link that leads to a former number: city and sequence. */
export function linkOf(formerNumber: string): string {
  return formerNumber.slice(5, 7) + formerNumber.slice(13, 14)
}

const weights = [7, 3, 1]
