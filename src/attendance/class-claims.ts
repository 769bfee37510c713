import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { ClaimPack } from './claim-case.ts'
import { type ClaimsDocument, computeClaims } from './claims.ts'
import { type FactHistory, projectFacts, type Unseal } from './fact-history.ts'
import { type AttendanceHistory, projectHistory } from './history.ts'
import { computeHours, type HoursDocument } from './hours.ts'
import type { Outcome } from './pack-difference.ts'
import { completeForHours, type PackFile } from './rule-pack.ts'
import { findPackFile } from './shipped-packs.ts'

export interface ClassClaims {
  readonly hours: HoursDocument
  readonly claims: ClaimsDocument
}

/** What a ledger and its sealed records say, read once for any number of questions. */
export interface ClaimSources {
  readonly history: AttendanceHistory
  readonly facts: FactHistory
  readonly packFolders: readonly string[]
}

export function readSources(
  events: readonly { readonly event: LedgerEvent }[],
  unseal: Unseal,
  packFolders: readonly string[] = [],
): ClaimSources {
  const plain = events.map(({ event }) => event)
  return { history: projectHistory(plain), facts: projectFacts(plain, unseal), packFolders }
}

/**
 * Claims of one class: under the packs that it and its facts name, or all of it under another one. A pack that asks
 * for rules about hours leaves those to the class's own. `on` is the ledger's newest day unless it is given.
 * Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_NOT_FOUND`, `PACK_INCOMPLETE`, `PACK_WITHOUT_CLAIMS`.
 */
export function classClaims(
  sources: ClaimSources,
  classId: string,
  asked: { readonly pack?: PackFile; readonly on?: string } = {},
): Result<ClassClaims> {
  const { history, facts, packFolders } = sources
  const named = history.classes.get(classId)
  if (named === undefined) {
    const known = [...history.classes.keys()].join(', ') || 'none'
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger; it has: ${known}`))
  }
  const outcome = hoursUnder(sources, classId, asked.pack)
  if (!outcome.ok) return outcome
  const { hours, hoursPack, file } = outcome.value
  const pack = asClaimPack(file)
  if (!pack.ok) return pack
  const otherPacks: ClaimPack[] = []
  for (const sha256 of asked.pack === undefined ? (facts.classes.get(classId)?.packs ?? []) : []) {
    const found = findPackFile(sha256, packFolders)
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

/** What a class comes to under one pack; without claims where the pack is of the first format. Faults as `classClaims`. */
export function classOutcome(
  sources: ClaimSources,
  classId: string,
  pack: PackFile,
  on?: string,
): Result<Outcome> {
  const { id, sha256 } = pack
  if (pack.more === null) {
    const found = hoursUnder(sources, classId, pack)
    return found.ok ? ok({ pack: { id, sha256 }, hours: found.value.hours, claims: null }) : found
  }
  const found = classClaims(sources, classId, { pack, ...(on === undefined ? {} : { on }) })
  return found.ok ? ok({ pack: { id, sha256 }, ...found.value }) : found
}

function hoursUnder({ history, packFolders }: ClaimSources, classId: string, pack: PackFile | undefined) {
  const sha256 = history.classes.get(classId)?.pack.sha256 ?? ''
  const own = pack?.rules != null ? ok(pack) : findPackFile(sha256, packFolders)
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
