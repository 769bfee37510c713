import { parseRulePack, type RulePack } from '../../src/attendance/rule-pack.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import type { Session } from '../../src/attendance/timetable.ts'
import { unwrap } from '../../src/common/result.ts'
import type { EventData, EventInput, EventTime, LedgerEvent } from '../../src/ledger/event.ts'

export const MINUTE = 60_000
/** 2026-03-02 08:30 in China. */
export const MORNING = Date.UTC(2026, 2, 2, 0, 30)

const ORIGIN = 'shidao/station/0123456789abcdef'
const act = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }

/** Three hours: four lessons of 45 minutes. */
export const session: Session = { id: 'am', start: MORNING, end: MORNING + 180 * MINUTE }

/** Person number n as an id. */
export function person(n: number): string {
  return n.toString(16).padStart(32, '0')
}

// Read once: a campaign tells 100,000 stories.
const shipped = defaultPack()

/** The shipped pack with some values changed. */
export function packWith(
  values: Readonly<Record<string, unknown>>,
  lessons: Readonly<Record<string, unknown>> = {},
): RulePack {
  const file = JSON.parse(new TextDecoder().decode(shipped.bytes))
  for (const [rule, value] of Object.entries(values)) file.rules[rule].value = value
  for (const [rule, value] of Object.entries(lessons)) file.lessons[rule].value = value
  return unwrap(parseRulePack(new TextEncoder().encode(JSON.stringify(file))))
}

type SignFields = Partial<EventData['attendance']> & { readonly time?: Partial<EventTime> }

/** Writes a ledger's events without a ledger: one class `c1`, people and records at chosen minutes. */
export class ClassStory {
  readonly events: LedgerEvent[] = []
  /** Wall clock, ms; a record at a minute sets it. */
  #wall = MORNING - 120 * MINUTE

  constructor(options: { simulated?: boolean; sessions?: readonly Session[]; people?: number } = {}) {
    const { simulated = false, sessions = [session], people = 1 } = options
    this.append({ type: 'station.key', data: { vkey: 'k', simulated, software: 's' } })
    const pack = { id: shipped.id, sha256: shipped.sha256 }
    this.append({
      type: 'class.opened',
      data: { class: 'c1', title: '电工', pack, sessions: [...sessions], act },
    })
    this.seat(...Array.from({ length: people }, (_, n) => person(n)))
  }

  append(input: EventInput, time: Partial<EventTime> = {}): this {
    const wall = time.wall ?? this.#wall
    const clock = { wall, boot: 'b1', boottime: wall - MORNING + 1e9, trust: 'bounded' as const, ...time }
    const head = {
      v: 1 as const,
      origin: ORIGIN,
      index: this.events.length,
      salt: '0'.repeat(32),
      time: clock,
    }
    this.events.push({ ...head, ...input } as LedgerEvent)
    return this
  }

  seat(...people: string[]): this {
    const added = people.map((id) => ({
      person: id,
      identity: '0'.repeat(64),
      portrait: 'official' as const,
    }))
    return this.append({
      type: 'roster.changed',
      data: { class: 'c1', added, removed: [], reason: 'r', act },
    })
  }

  unseat(...removed: string[]): this {
    return this.append({
      type: 'roster.changed',
      data: { class: 'c1', added: [], removed, reason: 'r', act },
    })
  }

  /** `minute` counts from the morning's start. */
  sign(direction: 'in' | 'out', minute: number, { time = {}, ...fields }: SignFields = {}): this {
    this.#wall = MORNING + minute * MINUTE
    const data: EventData['attendance'] = {
      class: 'c1',
      session: 'am',
      person: person(0),
      direction,
      outcome: 'verified',
      reason: null,
      portrait: 'official',
      face: null,
      act: null,
      reader: null,
      simulated: false,
      ...fields,
    }
    return this.append({ type: 'attendance', data }, time)
  }

  /** Something else is recorded at this minute, so that the watermark gets there. */
  passes(minute: number): this {
    this.#wall = MORNING + minute * MINUTE
    return this.append({ type: 'reader.changed', data: { before: null, after: null } })
  }
}
