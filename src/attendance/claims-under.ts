import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { ClaimPack } from './claim-case.ts'
import { type ClaimsDocument, computeClaims } from './claims.ts'
import type { FactHistory } from './fact-history.ts'
import type { AttendanceHistory } from './history.ts'
import { computeHours, type HoursDocument } from './hours.ts'
import { completeForHours, type PackFile } from './rule-pack.ts'

/*
 * Claims of a class from nothing but what is given: a station looks for packs in its folders, an auditor takes those of
 * a bundle, and both get the same fen.
 */

export interface ClassClaims {
  readonly hours: HoursDocument
  readonly claims: ClaimsDocument
}

/** The pack with these exact bytes, or why there is none. */
export type FindPack = (sha256: string) => Result<PackFile>

/** Another pack than the class's own, and another day than the ledger's newest. */
export interface AskedClaims {
  readonly pack?: PackFile
  readonly on?: string
}

/**
 * Claims of one class: under the packs that it and its facts name, or all of it under another one. A pack that asks
 * for rules about hours leaves those to the class's own. `on` is the ledger's newest day unless it is given.
 * Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_INCOMPLETE`, `PACK_WITHOUT_CLAIMS`, those of `findPack`.
 */
export function claimsUnder(
  { history, facts }: { readonly history: AttendanceHistory; readonly facts: FactHistory },
  classId: string,
  findPack: FindPack,
  asked: AskedClaims = {},
): Result<ClassClaims> {
  const named = history.classes.get(classId)
  if (named === undefined) {
    const known = [...history.classes.keys()].join(', ') || 'none'
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger; it has: ${known}`))
  }
  const outcome = hoursUnder(history, classId, findPack, asked.pack)
  if (!outcome.ok) return outcome
  const { hours, hoursPack, file } = outcome.value
  const pack = asClaimPack(file)
  if (!pack.ok) return pack
  const otherPacks: ClaimPack[] = []
  for (const sha256 of asked.pack === undefined ? (facts.classes.get(classId)?.packs ?? []) : []) {
    const found = findPack(sha256)
    if (!found.ok) return found
    const other = asClaimPack(found.value)
    if (!other.ok) return other
    otherPacks.push(other.value)
  }
  const on = asked.on ?? civilDate(history.watermark ?? 0)
  const timetable = named.sessions
  const claims = computeClaims({ hours, hoursPack, pack: pack.value, otherPacks, timetable, facts, on })
  return ok({ hours, claims })
}

/** Hours under another pack if that has rules for them, else under the class's own. Faults as `claimsUnder`. */
export function hoursUnder(
  history: AttendanceHistory,
  classId: string,
  findPack: FindPack,
  pack: PackFile | undefined,
) {
  const sha256 = history.classes.get(classId)?.pack.sha256 ?? ''
  const own = pack?.rules != null ? ok(pack) : findPack(sha256)
  if (!own.ok) return own
  const hoursPack = completeForHours(own.value)
  if (!hoursPack.ok) return hoursPack
  const hours = computeHours(history, classId, hoursPack.value)
  if (!hours.ok) return hours
  return ok({ hours: hours.value, hoursPack: hoursPack.value, file: pack ?? own.value })
}

function asClaimPack({ id, sha256, title, more }: PackFile): Result<ClaimPack> {
  if (more !== null) return ok({ id, sha256, title, more })
  const detail = `${id} has no rules for claims (first format); give another one with --pack`
  return failed(new Fault('PACK_WITHOUT_CLAIMS', detail))
}
