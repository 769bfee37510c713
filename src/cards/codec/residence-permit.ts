import { ok, type Result } from '../../common/result.ts'
import type { CardRecord } from '../reader.ts'
import { readField } from './fixed-text.ts'
import { checkOptional, type NamedField, writeRecord } from './record-checks.ts'
import { citizenLayout, citizenValues, decodeCitizen } from './resident.ts'

/*
 * Text record of the residence permit for people from Hong Kong, Macao and Taiwan, type 'J' (layout as in
 * github.com Johann356/readinfo:PCSCGetData.h). Its numbers begin with 810000, 820000 and 830000 and obey GB 11643;
 * only the latter is checked, because one public source is too little to turn people away for.
 */

const layout = {
  ...citizenLayout,
  passNumber: { at: 220, bytes: 18, refusal: 'PASS_NUMBER' },
  issueCount: { at: 238, bytes: 4, refusal: 'ISSUE_COUNT' },
  type: { at: 248, bytes: 2, refusal: 'VERSION' },
} as const satisfies Record<string, NamedField>

/**
 * A residence permit's record, checked like a resident card's; the number of the exit-entry pass, of capitals and
 * digits, may be missing.
 */
export function decodeResidencePermit(text: Uint8Array): Result<CardRecord> {
  const citizen = decodeCitizen(text)
  if (!citizen.ok) return citizen
  const passNumber = checkOptional('PASS_NUMBER', readField(text, layout.passNumber), /^[A-Z\d]{8,9}$/)
  if (!passNumber.ok) return passNumber
  const issueCount = checkOptional('ISSUE_COUNT', readField(text, layout.issueCount), /^\d{1,2}$/)
  if (!issueCount.ok) return issueCount
  return ok({ ...citizen.value, kind: 'hmt', passNumber: passNumber.value })
}

/** The 256 bytes of a residence permit's record, for simulated cards; see `writeRecord`. */
export function encodeResidencePermit(record: CardRecord): Result<Uint8Array> {
  return writeRecord(layout, {
    ...citizenValues(record),
    passNumber: record.passNumber ?? '',
    issueCount: '01',
    type: 'J',
  })
}
