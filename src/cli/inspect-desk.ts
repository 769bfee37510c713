import { readFileSync, statSync } from 'node:fs'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { type InspectorKey, parseInspectorKey, signAsInspector } from '../inspect/inspector-key.ts'
import { foldVisits, openVisit, type Visit } from '../inspect/visit.ts'
import { toHex } from '../ledger/bytes.ts'
import type { LedgerEvent, SignedAct } from '../ledger/event.ts'
import { sha256 } from '../ledger/sha256.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { defaultDataFolder } from './command.ts'
import { secret } from './staff.ts'

/* What the commands of a visit share: a stopped station, its events, the visit that is open, and the inspector's key. */

export interface InspectorAtHand {
  readonly key: InspectorKey
  readonly pin: string
}

export const visitOptions = {
  class: { type: 'string' },
  data: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Does something with a station that is stopped, and leaves it closed whatever happens. `LEDGER_LOCKED` while it runs. */
export async function withStation<T>(
  dir: string | undefined,
  work: (data: StationData) => Promise<T>,
): Promise<T> {
  const data = openStation(dir ?? defaultDataFolder(), { clock: systemClock() })
  try {
    return await work(data)
  } finally {
    data.close()
  }
}

export function eventsOf({ ledger }: StationData): LedgerEvent[] {
  return [...ledger.events()].map(({ event }) => event)
}

/** The class's visit that is open. `INSPECT_VISIT_UNKNOWN` if there is none, `INSPECT_INSPECTOR_OTHER` if it is somebody else's. */
export function visitAtHand(
  events: readonly LedgerEvent[],
  classId: string,
  { key }: InspectorAtHand,
): Visit {
  const visit = openVisit(foldVisits(events), classId)
  if (visit === null)
    throw new Fault('INSPECT_VISIT_UNKNOWN', 'no visit of this class is open: "shidao inspect open"')
  if (visit.inspector.actor === key.actor) return visit
  throw new Fault('INSPECT_INSPECTOR_OTHER', 'the visit that is open was opened with another inspector’s key')
}

export function classOf(values: { readonly class?: string | undefined }): string {
  if (values.class !== undefined) return values.class
  throw new Fault('USAGE_CLASS', 'this command takes --class ID')
}

/** The key's file and its PIN. `USAGE_KEY`, `INSPECT_KEY_FORMAT`. */
export async function inspectorAtHand(file: string | undefined): Promise<InspectorAtHand> {
  if (file === undefined) throw new Fault('USAGE_KEY', 'this command takes --key FILE, the inspector’s own')
  const key = unwrap(parseInspectorKey(readSmall(file).toString('utf8')))
  return { key, pin: await secret('SHIDAO_PIN', 'PIN of the inspector: ') }
}

/** Signs what is about to be recorded, as the station's clock has it. */
export function signed(
  data: StationData,
  { key, pin }: InspectorAtHand,
  act: string,
  body: Readonly<Record<string, unknown>>,
): SignedAct {
  const { wall } = data.clock.now()
  const statement = JSON.stringify({ act, ...body, origin: data.key.origin, at: wall })
  return unwrap(signAsInspector(statement, key, pin))
}

/** SHA-256 of a file that stays with the inspector, hex; null without one. */
export function hashOfFile(file: string | undefined): string | null {
  return file === undefined ? null : toHex(sha256(readSmall(file)))
}

const LARGEST = 64 * 1024 * 1024

/** `INSPECT_FILE` if it can't be read or is over 64 MiB. */
export function readSmall(file: string): Buffer {
  try {
    if (statSync(file).size <= LARGEST) return readFileSync(file)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('INSPECT_FILE', `cannot read ${file} (${reason})`, { cause })
  }
  throw new Fault('INSPECT_FILE', `${file} is over 64 MiB`)
}
