import type { ClaimsDocument } from '../../attendance/claims.ts'
import type { FactHistory } from '../../attendance/fact-history.ts'
import { fromHex, toHex } from '../../ledger/bytes.ts'
import { archive } from '../archive.ts'
import { claimTotals } from '../bundle/claim-totals.ts'
import type { BundleMatter } from '../bundle/matter.ts'
import { bundleReport } from '../bundle/report.ts'
import type { PersonName } from '../bundle/report-names.ts'
import { type ArchiveEntry, describeEntry, jsonBytes } from '../bundle-format.ts'
import {
  commitmentsOf,
  IDENTITY_RECORD,
  identityOf,
  type OpenedRecord,
  opensCommitment,
} from './commitments.ts'
import { eFilesOf, eFileTable, folderOf } from './e-file.ts'
import { OPENED_FORMAT, type OpenedIndex } from './opened-format.ts'

/** What an auditor's part is made from, and what a verifier makes again from the opened records. */
export interface OpenedMatter {
  readonly matter: BundleMatter
  readonly facts: FactHistory
  readonly names: readonly PersonName[]
  /** Null where the class's pack has no rules for claims. */
  readonly claims: ClaimsDocument | null
  /** Names of who signed, by the station's word: their records hold secrets and are never opened. */
  readonly staff: ReadonlyMap<string, string>
}

/** The salt and the bytes of a side record that an event commits to; null when it is gone. */
export type OpenRecord = (
  person: string,
  record: string,
) => { readonly salt: Uint8Array; readonly bytes: Uint8Array } | null

/** Openings of every commitment about the class's people that the station can still open. */
export function openRecords(matter: BundleMatter, open: OpenRecord): OpenedRecord[] {
  const people = new Set(matter.target.seats.keys())
  return commitmentsOf(matter.events, people).flatMap(({ person, record, commitment }) => {
    const found = open(person, record)
    if (found === null) return []
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(found.bytes)
    const opened = { person, record, commitment, salt: toHex(found.salt), text }
    return fromHex(opened.salt) !== null && opensCommitment(opened) ? [opened] : []
  })
}

/** Names and numbers out of openings, in the order of the class's hours. */
export function namesOf(matter: BundleMatter, records: readonly OpenedRecord[]): PersonName[] {
  const found = new Map(
    records
      .filter(({ record }) => record === IDENTITY_RECORD)
      .map((record) => [record.person, identityOf(record)]),
  )
  return matter.hours.people.flatMap(({ person }) => {
    const identity = found.get(person)
    return identity == null ? [] : [{ person, ...identity }]
  })
}

/** Entries that follow from the events, the packs and the openings alone: a verifier makes them again and compares. */
export function openedDerived(given: OpenedMatter): ArchiveEntry[] {
  const { matter, facts, names, claims, staff } = given
  const lines = claims?.people ?? []
  const fileOf = eFilesOf(matter, facts, lines)
  const report = bundleReport({
    matter,
    names,
    totals: claims === null ? null : claimTotals(claims),
    lines,
    actors: staff,
  })
  return [
    {
      path: 'report.html',
      kind: 'report',
      about: '审计版报告 the report with names and everybody’s money',
      bytes: new TextEncoder().encode(report),
    },
    ...(claims === null
      ? []
      : [
          {
            path: 'claims.json',
            kind: 'claims',
            about: '补贴明细 every line of money',
            bytes: jsonBytes(claims),
          },
        ]),
    ...names.flatMap((name): ArchiveEntry[] => {
      const file = fileOf(name)
      if (file === null) return []
      const folder = folderOf(name)
      return [
        {
          path: `${folder}/efile.json`,
          kind: 'efile',
          about: '一人一档 a person’s e-file',
          bytes: jsonBytes(file),
        },
        {
          path: `${folder}/sessions.csv`,
          kind: 'efile-table',
          about: '学时明细 a person’s sessions',
          bytes: eFileTable(file, matter),
        },
      ]
    }),
  ]
}

/** The sealed part before it is sealed. `more`: proofs and certificates of people. Same input, same bytes. */
export function openedBytes(
  given: OpenedMatter,
  records: readonly OpenedRecord[],
  more: readonly ArchiveEntry[],
): Uint8Array {
  const people = [...given.staff].map(([actor, name]) => ({ actor, name }))
  const files: ArchiveEntry[] = [
    {
      path: 'records.json',
      kind: 'records',
      about: '承诺的开启值 openings of commitments: salt and text',
      bytes: jsonBytes({ records }),
    },
    {
      path: 'staff.json',
      kind: 'staff',
      about: '签名人姓名 names of who signed, by the station’s word',
      bytes: jsonBytes({ people }),
    },
    ...openedDerived(given),
    ...more,
  ]
  const { classId, tree } = given.matter
  const index: OpenedIndex = {
    format: OPENED_FORMAT,
    class: classId,
    ...tree,
    files: files.map(describeEntry),
  }
  return archive(
    new Map([
      ['index.json', jsonBytes(index)],
      ...files.map(({ path, bytes }): [string, Uint8Array] => [path, bytes]),
    ]),
    'stored',
  )
}
