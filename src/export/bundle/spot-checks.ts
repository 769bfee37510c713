import type { EventData, LedgerEvent } from '../../ledger/event.ts'
import { isoTime } from './corrections.ts'

/* Who looked whether people were there, and what they found: checks that the machine called, inspectors' visits. */

/** `spot-checks.json`. The same events give the same document. */
export interface SpotChecks {
  readonly class: string
  readonly checks: readonly RandomCheck[]
  readonly visits: readonly InspectorVisit[]
  /** Draws outside a visit, which nobody signed. */
  readonly draws: readonly Draw[]
  /** Two identities with one face, and what two people decided. */
  readonly reviews: readonly IdentityReview[]
}

export interface RandomCheck {
  readonly check: string
  readonly session: string
  /** Leaves of the commitment, made before the session, and of its opening afterwards; null: not opened. */
  readonly committed: number
  readonly revealed: number | null
  readonly commitment: string
  readonly planned: number
  readonly calls: readonly {
    readonly leaf: number
    readonly at: string
    readonly until: string
    readonly answers: readonly {
      readonly leaf: number
      readonly person: string
      readonly result: EventData['check.answered']['result']
      /** Whoever answers after the window is not counted as seen. */
      readonly inTime: boolean
    }[]
  }[]
}

export interface Draw {
  readonly leaf: number
  readonly draw: string
  readonly k: number
  readonly nonce: string
  readonly commitmentSeen: boolean
  readonly order: readonly string[]
}

export interface InspectorVisit {
  readonly visit: string
  readonly leaf: number
  readonly at: string
  readonly inspector: string
  readonly standing: EventData['visit.opened']['standing']
  readonly draws: readonly Draw[]
  readonly headcounts: readonly { readonly leaf: number; readonly count: number }[]
  readonly checked: readonly Seen[]
  readonly found: readonly {
    readonly leaf: number
    readonly person: string | null
    readonly record: EventData['visit.found']['record']
  }[]
  /** Null while the visit is open. */
  readonly closed: { readonly leaf: number; readonly institutionSigned: boolean } | null
}

interface Seen {
  readonly leaf: number
  readonly person: string
  readonly result: EventData['visit.checked']['result']
  readonly reason: string | null
}

export interface IdentityReview {
  readonly leaf: number
  readonly people: readonly string[]
  readonly score: number
  readonly resolved: {
    readonly leaf: number
    readonly decision: EventData['identity.resolved']['decision']
  } | null
}

export function spotChecks(events: readonly LedgerEvent[], classId: string): SpotChecks {
  const own = events.filter(({ data }) => 'class' in data && data.class === classId)
  const draws = own.flatMap((event) => (event.type === 'visit.drawn' ? [event] : []))
  return {
    class: classId,
    checks: own.flatMap((event) => (event.type === 'check.committed' ? [checkOf(event, own)] : [])),
    visits: own.flatMap((event) => (event.type === 'visit.opened' ? [visitOf(event, own)] : [])),
    draws: draws.filter(({ data }) => data.visit === null).map(drawOf),
    reviews: own.flatMap((event) => (event.type === 'identity.review' ? [reviewOf(event, own)] : [])),
  }
}

type Of<T extends LedgerEvent['type']> = Extract<LedgerEvent, { readonly type: T }>

function checkOf({ index, data }: Of<'check.committed'>, own: readonly LedgerEvent[]): RandomCheck {
  const revealed = own.find((event) => event.type === 'check.revealed' && event.data.check === data.check)
  const calls = own.flatMap((event) => {
    if (event.type !== 'check.called' || event.data.check !== data.check) return []
    const { until } = event.data
    const answers = own.flatMap((answer) =>
      answer.type === 'check.answered' && answer.data.call === event.index
        ? [
            {
              leaf: answer.index,
              person: answer.data.person,
              result: answer.data.result,
              inTime: answer.time.wall <= until,
            },
          ]
        : [],
    )
    return [{ leaf: event.index, at: isoTime(event.time.wall), until: isoTime(until), answers }]
  })
  const { check, session, commitment, count } = data
  return {
    ...{ check, session, committed: index, revealed: revealed?.index ?? null, commitment },
    ...{ planned: count, calls },
  }
}

function drawOf({ index, data }: Of<'visit.drawn'>): Draw {
  const { draw, k, nonce, commitmentSeen, order } = data
  return { leaf: index, draw, k, nonce, commitmentSeen, order }
}

function visitOf({ index, time, data }: Of<'visit.opened'>, own: readonly LedgerEvent[]): InspectorVisit {
  const { visit, inspector, standing } = data
  const mine = own.filter((event) => 'visit' in event.data && event.data.visit === visit)
  const closed = mine.find((event) => event.type === 'visit.closed')
  return {
    ...{ visit, leaf: index, at: isoTime(time.wall), inspector: inspector.actor, standing },
    draws: mine.flatMap((event) => (event.type === 'visit.drawn' ? [drawOf(event)] : [])),
    headcounts: mine.flatMap((event) =>
      event.type === 'visit.headcount' ? [{ leaf: event.index, count: event.data.count }] : [],
    ),
    checked: mine.flatMap((event) =>
      event.type === 'visit.checked'
        ? [
            {
              leaf: event.index,
              person: event.data.person,
              result: event.data.result,
              reason: event.data.reason,
            },
          ]
        : [],
    ),
    found: mine.flatMap((event) =>
      event.type === 'visit.found'
        ? [{ leaf: event.index, person: event.data.person, record: event.data.record }]
        : [],
    ),
    closed:
      closed?.type === 'visit.closed'
        ? { leaf: closed.index, institutionSigned: closed.data.institution.signed }
        : null,
  }
}

function reviewOf({ index, data }: Of<'identity.review'>, own: readonly LedgerEvent[]): IdentityReview {
  const resolved = own.find((event) => event.type === 'identity.resolved' && event.data.review === index)
  return {
    leaf: index,
    people: data.people,
    score: data.score,
    resolved:
      resolved?.type === 'identity.resolved'
        ? { leaf: resolved.index, decision: resolved.data.decision }
        : null,
  }
}
