import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { birthOf, parseCitizenNumber, sexOf } from '../codec/citizen-number.ts'
import { parseCompactDate } from '../codec/civil-date.ts'
import { isPlainText, normaliseName } from '../codec/fixed-text.ts'
import type { CardRecord, IdentityToken } from '../reader.ts'

/**
 * What `iReadCardBas` (LD/T 33) says of a social security card. The record is null for a holder without a citizen
 * number, whose birth and sex the answer doesn't give: the roster knows them by the token.
 */
export type SocialSecurityBasics =
  | { readonly token: IdentityToken; readonly record: CardRecord }
  | { readonly token: IdentityToken; readonly record: null }

/**
 * The answer of `iReadCardBas`: GBK text in a NUL-terminated buffer, columns separated and ended by `|`:
 * area, number, card number, identification code, name, reset information, version, issued, valid to, terminal …
 * Some libraries put a result column before it, so columns are counted from the identification code.
 *
 * Total. `CARD_VENDOR_OUTPUT` when it isn't such a text, `CARD_RECORD_…` when a column is wrong.
 */
export function parseBasicsAnswer(buffer: Uint8Array): Result<SocialSecurityBasics> {
  const text = decodeText(buffer)
  if (text === null) return failed(new Fault('CARD_VENDOR_OUTPUT', 'the answer is not GBK text with an end'))
  const columns = text.split('|').map((column) => column.trim())
  const at = columns.findIndex((column, i) => i >= 3 && /^[\dA-Fa-f]{32}$/.test(column))
  if (at < 0) return failed(new Fault('CARD_VENDOR_OUTPUT', 'the answer has no identification code'))
  const column = (offset: number) => columns[at + offset] ?? ''

  const identificationCode = column(0).toUpperCase()
  if (column(-3) !== identificationCode.slice(0, 6))
    return refused('IDENTIFICATION', 'the identification code contradicts the area')
  const cardNumber = column(-1).toUpperCase()
  if (!/^[\dA-Z]{1,9}$/.test(cardNumber)) return refused('CARD_NUMBER', 'the card number is unreadable')
  if (!/^[1-9]/.test(column(3))) return refused('VERSION', 'the version does not begin with a digit')
  const validFrom = parseCompactDate(column(4))
  if (validFrom === null) return refused('VALID_FROM', 'the day of issue is not a date')
  const validTo = parseCompactDate(column(5))
  if (validTo === null || validTo < validFrom)
    return refused('VALID_TO', 'the last day of validity is not a date after the day of issue')
  const token = { identificationCode, cardNumber, validFrom, validTo }

  const number = column(-2).toUpperCase()
  if (!/^\d{17}[\dX]$/.test(number)) return ok({ token, record: null })
  const citizen = parseCitizenNumber(number)
  if (citizen === null) return refused('NUMBER', 'the check character of the number is wrong')
  const name = normaliseName(column(1))
  if (name === '' || !isPlainText(name)) return refused('NAME', 'the name is empty or unreadable')
  return ok({
    token,
    record: { ...unsaid, name, number, birth: birthOf(number), sex: sexOf(number), ...validity(token) },
  })
}

const unsaid = {
  kind: 'ssc',
  nameEn: null,
  formerNumber: null,
  passNumber: null,
  ethnicity: null,
  nationality: null,
  address: null,
  issuer: null,
} as const

function validity({ validFrom, validTo }: IdentityToken) {
  return { validFrom, validTo }
}

function decodeText(buffer: Uint8Array): string | null {
  const end = buffer.indexOf(0)
  if (end < 0) return null
  try {
    // GB 18030 contains GBK and has the rare characters of names too.
    return new TextDecoder('gb18030', { fatal: true }).decode(buffer.subarray(0, end))
  } catch {
    return null
  }
}

function refused(column: Uppercase<string>, why: string) {
  return failed(new Fault(`CARD_RECORD_${column}`, why))
}
