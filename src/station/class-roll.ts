import type { Session } from '../attendance/timetable.ts'
import type { EventData, LedgerEvent, PortraitSource } from '../ledger/event.ts'

type Direction = EventData['attendance']['direction']
type Purpose = EventData['consent']['purpose']

export interface LastRecord {
  readonly direction: Direction
  readonly outcome: EventData['attendance']['outcome']
  /** Wall clock of the record, ms since epoch. */
  readonly at: number
}

interface OpenClass {
  readonly title: string
  readonly sessions: readonly Session[]
  /** Seats by person, with the portrait that the roster brought. */
  readonly seats: Map<string, PortraitSource>
  /** Sessions for those people only who missed another one, by session id. */
  readonly makeUps: Map<string, ReadonlySet<string>>
}

/** A check in the middle of a session that is being called, or was. */
export interface CalledCheck {
  /** Leaf of the call. */
  readonly call: number
  readonly class: string
  readonly session: string
  readonly until: number
  readonly answered: Set<string>
}

interface CommittedCheck {
  readonly check: string
  readonly class: string
  readonly session: string
  /** Numbers of the moments that were called. */
  readonly called: Set<number>
  revealed: boolean
}

/**
 * What the door has to know at once: who is expected, who has signed, who consented. Kept current by applying
 * every event of the ledger in order, at start and after each append; it is never stored.
 */
export class ClassRoll {
  readonly #classes = new Map<string, OpenClass>()
  readonly #last = new Map<string, LastRecord>()
  readonly #mismatches = new Map<string, number>()
  readonly #consents = new Map<string, { readonly granted: boolean; readonly notice: string }>()
  readonly #closed = new Set<string>()
  readonly #checks = new Map<string, CommittedCheck>()
  readonly #calls = new Map<number, CalledCheck>()
  /** Whose reference was taken here and compared with nothing better yet. */
  readonly #unreconciled = new Set<string>()

  apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'class.opened': {
        const { class: id, title, sessions } = event.data
        const known = this.#classes.get(id)
        const makeUps = known?.makeUps ?? new Map<string, ReadonlySet<string>>()
        const added = known?.sessions.filter((session) => makeUps.has(session.id)) ?? []
        const timetable = sessions.filter((session) => !makeUps.has(session.id))
        const seats = known?.seats ?? new Map<string, PortraitSource>()
        this.#classes.set(id, { title, sessions: [...timetable, ...added], seats, makeUps })
        return
      }
      case 'makeup.scheduled': {
        const { class: id, session, people } = event.data
        const known = this.#classes.get(id)
        if (known === undefined || known.sessions.some((other) => other.id === session.id)) return
        known.makeUps.set(session.id, new Set(people))
        this.#classes.set(id, { ...known, sessions: [...known.sessions, session] })
        return
      }
      case 'portrait.enrolled':
        this.#unreconciled.add(event.data.person)
        return
      case 'portrait.reconciled':
        this.#unreconciled.delete(event.data.person)
        return
      case 'check.committed': {
        const { check, class: id, session } = event.data
        this.#checks.set(check, { check, class: id, session, called: new Set(), revealed: false })
        return
      }
      case 'check.called': {
        const { check, class: id, session, number, until } = event.data
        this.#checks.get(check)?.called.add(number)
        this.#calls.set(event.index, { call: event.index, class: id, session, until, answered: new Set() })
        return
      }
      case 'check.answered':
        if (event.data.result === 'seen') this.#calls.get(event.data.call)?.answered.add(event.data.person)
        return
      case 'check.revealed': {
        const check = this.#checks.get(event.data.check)
        if (check !== undefined) check.revealed = true
        return
      }
      case 'roster.changed': {
        const seats = this.#classes.get(event.data.class)?.seats
        for (const { person, portrait } of event.data.added) seats?.set(person, portrait)
        for (const person of event.data.removed) seats?.delete(person)
        return
      }
      case 'consent':
        this.#consents.set(consentKey(event.data.person, event.data.purpose), event.data)
        return
      case 'session.closed':
        this.#closed.add(event.data.session)
        return
      case 'attendance': {
        const { session, person, direction, outcome } = event.data
        this.#last.set(seatKey(session, person), { direction, outcome, at: event.time.wall })
        return
      }
      case 'refusal': {
        const { session, person, reason } = event.data
        if (session === null || person === null || reason !== 'face-mismatch') return
        const key = seatKey(session, person)
        this.#mismatches.set(key, (this.#mismatches.get(key) ?? 0) + 1)
        return
      }
    }
  }

  /** Classes in the order in which they were opened. */
  classIds(): string[] {
    return [...this.#classes.keys()]
  }

  /** The id if a class with it was opened, else null. */
  known(classId: string): string | null {
    return this.#classes.has(classId) ? classId : null
  }

  title(classId: string): string | null {
    return this.#classes.get(classId)?.title ?? null
  }

  /** Random ids of the people on the roster, in the order in which they came. */
  people(classId: string): string[] {
    return [...(this.#classes.get(classId)?.seats.keys() ?? [])]
  }

  isSeated(classId: string, person: string): boolean {
    return this.#classes.get(classId)?.seats.has(person) ?? false
  }

  /** Seated, and for a make-up session one of those whom it is for. */
  isExpected(classId: string, session: string, person: string): boolean {
    const makeUp = this.#classes.get(classId)?.makeUps.get(session)
    return this.isSeated(classId, person) && (makeUp === undefined || makeUp.has(person))
  }

  /** Sessions of a class, make-up ones last. */
  sessions(classId: string): readonly Session[] {
    return this.#classes.get(classId)?.sessions ?? []
  }

  /** The check that was committed for a session, null without one. */
  checkOf(session: string): CommittedCheck | null {
    return [...this.#checks.values()].find((check) => check.session === session) ?? null
  }

  unrevealedChecks(classId: string): CommittedCheck[] {
    return [...this.#checks.values()].filter((check) => check.class === classId && !check.revealed)
  }

  /** A call by its leaf. */
  call(index: number): CalledCheck | null {
    return this.#calls.get(index) ?? null
  }

  /** The call of a session that still waits for answers at `wall`, the newest one. */
  openCall(session: string, wall: number): CalledCheck | null {
    return (
      [...this.#calls.values()].findLast((call) => call.session === session && wall <= call.until) ?? null
    )
  }

  /** The session whose door is open at `wall`, the one in progress before one that is about to start. */
  sessionAt(
    classId: string,
    wall: number,
    open: { readonly openBeforeMs: number; readonly openAfterMs: number },
  ): Session | null {
    const sessions = this.#classes.get(classId)?.sessions ?? []
    const candidates = sessions.filter(
      ({ start, end }) => wall >= start - open.openBeforeMs && wall < end + open.openAfterMs,
    )
    const distance = ({ start, end }: Session): number => Math.max(0, start - wall, wall - end)
    return candidates.reduce<Session | null>(
      (nearest, session) => (nearest === null || distance(session) < distance(nearest) ? session : nearest),
      null,
    )
  }

  /** Sessions whose door has shut by `wall` and that nobody has closed in the ledger yet. */
  toClose(classId: string, wall: number, openAfterMs: number): Session[] {
    const sessions = this.#classes.get(classId)?.sessions ?? []
    return sessions.filter(({ id, end }) => wall >= end + openAfterMs && !this.#closed.has(id))
  }

  /** Enrolled on site, and compared with no better portrait since. */
  awaitsReconciliation(person: string): boolean {
    return this.#unreconciled.has(person)
  }

  last(session: string, person: string): LastRecord | null {
    return this.#last.get(seatKey(session, person)) ?? null
  }

  mismatches(session: string, person: string): number {
    return this.#mismatches.get(seatKey(session, person)) ?? 0
  }

  /** Who has a seat now, in the order of the roster. */
  seated(classId: string): string[] {
    return [...(this.#classes.get(classId)?.seats.keys() ?? [])]
  }

  /** Null when the person was never asked. */
  consent(person: string, purpose: Purpose = 'face'): boolean | null {
    return this.#consents.get(consentKey(person, purpose))?.granted ?? null
  }

  /** Both consents stand, and the person has a seat: without the face check there is nothing to compare with. */
  mayFindDuplicates(classId: string, person: string): boolean {
    const agreed = this.consent(person) === true && this.consent(person, 'duplicates') === true
    return agreed && this.isSeated(classId, person)
  }

  /** sha256 of the notice for the face check that the person agreed to last, null without a consent that stands. */
  agreedNotice(person: string): string | null {
    const consent = this.#consents.get(consentKey(person, 'face'))
    return consent?.granted ? consent.notice : null
  }

  counts(classId: string, session: string | null): { expected: number; present: number; doubtful: number } {
    const seats = this.#classes.get(classId)?.seats ?? new Map<string, PortraitSource>()
    let present = 0
    let doubtful = 0
    for (const person of seats.keys()) {
      const record = session === null ? null : this.last(session, person)
      if (record === null) continue
      if (record.outcome === 'doubtful') doubtful++
      if (record.direction === 'in') present++
    }
    return { expected: seats.size, present, doubtful }
  }
}

function consentKey(person: string, purpose: Purpose): string {
  return `${purpose}\n${person}`
}

function seatKey(session: string, person: string): string {
  return `${session}\n${person}`
}
