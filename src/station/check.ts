import type { Session } from '../attendance/timetable.ts'
import { isExpired } from '../cards/codec/civil-date.ts'
import type { CardReading, ReaderIdentity } from '../cards/reader.ts'
import { civilDate, civilTime } from '../common/civil-time.ts'
import type { EventData, FaceEvidence, SignedAct } from '../ledger/event.ts'
import { type CheckContext, refusedBecause } from './check-context.ts'
import { type Claim, claimOfCard } from './claim.ts'
import type { CalledCheck } from './class-roll.ts'
import { askDuplicateConsent } from './duplicates/consent.ts'
import { reconcileAtDoor } from './enrolled-portraits.ts'
import { askFaceConsent, keepAgreedCardFacts } from './face-consent.ts'
import { faceEvidenceOf, type JudgedLook } from './face-evidence.ts'
import { type Look, lookAtCamera } from './look.ts'
import { type CheckOutcome, Stages } from './outcome.ts'
import { type ProofOfLife, proveLife } from './proof-of-life.ts'
import type { Verdict } from './protocol.ts'
import { findReference, keptReference, type Reference } from './reference-portrait.ts'

type Direction = EventData['attendance']['direction']

/**
 * One card at the door, from the validated reading to a durable record: roster, consent, reference portrait,
 * camera, decision, event. Whatever happens ends in one outcome with one reason. A ledger that cannot take the
 * record throws its fault, and then nobody was told "done".
 */
export async function checkCard(
  reading: CardReading,
  context: CheckContext,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  return checkClaim(claimOfCard(reading, context.data), context, signal)
}

/** The same for whatever was shown. A code proves nothing by itself: its holder is compared or witnessed like any other. */
export async function checkClaim(
  claim: Claim,
  context: CheckContext,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  return new Check(claim, context, signal).run()
}

class Check {
  readonly #claim: Claim
  readonly #context: CheckContext
  readonly #signal: AbortSignal
  readonly #stages = new Stages()
  readonly #simulated: boolean
  /** The check in the middle of the session that this person is answering. */
  #call: CalledCheck | null = null

  constructor(claim: Claim, context: CheckContext, signal: AbortSignal) {
    this.#claim = claim
    this.#context = context
    this.#signal = signal
    this.#simulated = claim.simulated || context.data.key.simulated
    this.#stages.ms[claim.by] = Math.round(claim.ms * 10) / 10
  }

