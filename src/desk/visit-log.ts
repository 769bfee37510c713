import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { foldVisits, openVisit, type Visit } from '../inspect/visit.ts'
import { coveredVisit } from '../inspect/visit-covers.ts'
import type { EventData, EventInput, LedgerEvent } from '../ledger/event.ts'
import type { RecordedEvent } from '../ledger/ledger.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import type { StationData } from '../station/data-folder.ts'
import { inSlices } from './class-events.ts'

/**
 * What a ledger holds that matters to visits: rosters, lists, draws and the visits themselves. The ledger is read once
 * and then only what is new, because a mark is answered while people wait.
 */
export class VisitLog {
  readonly #ledger: StationData['ledger']
  readonly #events: LedgerEvent[] = []
  readonly #leaves = new Map<string, { readonly index: number; readonly leaf: Hash }[]>()
  #read = 0

  constructor({ ledger }: Pick<StationData, 'ledger'>) {
    this.#ledger = ledger
  }

  /** Reads what is new, with pauses: before a request, because the first one may find a long ledger. */
  async catchUp(): Promise<void> {
    for await (const recorded of inSlices({ ledger: this.#ledger }, this.#read)) this.#take(recorded)
  }

  /** In order; never all events of the ledger. */
  events(): readonly LedgerEvent[] {
    for (const recorded of this.#ledger.events(this.#read)) this.#take(recorded)
    return this.#events
  }

  /** What the end of a visit has to cover, so far. */
  leavesOf(visit: string): readonly { readonly index: number; readonly leaf: Hash }[] {
    this.events()
    return this.#leaves.get(visit) ?? []
  }

  visit(id: string): Visit | null {
    return foldVisits(this.events()).get(id) ?? null
  }

  /** The visit of a class that is open, null without one. */
  openOf(classId: string): Visit | null {
    return openVisit(foldVisits(this.events()), classId)
  }

  /** The same where one is needed. Fault `INSPECT_VISIT_UNKNOWN`. */
  needed(classId: string): Result<Visit> {
    const visit = this.openOf(classId)
    return visit === null
      ? failed(new Fault('INSPECT_VISIT_UNKNOWN', 'no visit of this class is open'))
      : ok(visit)
  }

  /** Station's clock at the newest record of a visit, milliseconds since 1970. */
  newestOf(visit: string): number {
    const newest = this.events().findLast((event) => coveredVisit(event) === visit)
    return newest?.time.wall ?? 0
  }

  /** Records one event and gives its leaf's number. Throws the ledger's faults. */
  append(input: EventInput): number {
    return this.#ledger.append(input).index
  }

  /** Answers with a fault that is on record. */
  refuse(fault: Fault, record: EventData['visit.refused']) {
    this.append({ type: 'visit.refused', data: record })
    return failed(fault)
  }

  #take({ index, leaf, event }: RecordedEvent): void {
    if (index !== this.#read) return
    this.#read = index + 1
    if (!matters(event)) return
    this.#events.push(event)
    const visit = coveredVisit(event)
    if (visit === null) return
    const leaves = this.#leaves.get(visit) ?? []
    this.#leaves.set(visit, [...leaves, { index, leaf }])
  }
}

function matters({ type }: LedgerEvent): boolean {
  return /^(visit|draw|inspectors)\./.test(type) || roster.has(type)
}

const roster: ReadonlySet<LedgerEvent['type']> = new Set<LedgerEvent['type']>([
  ...(['class.opened', 'roster.changed', 'portrait.enrolled'] as const),
])
