import { asFault, type Fault } from '../../common/fault.ts'
import type { DuplicateThreshold } from '../../face/duplicate-threshold.ts'
import type { ClassRoll } from '../class-roll.ts'
import type { StationData } from '../data-folder.ts'
import type { Recorder } from '../recorder.ts'
import {
  keepLiveTemplate,
  keptLiveTemplate,
  type LookedAt,
  liveTemplate,
  type TemplateSource,
} from './live-template.ts'
import { identityReviews, pairKey } from './review.ts'
import { type Enrolled, lookAlikes, type ScoredPair, scorePairs } from './search.ts'

export interface WatchParts {
  readonly data: StationData
  readonly roll: ClassRoll
  readonly recorder: Recorder
  /** Where a model has no threshold nothing is compared (`duplicateThresholdOf`). */
  readonly threshold: DuplicateThreshold
  /** sha256 of the notice that people are asked this with, hex. */
  readonly noticeVersion: string
  /** Told of what kept a look from being compared; nobody's check depends on it. */
  readonly onFault: (fault: Fault) => void
}

/**
 * Looks for one face under several names inside one class, among people who agreed to exactly that. What it finds becomes an
 * `identity.review` for people to decide and changes nothing by itself.
 */
export class DuplicateWatch {
  readonly noticeVersion: string
  readonly #parts: WatchParts
  readonly #raised: Set<string>
  #working: Promise<void> = Promise.resolve()

  constructor(parts: WatchParts) {
    this.#parts = parts
    this.noticeVersion = parts.noticeVersion
    const raised = parts.data.ledger.chosen({ of: ['identity.review', 'identity.resolved'] })
    const reviews = identityReviews([...raised].map(({ event }) => event))
    this.#raised = new Set(
      reviews.map((review) => raisedKey(review.class, review.people, review.model.sha256)),
    )
  }

  /** Called with a verified look after its record. Returns at once: nobody at the door waits for a comparison. */
  observe(classId: string, person: string, look: LookedAt, engine: TemplateSource): void {
    this.#working = this.#working
      .then(() => this.#observe(classId, person, look, engine))
      .catch((thrown: unknown) => this.#parts.onFault(asFault(thrown)))
  }

  /** Compares everybody in a class with everybody; gives how many pairs were compared and raised. */
  searchClass(classId: string): { readonly people: number; readonly pairs: number; readonly raised: number } {
    const people = this.#enrolled(classId)
    const pairs = scorePairs(people, this.#parts.threshold)
    const near = pairs.filter(({ score }) => score >= this.#parts.threshold.threshold)
    return {
      people: people.length,
      pairs: pairs.length,
      raised: near.filter((pair) => this.#raise(classId, pair)).length,
    }
  }

  /** Until every look that was observed has been compared. */
  async settled(): Promise<void> {
    await this.#working
  }

  async #observe(classId: string, person: string, look: LookedAt, engine: TemplateSource): Promise<void> {
    const { data, roll, threshold } = this.#parts
    if (!roll.mayFindDuplicates(classId, person)) return
    if (engine.info.model.sha256 !== threshold.model.sha256) return
    const template = await liveTemplate(look, engine)
    // Consent may have gone while the engine worked.
    if (template === null || !roll.mayFindDuplicates(classId, person)) return
    keepLiveTemplate(data.side, person, template)
    for (const pair of lookAlikes({ person, template }, this.#enrolled(classId), threshold)) {
      this.#raise(classId, pair)
    }
  }

  /** Everybody of the class whose consent stands and whose template opens. */
  #enrolled(classId: string): Enrolled[] {
    const { data, roll, threshold } = this.#parts
    return roll.seated(classId).flatMap((person) => {
      if (!roll.mayFindDuplicates(classId, person)) return []
      const template = keptLiveTemplate(data.side, person, threshold.model)
      return template === null ? [] : [{ person, template }]
    })
  }

  /** Once for a pair, class and model: people have decided about it, or are about to. */
  #raise(classId: string, { people, score }: ScoredPair): boolean {
    const { recorder, data, threshold } = this.#parts
    const key = raisedKey(classId, people, threshold.model.sha256)
    if (this.#raised.has(key)) return false
    recorder.append({
      type: 'identity.review',
      data: {
        class: classId,
        people: [...people],
        score,
        threshold: threshold.threshold,
        targetFmr: threshold.targetFmr,
        extrapolated: threshold.extrapolated,
        model: threshold.model,
        simulated: data.key.simulated,
      },
    })
    this.#raised.add(key)
    return true
  }
}

function raisedKey(classId: string, people: readonly [string, string], model: string): string {
  return `${classId}\n${pairKey(people)}\n${model}`
}
