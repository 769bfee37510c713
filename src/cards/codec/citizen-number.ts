import { isCivilDate } from './civil-date.ts'

declare const citizenNumber: unique symbol

/** An 18-character citizen identity number (GB 11643-1999) whose date is real and whose check character is right. */
export type CitizenNumber = string & { readonly [citizenNumber]: true }

/** The number with an upper-case X, or null if it breaks GB 11643. */
export function parseCitizenNumber(text: string): CitizenNumber | null {
  const number = text.toUpperCase()
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return null
  if (!isCivilDate(birthOf(number))) return null
  return citizenCheckCharacter(number.slice(0, 17)) === number[17] ? (number as CitizenNumber) : null
}

/** MOD 11-2 (GB/T 17710, ISO 7064) over the first 17 digits. */
export function citizenCheckCharacter(first17: string): string {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(first17[i]), 0)
  return '10X98765432'[sum % 11] ?? ''
}

/** Digits 7–14 as an ISO date. */
export function birthOf(number: string): string {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
}

/** The 17th digit: odd is male (1), even is female (2). */
export function sexOf(number: string): '1' | '2' {
  return Number(number[16]) % 2 === 1 ? '1' : '2'
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
