import type { EventData, LedgerEvent } from '../ledger/event.ts'

/** `filed` and `open` come from events of their own, the later ones from `class.stage`. */
export type ClassStage = 'filed' | 'open' | EventData['class.stage']['stage']

const order: readonly ClassStage[] = ['filed', 'open', 'teaching', 'assessment', 'closed']

export interface ClassRecord {
  readonly id: string
  readonly title: string
  readonly stage: ClassStage
  /** The newest filing with its leaf, null for a class that was opened without one. */
  readonly filing: (Omit<EventData['class.filed'], 'act'> & { readonly index: number }) | null
  /** The leaf of the newest opening, null while it is only filed. */
  readonly opening: number | null
  readonly joined: EventData['class.opened']['joined'] | null
  readonly differs: string | null
  readonly mode: 'timetable' | 'cumulative'
  /** When each stage was reached, wall milliseconds. */
  readonly reached: ReadonlyMap<ClassStage, number>
}

/** The life of every class as a pure function of a ledger's events, in the order in which they were first named. */
export function projectClasses(events: Iterable<LedgerEvent>): ReadonlyMap<string, ClassRecord> {
  const classes = new Map<string, ClassRecord>()
  for (const event of events) {
    if (event.type === 'class.filed') classes.set(event.data.class, filed(classes, event))
    else if (event.type === 'class.opened') classes.set(event.data.class, opened(classes, event))
    else if (event.type === 'class.stage') {
      const before = classes.get(event.data.class)
      if (before === undefined || !mayFollow(before.stage, event.data.stage)) continue
      classes.set(before.id, reach(before, event.data.stage, event.time.wall))
    }
  }
  return classes
}

/** Each stage follows the one before it and no other, so that an assessment stands on teaching that began. */
export function mayFollow(now: ClassStage, next: ClassStage): boolean {
  return order.indexOf(next) === order.indexOf(now) + 1
}

function filed(
  classes: ReadonlyMap<string, ClassRecord>,
  { index, time, data }: Extract<LedgerEvent, { readonly type: 'class.filed' }>,
): ClassRecord {
  const { act: _signed, ...plan } = data
  const before = classes.get(data.class) ?? empty(data.class)
  const renamed = { ...before, title: data.title, mode: data.mode, filing: { ...plan, index } }
  return before.opening === null ? reach(renamed, 'filed', time.wall) : renamed
}

function opened(
  classes: ReadonlyMap<string, ClassRecord>,
  { index, time, data }: Extract<LedgerEvent, { readonly type: 'class.opened' }>,
): ClassRecord {
  const before = classes.get(data.class) ?? empty(data.class)
  const next = {
    ...before,
    title: data.title,
    opening: index,
    mode: data.mode ?? before.mode,
    joined: data.joined ?? null,
    differs: data.differs ?? null,
  }
  // A class that is opened again to change its timetable stays where it is in its life.
  return before.opening === null ? reach(next, 'open', time.wall) : next
}

function reach(record: ClassRecord, stage: ClassStage, wall: number): ClassRecord {
  return { ...record, stage, reached: new Map([...record.reached, [stage, wall]]) }
}

function empty(id: string): ClassRecord {
  return {
    ...{ id, title: id, stage: 'filed', filing: null, opening: null, joined: null, differs: null },
    mode: 'timetable',
    reached: new Map(),
  }
}