  async run(): Promise<CheckOutcome> {
    const { roll, data, policy, classId, display } = this.#context
    const { person, shown, by, photo } = this.#claim
    display.show({ person: shown })
    const { wall } = data.clock.now()
    const session = roll.sessionAt(classId, wall, policy)
    const seated = person !== null && roll.isSeated(classId, person)
    this.#stages.lap('roster')
    if (session === null) return this.#refuse('no-session', seated ? person : null, null, null)
    if (!seated || !roll.isExpected(classId, session.id, person)) {
      return this.#refuse('not-on-roster', null, session, null)
    }

    const direction = this.#direction(session, wall)
    display.show({ direction })
    const last = roll.last(session.id, person)
    this.#call = this.#openCall(session, person, direction, wall)
    if (last?.direction === direction && this.#call === null) {
      const values = { time: civilTime(last.at) }
      display.show({ messageValues: values })
      return this.#outcome('already', 'already-signed', person, null)
    }
    const consent = await askFaceConsent(person, this.#context, this.#signal)
    this.#stages.lap('consent')
    if (consent === null) return this.#refuse('no-answer', person, session, null)
    if (!consent) return this.#witnessed(person, session, direction, 'consent-refused')
    await this.#askAboutDuplicates(person)
    if (this.#claim.facts !== null) keepAgreedCardFacts(person, this.#claim.facts, this.#context)

    const reference =
      by === 'card'
        ? await findReference(photo, person, this.#context, this.#signal)
        : await keptReference(null, person, this.#context)
    this.#stages.lap('portrait')
    if (reference === null) {
      // Nobody is enrolled on the word of a code: its paper or phone says nothing about who holds it.
      if (by === 'code') return this.#witnessed(person, session, direction, 'code-no-portrait')
      return this.#refuse('no-portrait', person, session, null)
    }
    const outcome = await this.#compared(person, session, direction, reference)
    // A lost engine has cost the person enough time already.
    if (reference.source === 'chip' && outcome.reason !== 'face-unavailable') {
      await reconcileAtDoor(this.#context, person, reference.template)
    }
    return outcome
  }

  async #compared(person: string, session: Session, direction: Direction, reference: Reference) {
    const { engine, policy, display, frames, guard = null, onFault } = this.#context
    const look = await lookAtCamera(
      {
        engine,
        policy,
        display,
        frames,
        reference: reference.template,
        guard,
        ...(onFault === undefined ? {} : { onFault }),
      },
      this.#signal,
    )
    this.#stages.lap('face')
    const { verdict } = look
    // A broken engine is no reason to turn anybody away.
    if (verdict === 'unavailable') return this.#witnessed(person, session, direction, 'face-unavailable')
    const judged = { ...look, verdict }
    const proof = await this.#proof(judged, reference)
    guard?.remember([...look.observations, ...(proof?.observations ?? [])])
    const outcome =
      proof?.answer === 'cannot'
        ? await this.#witnessed(person, session, direction, 'prompt-declined', {
            reference,
            evidence: faceEvidenceOf(judged, reference, engine.info, proof),
          })
        : this.#judged(person, session, direction, reference, judged, proof)
    this.#keepFrames(person, outcome, look, reference)
    if (outcome.verdict === 'verified') {
      this.#context.duplicates?.observe(this.#context.classId, person, look, engine)
    }
    return outcome
  }

  /** Asked of whoever would pass while the layers are unsure; null where there is nothing to ask. */
  async #proof(look: JudgedLook, reference: Reference): Promise<ProofOfLife | null> {
    const { guard = null } = this.#context
    if (guard === null || look.verdict !== 'verified' || this.#expired()) return null
    if (look.liveness !== null && look.liveness.verdict !== 'unsure') return null
    const { observations: seen } = look
    const parts = { ...this.#context, reference: reference.template, guard, seen }
    const proof = await proveLife(parts, this.#signal)
    this.#stages.lap('liveness')
    return proof
  }

  #judged(
    person: string,
    session: Session,
    direction: Direction,
    reference: Reference,
    look: JudgedLook,
    proof: ProofOfLife | null,
  ): CheckOutcome {
    const { roll, policy } = this.#context
    const face = faceEvidenceOf(look, reference, this.#context.engine.info, proof)
    if (look.verdict === 'nobody') return this.#refuse('no-person', person, session, face)
    if (look.verdict === 'cancelled' || proof?.answer === 'cancelled') {
      return this.#refuse('cancelled', person, session, face)
    }
    if (look.verdict === 'refused') {
      if (roll.mismatches(session.id, person) < policy.mismatchesBeforeDoubtful) {
        return this.#refuse('face-mismatch', person, session, face)
      }
      return this.#attend({
        person,
        session,
        direction,
        outcome: 'doubtful',
        reason: 'face-mismatch',
        reference,
        face,
      })
    }
    const reason = this.#doubt(look, face)
    const outcome = reason === null ? 'verified' : 'doubtful'
    return this.#attend({ person, session, direction, outcome, reason, reference, face })
  }

  /** Why somebody whose face was not refused does not simply pass; null when they do. */
  #doubt(look: JudgedLook, { liveness }: FaceEvidence): string | null {
    if (liveness?.verdict === 'attack') return 'liveness-attack'
    if (look.verdict !== 'verified') return 'face-unsure'
    if (this.#expired()) return 'card-expired'
    if (this.#context.guard == null || liveness?.verdict === 'bonaFide') return null
    return 'liveness-unsure'
  }

  /** Asked once, after the face check was agreed to. Whatever comes of it, the check goes on; no answer is a no. */
  async #askAboutDuplicates(person: string): Promise<void> {
    const { roll, duplicates } = this.#context
    if (duplicates == null || roll.consent(person, 'duplicates') !== null) return
    await askDuplicateConsent(person, duplicates.noticeVersion, this.#context, this.#signal)
    this.#stages.lap('duplicates')
  }

  /** Equal lane: a supervisor who knows or looks up this person says so with their own key. */
  async #witnessed(
    person: string,
    session: Session,
    direction: Direction,
    why: string,
    face: { readonly reference: Reference; readonly evidence: FaceEvidence } | null = null,
  ): Promise<CheckOutcome> {
    const { display, answers, policy, staff, classId } = this.#context
    answers.clear()
    display.show({ screen: 'witness', message: why, until: Date.now() + policy.answerMs })
    for (;;) {
      const answer = await answers.wait(policy.answerMs, this.#signal)
      if (answer?.command.type !== 'witness') {
        answer?.reply(null)
        return this.#refuse('no-witness', person, session, face?.evidence ?? null)
      }
      const seat = { class: classId, session: session.id, person }
      const statement =
        this.#call === null
          ? { act: 'attendance.witness', ...seat, direction, why }
          : { act: 'check.answer', ...seat, call: this.#call.call, result: 'seen', why }
      const act = staff.sign(statement, [answer.command], 'supervisor')
      this.#stages.lap('witness')
      if (!act.ok) {
        answer.reply(refusedBecause('witness', act.fault.code))
        continue
      }
      const outcome = this.#attend({
        person,
        session,
        direction,
        outcome: 'witnessed',
        reason: why,
        reference: face?.reference ?? null,
        face: face?.evidence ?? null,
        act: act.value,
      })
      answer.reply(null)
      return outcome
    }
  }

  #attend(record: {
    person: string
    session: Session
    direction: Direction
    outcome: EventData['attendance']['outcome']
    reason: string | null
    reference: Reference | null
    face: FaceEvidence | null
    act?: SignedAct
  }): CheckOutcome {
    const { recorder, classId } = this.#context
    if (this.#call !== null) return this.#answered(this.#call, record)
    const index = recorder.append({
      type: 'attendance',
      data: {
        class: classId,
        session: record.session.id,
        person: record.person,
        direction: record.direction,
        outcome: record.outcome,
        reason: record.reason,
        portrait: record.reference?.source ?? 'none',
        face: record.face,
        act: record.act ?? null,
        reader: this.#reader(),
        simulated: this.#simulated,
        by: this.#claim.by,
      },
    })
    this.#stages.lap('record')
    return this.#outcome(record.outcome, record.reason, record.person, index)
  }

  /** Somebody who is in is seen again; whoever is not surely the same was not seen by it. */
  #answered(
    { call }: CalledCheck,
    record: Pick<EventData['attendance'], 'outcome' | 'reason' | 'person' | 'face'> & {
      readonly session: Session
      readonly act?: SignedAct
    },
  ): CheckOutcome {
    const { recorder, classId } = this.#context
    const { outcome, person, face, session, act } = record
    const result = outcome === 'doubtful' ? 'cannot-verify' : 'seen'
    const index = recorder.append({
      type: 'check.answered',
      data: {
        ...{ class: classId, session: session.id, person, call, result, face },
        act: act ?? null,
        simulated: this.#simulated,
      },
    })
    this.#stages.lap('record')
    return this.#outcome(outcome, record.reason, person, index)
  }

