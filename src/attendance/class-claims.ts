import { ok, type Result } from '../common/result.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { type AskedClaims, type ClassClaims, claimsUnder, hoursUnder } from './claims-under.ts'
import { type FactHistory, projectFacts, type Unseal } from './fact-history.ts'
import { type AttendanceHistory, projectHistory } from './history.ts'
import type { Outcome } from './pack-difference.ts'
import type { PackFile } from './rule-pack.ts'
import { findPackFile } from './shipped-packs.ts'

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

/** As `claimsUnder`, with packs among those that ship and in the sources' folders. */
export function classClaims(
  sources: ClaimSources,
  classId: string,
  asked: AskedClaims = {},
): Result<ClassClaims> {
  return claimsUnder(sources, classId, (sha256) => findPackFile(sha256, sources.packFolders), asked)
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
    const found = hoursUnder(
      sources.history,
      classId,
      (sha256) => findPackFile(sha256, sources.packFolders),
      pack,
    )
    return found.ok ? ok({ pack: { id, sha256 }, hours: found.value.hours, claims: null }) : found
  }
  const found = classClaims(sources, classId, { pack, ...(on === undefined ? {} : { on }) })
  return found.ok ? ok({ pack: { id, sha256 }, ...found.value }) : found
}
