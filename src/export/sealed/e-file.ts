import type { ClaimLine } from '../../attendance/claims.ts'
import { evidenceLevels } from '../../attendance/evidence.ts'
import type { FactHistory, IssuedCertificate } from '../../attendance/fact-history.ts'
import type { AttendanceRecord } from '../../attendance/history.ts'
import type { PersonHours } from '../../attendance/hours.ts'
import { civilDate } from '../../common/civil-time.ts'
import { isoTime } from '../bundle/corrections.ts'
import type { BundleMatter, Tree } from '../bundle/matter.ts'
import type { PersonName } from '../bundle/report-names.ts'
import { csvBytes } from '../csv.ts'
import { minutesOf, reasonText } from '../reason-text.ts'
import { daysOf, span } from '../report-context.ts'
import type { Cell } from '../table.ts'
import { evidenceNames, stateNames } from '../words.ts'

/** A person's electronic training file (一人一档) of one class, `efile.json`. The same matter gives the same file. */
export interface EFile {
  readonly format: 'shidao-efile/v1'
  /** Social security number: the citizen number (Social Insurance Law, article 58). Null for other documents. */
  readonly socialSecurityNumber: string | null
  readonly name: string
  readonly number: string
  readonly person: string
  readonly simulated: boolean
  readonly class: {
    readonly id: string
    readonly title: string
    readonly institution: string | null
    readonly occupation: string | null
    readonly level: string | null
    readonly days: readonly [from: string, to: string] | null
  }
  readonly pack: { readonly id: string; readonly sha256: string }
  /** `events.shidao-proof` beside it proves the leaves below to be of this ledger. */
  readonly tree: Tree
  readonly hours: PersonHours
  /** Every sign-in and sign-out with its leaf; those entered afterwards have the leaf of the act. */
  readonly records: readonly {
    readonly leaf: number
    readonly session: string
    readonly direction: 'in' | 'out'
    /** ISO 8601, UTC, by the station's clock or, entered afterwards, by its signers. */
    readonly at: string
    readonly origin: 'door' | 'corrected' | 'paper'
    readonly outcome: AttendanceRecord['outcome']
    readonly portrait: AttendanceRecord['portrait']
  }[]
  readonly certificates: readonly IssuedCertificate[]
  readonly claims: readonly ClaimLine[]
}

/** The folder of a person's e-file: the social security number, or another document's with what no path may have. */
export function folderOf({ number, person }: PersonName): string {
  const key =
    socialSecurityNumber(number) ?? `other-${number.replaceAll(/[^A-Za-z0-9]/g, '')}-${person.slice(0, 8)}`
  return `people/${key}`
}

/** Makes the e-file of each person of a class; null for somebody who never had a seat in it. */
export function eFilesOf(
  matter: BundleMatter,
  facts: FactHistory,
  lines: readonly ClaimLine[],
): (person: PersonName) => EFile | null {
  const { hours, target, record, pack, tree } = matter
  const hoursOf = new Map(hours.people.map((one) => [one.person, one]))
  const recordsOf = Map.groupBy(target.records, ({ person }) => person)
  const linesOf = Map.groupBy(lines, ({ person }) => person)
  const filing = record?.filing ?? null
  return ({ person, name, number }) => {
    const own = hoursOf.get(person)
    if (own === undefined) return null
    return {
      format: 'shidao-efile/v1',
      socialSecurityNumber: socialSecurityNumber(number),
      ...{ name, number, person, simulated: hours.simulated },
      class: {
        ...{ id: target.id, title: target.title, institution: filing?.institution ?? null },
        ...{ occupation: filing?.occupation ?? null, level: filing?.level ?? null },
        days: daysOf(target.sessions),
      },
      pack: { id: pack.id, sha256: pack.sha256 },
      tree,
      hours: own,
      records: (recordsOf.get(person) ?? []).map(
        ({ index, session, direction, time, origin = 'door', outcome, portrait }) => ({
          ...{ leaf: index, session, direction, at: isoTime(time.wall) },
          ...{ origin, outcome, portrait },
        }),
      ),
      certificates: (facts.certificates.get(person) ?? []).filter((found) => found.class === target.id),
      claims: linesOf.get(person) ?? [],
    }
  }
}

/** A row for each session: when, what counted, how it was proven, and why. */
export function eFileTable({ hours, records }: EFile, { target }: BundleMatter): Uint8Array {
  const rows = target.sessions.flatMap((session): Cell[][] => {
    const found = hours.sessions.find(({ id }) => id === session.id)
    if (found === undefined) return []
    return [
      [
        ...[civilDate(session.start), span(session), session.id, stateNames[found.state]],
        minutesOf(found.creditedMs),
        ...evidenceLevels.map((level) => minutesOf(found.byEvidence[level])),
        records.flatMap((record) => (record.session === session.id ? [record.leaf] : [])).join(' '),
        found.reasons.map(reasonText).join('；'),
      ],
    ]
  })
  const header = [
    ...['日期', '时间', '课次', '状态', '认定分钟'],
    ...evidenceLevels.map((level) => `${evidenceNames[level]}（分钟）`),
    ...['记录号', '原因'],
  ]
  return csvBytes({ name: '学时明细', header, rows })
}

/** GB 11643 numbers are the social security numbers; other documents have none here. */
function socialSecurityNumber(number: string): string | null {
  return /^\d{17}[\dX]$/.test(number) ? number : null
}