  #refuse(
    reason: string,
    person: string | null,
    session: Session | null,
    face: FaceEvidence | null,
  ): CheckOutcome {
    const { recorder, roll, classId } = this.#context
    const index = recorder.append({
      type: 'refusal',
      data: {
        class: roll.known(classId),
        session: session?.id ?? null,
        person,
        reason,
        face,
        reader: this.#reader(),
        simulated: this.#simulated,
        by: this.#claim.by,
      },
    })
    this.#stages.lap('record')
    return this.#outcome('refused', reason, person, index)
  }

  #outcome(
    verdict: Verdict,
    reason: string | null,
    person: string | null,
    index: number | null,
  ): CheckOutcome {
    return { verdict, reason, person, index, stagesMs: { ...this.#stages.ms } }
  }

  /** Only who signed in and did not sign out answers, once. */
  #openCall(session: Session, person: string, direction: Direction, wall: number): CalledCheck | null {
    const { roll } = this.#context
    const call = roll.openCall(session.id, wall)
    const isIn = roll.last(session.id, person)?.direction === 'in' && direction === 'in'
    return call !== null && isIn && !call.answered.has(person) ? call : null
  }

  #direction(session: Session, wall: number): Direction {
    const { forcedDirection, policy } = this.#context
    return forcedDirection ?? (wall < session.end - policy.signOutBeforeEndMs ? 'in' : 'out')
  }

  #expired(): boolean {
    return isExpired(this.#claim, civilDate(this.#context.data.clock.now().wall))
  }

  /** Only with a keeper, and only of somebody who agreed to the notice that says so. */
  #keepFrames(person: string, { index }: CheckOutcome, look: Look, { image }: Reference): void {
    const { frameKeeper, roll, noticeVersion } = this.#context
    if (frameKeeper == null || index === null || look.frames.length === 0) return
    if (roll.agreedNotice(person) !== noticeVersion) return
    frameKeeper.keep(person, index, { portrait: image, frames: look.frames.map(({ jpeg }) => jpeg) })
  }

  #reader(): ReaderIdentity {
    const { profile, port, samId } = this.#claim.reader
    return { profile, port, samId }
  }
}
