import {
  type ColumnMap,
  columnMap,
  parseRosterFile,
  type RosterError,
  type RosterRow,
} from '../attendance/roster-file.ts'
import { parseCitizenNumber } from '../cards/codec/citizen-number.ts'
import { maskName, maskNumber } from '../cards/mask.ts'
import { tokenNumber } from '../cards/reader.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { FaceEngine } from '../face/engine.ts'
import { isTooYoung } from './face-law.ts'
import { voucherLink } from './selection.ts'
import type { RosterPerson } from './setup.ts'

/** What a window hands over: a roster, a province's column names, and pictures named by the numbers of people. */
export interface RosterUpload {
  /** xlsx or CSV. */
  readonly file: Uint8Array
  /** JSON text of a `ColumnMap`; null for the usual names. */
  readonly columns: string | null
  readonly photos: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

/** What a roster file would bring in, masked; or every bad line of it, and then no row. */
export interface RosterPreview {
  readonly rows: readonly {
    readonly line: number
    readonly name: string
    readonly number: string
    readonly photo: boolean
  }[]
  /** Pictures that are nobody's on this roster. */
  readonly stray: number
  readonly errors: readonly { readonly line: number | null; readonly code: string }[]
}

type Portraits = () => Promise<Pick<FaceEngine, 'template'>>
type BadLine = Omit<RosterError, 'code'> & { readonly code: RosterError['code'] | 'ROSTER_MAP' }

/** Reads what a window handed over, and records nothing. Total. `engine` is asked for only where there are pictures. */
export async function previewRoster(
  upload: RosterUpload,
  now: number,
  engine: Portraits,
): Promise<RosterPreview> {
  const read = await readRows(upload, now, engine)
  if (!read.ok) return { rows: [], stray: 0, errors: read.fault.map(({ line, code }) => ({ line, code })) }
  const rows = read.value.map(({ line, name, number, portrait }) => ({
    ...{ line, name: maskName(name), number: maskNumber(number), photo: portrait !== null },
  }))
  const used = rows.filter(({ photo }) => photo).length
  return { rows, stray: Math.max(0, upload.photos.length - used), errors: [] }
}

/** The trainees of a roster; the first bad line as a fault. */
export async function readRoster(
  upload: RosterUpload,
  now: number,
  engine: Portraits,
): Promise<Result<readonly RosterPerson[]>> {
  const read = await readRows(upload, now, engine)
  if (read.ok) return ok(read.value)
  const [first] = read.fault
  const place = first?.line == null ? 'file' : `line ${first.line}`
  return failed(new Fault(first?.code ?? 'ROSTER_EMPTY', `${place}: ${first?.message}; nothing was imported`))
}

/** A trainee with the picture that was found for them. */
export interface PicturedRow extends RosterPerson {
  readonly line: number
}

/**
 * Rows with their pictures, each tried before anybody is imported: one that nobody could be compared with stops the
 * file, and so does one that is named and not there. `pictureOf` gives null where there is none.
 */
export async function withPortraits(
  rows: readonly RosterRow[],
  pictureOf: (row: RosterRow) => Uint8Array | null,
  engine: Portraits,
): Promise<Result<readonly PicturedRow[], readonly RosterError[]>> {
  const errors: RosterError[] = []
  const people: PicturedRow[] = []
  for (const row of rows) {
    const { line, name, number } = row
    const portrait = pictureOf(row)
    if (portrait === null && row.portrait !== null) {
      errors.push({ line, code: 'ROSTER_PORTRAIT_MISSING', message: 'the portrait file cannot be read' })
      continue
    }
    const found = portrait === null ? null : await (await engine()).template(portrait, 'portrait')
    if (found?.ok === false) {
      errors.push({ line, code: 'ROSTER_PORTRAIT_INVALID', message: found.fault.message })
      continue
    }
    people.push({ line, name, number, portrait, links: rosterLinks(row) })
  }
  return errors.length > 0 ? failed(errors) : ok(people)
}

/** A province's own column names from JSON text. Fault `ROSTER_MAP`. */
export function readColumnMap(text: string): Result<ColumnMap> {
  try {
    return ok(columnMap.parse(JSON.parse(text)))
  } catch (cause) {
    return failed(new Fault('ROSTER_MAP', 'this is not a column map', { cause }))
  }
}

/** The other numbers that stand for a person of a roster: a voucher's, a social security card's. */
function rosterLinks({ voucher, cardCode }: Pick<RosterRow, 'voucher' | 'cardCode'>): string[] {
  return [
    ...(voucher === null ? [] : [voucherLink(voucher)]),
    ...(cardCode === null ? [] : [tokenNumber({ identificationCode: cardCode })]),
  ]
}

async function readRows(
  { file, columns, photos }: RosterUpload,
  now: number,
  engine: Portraits,
): Promise<Result<readonly PicturedRow[], readonly BadLine[]>> {
  const map = columns === null ? ok(null) : readColumnMap(columns)
  if (!map.ok) return failed([{ line: null, code: 'ROSTER_MAP', message: map.fault.message }])
  const today = civilDate(now)
  const read = parseRosterFile(file, {
    parseNumber: parseCitizenNumber,
    isTooYoung: (number) => isTooYoung(number, today),
    ...(map.value === null ? {} : { columns: map.value }),
  })
  if (!read.ok) return read
  return withPortraits(read.value, (row) => pictureAmong(photos, row), engine)
}

/** The one that the roster names, or one whose name has the person's number in it. */
function pictureAmong(photos: RosterUpload['photos'], { portrait, number }: RosterRow): Uint8Array | null {
  const named = portrait?.split(/[\\/]/).at(-1)?.toUpperCase()
  const found = photos.find(({ name }) =>
    named === undefined ? name.toUpperCase().includes(number) : name.toUpperCase() === named,
  )
  return found?.bytes ?? null
}
