import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { EventData, LedgerEvent } from '../../ledger/event.ts'
import type { StationData } from '../data-folder.ts'
import type { Signer, Staff } from '../staff.ts'

export type ReviewDecision = EventData['identity.resolved']['decision']

/** A work item: two identities with one face, for people to decide. */
export interface IdentityReview {
  /** Leaf of its record: the work item's number. */
  readonly index: number
  readonly class: string
  readonly people: readonly [string, string]
  readonly score: number
  readonly threshold: number
  readonly model: EventData['identity.review']['model']
  readonly simulated: boolean
  /** Wall clock, ms since epoch. */
  readonly raised: number
  /** What two people decided last; null while nobody has. */
  readonly decision: ReviewDecision | null
}

/** Every work item that a ledger raised, in its order. Pure. */
export function identityReviews(events: Iterable<LedgerEvent>): IdentityReview[] {
  const reviews = new Map<number, IdentityReview>()
  for (const event of events) {
    if (event.type === 'identity.review') {
      const { class: id, people, score, threshold, model, simulated } = event.data
      const { index, time } = event
      const raised = time.wall
      reviews.set(index, {
        index,
        class: id,
        people,
        score,
        threshold,
        model,
        simulated,
        raised,
        decision: null,
      })
    } else if (event.type === 'identity.resolved') {
      const review = reviews.get(event.data.review)
      if (review !== undefined) reviews.set(review.index, { ...review, decision: event.data.decision })
    }
  }
  return [...reviews.values()]
}

/**
 * Records what two enrolled people decided about a pair. Hours, claims and rosters stay as they are: what follows from "the
 * same person" is other acts with signatures of their own. Gives the leaf. Faults: `STATION_REVIEW_UNKNOWN`,
 * `STATION_REVIEW_RESOLVED` unless nobody could tell before, and those of `Staff.sign`.
 */
export function resolveReview(
  data: StationData,
  staff: Staff,
  resolution: { readonly review: number; readonly decision: ReviewDecision },
  signers: readonly [Signer, Signer],
): Result<number> {
  const { review: index, decision } = resolution
  const events = [...data.ledger.events()].map(({ event }) => event)
  const review = identityReviews(events).find((one) => one.index === index)
  if (review === undefined) {
    return failed(new Fault('STATION_REVIEW_UNKNOWN', `record ${index} is no identity review`))
  }
  if (review.decision !== null && review.decision !== 'cannot-tell') {
    return failed(new Fault('STATION_REVIEW_RESOLVED', `identity review ${index} is decided already`))
  }
  const decided = {
    review: index,
    class: review.class,
    people: [...review.people] as [string, string],
    decision,
  }
  const act = staff.sign({ act: 'identity.resolve', ...decided }, signers)
  if (!act.ok) return act
  const appended = data.ledger.append({ type: 'identity.resolved', data: { ...decided, act: act.value } })
  return ok(appended.index)
}

/** The same for a pair in either order. */
export function pairKey([one, other]: readonly [string, string]): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
