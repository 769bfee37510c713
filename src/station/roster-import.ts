import { parseRosterFile, type RosterRow } from '../attendance/roster-file.ts'
import { parseCitizenNumber } from '../cards/codec/citizen-number.ts'
import { maskName, maskNumber } from '../cards/mask.ts'
import { tokenNumber } from '../cards/reader.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { isTooYoung } from './face-law.ts'
import { voucherLink } from './selection.ts'

/** What a roster file would bring in, masked; or every bad line of it, and then no row. */
export interface RosterPreview {
  readonly rows: readonly { readonly line: number; readonly name: string; readonly number: string }[]
  readonly errors: readonly { readonly line: number | null; readonly code: string }[]
}

/** Reads a roster file (xlsx or CSV) that a window handed over, and records nothing. Total. */
export function previewRoster(file: Uint8Array, now: number): RosterPreview {
  const read = readRows(file, now)
  if (!read.ok) return { rows: [], errors: read.fault.map(({ line, code }) => ({ line, code })) }
  const rows = read.value.map(({ line, name, number }) => ({
    ...{ line, name: maskName(name), number: maskNumber(number) },
  }))
  return { rows, errors: [] }
}

/** The trainees of a roster file as `roster.add` takes them; the first bad line as a fault. */
export function readRoster(file: Uint8Array, now: number) {
  const read = readRows(file, now)
  if (read.ok) {
    return ok(
      read.value.map((row) => ({
        ...{ name: row.name, number: row.number, portrait: null, links: rosterLinks(row) },
      })),
    )
  }
  const [first] = read.fault
  const place = first?.line == null ? 'file' : `line ${first.line}`
  return failed(new Fault(first?.code ?? 'ROSTER_EMPTY', `${place}: ${first?.message}; nothing was imported`))
}

/** The other numbers that stand for a person of a roster: a voucher's, a social security card's. */
export function rosterLinks({ voucher, cardCode }: Pick<RosterRow, 'voucher' | 'cardCode'>): string[] {
  return [
    ...(voucher === null ? [] : [voucherLink(voucher)]),
    ...(cardCode === null ? [] : [tokenNumber({ identificationCode: cardCode })]),
  ]
}

interface BadLine {
  readonly line: number | null
  readonly code: `ROSTER_${Uppercase<string>}`
  readonly message: string
}

/** A portrait is a file beside the roster's, which a window does not hand over: such a line is not taken without it. */
function readRows(file: Uint8Array, now: number): Result<readonly RosterRow[], readonly BadLine[]> {
  const today = civilDate(now)
  const read = parseRosterFile(file, {
    parseNumber: parseCitizenNumber,
    isTooYoung: (number) => isTooYoung(number, today),
  })
  if (!read.ok) return read
  const pictured = read.value.filter(({ portrait }) => portrait !== null)
  if (pictured.length === 0) return read
  const code = 'ROSTER_PORTRAIT_MISSING'
  return failed(pictured.map(({ line }) => ({ line, code, message: 'the portrait file is not here' })))
}
