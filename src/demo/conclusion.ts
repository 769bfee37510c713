import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { classHours } from '../attendance/class-hours.ts'
import type { HoursDocument } from '../attendance/hours.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { verifyBundle } from '../inspect/verify-bundle.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { parseVkey } from '../ledger/note.ts'
import { verifyLog } from '../ledger/verify.ts'
import type { DemoCase } from './door-run.ts'
import { exportDemo } from './exports.ts'
import { CLASS_ID, expectedMs } from './scenario.ts'
import type { SimulatedSite } from './site.ts'
import { type TamperFinding, tamperWithCopy } from './tamper.ts'

export interface DemoDocument {
  readonly ok: boolean
  readonly cases: readonly DemoCase[]
  readonly hours: HoursDocument
  readonly receipt: Pick<EventData['receipt'], 'size' | 'root' | 'witness'>
  readonly tamper: TamperFinding
  readonly files: readonly string[]
  /** What did not turn out as expected; empty when `ok`. */
  readonly unmet: readonly string[]
  /** Names by person id: simulated people only. */
  readonly people: Readonly<Record<string, string>>
}

/** What the day gave: hours, exports, verification by outside keys, and what the verifier says of a forged copy. */
export async function concludeDay(
  site: SimulatedSite,
  cases: readonly DemoCase[],
  witness: string,
): Promise<DemoDocument> {
  const { dir, ledger, key } = site.data
  const { hours } = unwrap(classHours(ledger.events(), CLASS_ID))
  const files = await exportDemo(site, join(dir, 'export'))
  const events = [...ledger.events()].map(({ event }) => event)
  site.data.close()
  const log = verifyLog(dir, { key: key.vkey, witness })
  const outside = { key: unwrap(parseVkey(key.vkey)), witness: unwrap(parseVkey(witness)) }
  const bundle = unwrap(verifyBundle(readFileSync(join(dir, 'export', 'bundle.zip')), outside))
  const tamper = tamperWithCopy(join(dir, 'ledger.db'), join(dir, 'tampered'), newest(events, 'attendance'))
  const unmet = [
    ...cases
      .filter((one) => one.got !== one.expected)
      .map((one) => `${one.name}: ${one.got}, not ${one.expected}`),
    ...unmetHours(hours, site),
    ...(log.ok && log.trust === 'witness'
      ? []
      : [`the log does not verify: ${log.problem?.code ?? log.trust}`]),
    ...(bundle.ok ? [] : [`the bundle does not verify: ${bundle.problem?.code}`]),
    ...(tamper.found ? [] : ['the changed byte was not found']),
  ]
  const { size, root, witness: witnessed } = newest(events, 'receipt').data
  const people = Object.fromEntries(
    Object.entries(site.personIds).map(([name, id]) => [id, `模拟学员${name}`]),
  )
  return {
    ok: unmet.length === 0,
    cases,
    hours,
    receipt: { size, root, witness: witnessed },
    tamper,
    files,
    unmet,
    people,
  }
}

function newest<T extends LedgerEvent['type']>(
  events: readonly LedgerEvent[],
  type: T,
): Extract<LedgerEvent, { type: T }> {
  const found = events.findLast((event) => event.type === type)
  if (found === undefined) throw new Fault('STATION_DEMO', `the day has no ${type}`)
  return found as Extract<LedgerEvent, { type: T }>
}

function unmetHours(hours: HoursDocument, { personIds }: SimulatedSite): string[] {
  return Object.entries(expectedMs).flatMap(([key, expected]) => {
    const got = hours.people.find(({ person }) => person === personIds[key])?.creditedMs
    return got === expected ? [] : [`hours of ${key}: ${got} ms, not ${expected} ms`]
  })
}
