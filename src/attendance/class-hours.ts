import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { type ClassHistory, projectHistory } from './history.ts'
import { computeHours, type HoursDocument } from './hours.ts'
import type { RulePack } from './rule-pack.ts'
import { findPack } from './shipped-packs.ts'

export interface ClassHours {
  readonly history: ClassHistory
  readonly pack: RulePack
  readonly hours: HoursDocument
}

/**
 * The hours of one class from a ledger's events, under the pack that the class named (looked for among those that
 * ship and in `packFolders`) or under another one to see what it would change.
 * Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_NOT_FOUND`.
 */
export function classHours(
  events: Iterable<{ readonly event: LedgerEvent }>,
  classId: string,
  rules: { readonly pack?: RulePack; readonly packFolders?: readonly string[] } = {},
): Result<ClassHours> {
  const history = projectHistory(plain(events))
  const named = history.classes.get(classId)
  if (named === undefined) {
    const known = [...history.classes.keys()].join(', ') || 'none'
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger; it has: ${known}`))
  }
  const pack = rules.pack === undefined ? findPack(named.pack.sha256, rules.packFolders) : ok(rules.pack)
  if (!pack.ok) return pack
  const hours = computeHours(history, classId, pack.value)
  return hours.ok ? ok({ history: named, pack: pack.value, hours: hours.value }) : hours
}

function* plain(events: Iterable<{ readonly event: LedgerEvent }>): Generator<LedgerEvent> {
  for (const { event } of events) yield event
}
