import { unwrap } from '../common/result.ts'
import { signAsInspector } from '../inspect/inspector-key.ts'
import type { LedgerEvent, SignedAct } from '../ledger/event.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { defaultDataFolder } from './command.ts'
import type { InspectorAtHand } from './inspect-desk.ts'

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
