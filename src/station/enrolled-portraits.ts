import { asFault, type Fault } from '../common/fault.ts'
import { ok, type Result } from '../common/result.ts'
import type { FaceEngine } from '../face/engine.ts'
import type { Template } from '../face/recogniser.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import type { ClassRoll } from './class-roll.ts'
import type { StationData } from './data-folder.ts'
import { faceLaw } from './face-law.ts'
import type { Recorder } from './recorder.ts'
import type { Signer, Staff } from './staff.ts'

/** Somebody whose reference portrait was taken here, by two signers, and so proves less than a chip's. */
export interface EnrolledPerson {
  readonly person: string
  /** Leaf of the enrolment. */
  readonly event: number
  /** How a better portrait compared with it; null while none came. These people are drawn first at an inspection. */
  readonly reconciled: EventData['portrait.reconciled']['verdict'] | null
}

/** Everybody who was enrolled on site, in the order of their newest enrolment. */
export function enrolledOnSite(events: Iterable<LedgerEvent>): EnrolledPerson[] {
  const people = new Map<string, EnrolledPerson>()
  for (const event of events) {
    if (event.type === 'portrait.enrolled') {
      const { person } = event.data
      people.delete(person)
      people.set(person, { person, event: event.index, reconciled: null })
    }
    if (event.type !== 'portrait.reconciled') continue
    const known = people.get(event.data.person)
    if (known !== undefined) people.set(known.person, { ...known, reconciled: event.data.verdict })
  }
  return [...people.values()]
}

/**
 * Compares the portrait that was enrolled on site with the official one that came later, and records what it gave. A
 * score decides nothing: a `nonmatch` is for two people to look at. Null while this person has not both.
 * Faults: `FACE_…` when a picture cannot be read, those of `Staff.sign`.
 */
export async function reconcilePortrait(
  data: StationData,
  staff: Staff,
  engine: Pick<FaceEngine, 'info' | 'template' | 'compare'>,
  person: string,
  by: Signer,
): Promise<Result<Verdict | null>> {
  const enrolled = data.side.get(person, 'biometric', 'portrait/enrolled')
  const official = data.side.get(person, 'biometric', 'portrait/official')
  if (enrolled === null || official === null) return ok(null)
  const reference = await engine.template(official, 'portrait')
  if (!reference.ok) return reference
  const compared = await compareWith(engine, person, enrolled, 'official', reference.value.template)
  if (!compared.ok) return compared
  const body = compared.value
  const act = staff.sign({ act: 'portrait.reconcile', ...body }, [by])
  if (!act.ok) return act
  data.ledger.append({ type: 'portrait.reconciled', data: { ...body, act: act.value } })
  return ok(body.verdict)
}

/**
 * The same with the portrait of a chip that the door has just read, by itself: the best source there is, and nobody has
 * to come for it. Nothing is done with a person who was not enrolled here, or was compared already. Total: what goes
 * wrong is told to `onFault` and costs nobody their check.
 */
export async function reconcileAtDoor(
  { data, roll, recorder, engine, onFault }: ReconcilingDoor,
  person: string,
  chip: Template,
): Promise<void> {
  try {
    const enrolled = roll.awaitsReconciliation(person)
      ? data.side.get(person, 'biometric', 'portrait/enrolled')
      : null
    if (enrolled === null) return
    const compared = await compareWith(engine, person, enrolled, 'chip', chip)
    if (compared.ok) {
      recorder.append({ type: 'portrait.reconciled', data: { ...compared.value, act: null } })
    } else onFault?.(compared.fault)
  } catch (thrown) {
    onFault?.(asFault(thrown))
  }
}

export interface ReconcilingDoor {
  readonly data: Pick<StationData, 'side'>
  readonly roll: Pick<ClassRoll, 'awaitsReconciliation'>
  readonly recorder: Pick<Recorder, 'append'>
  readonly engine: Pick<FaceEngine, 'info' | 'compare'>
  readonly onFault?: (fault: Fault) => void
}

type Verdict = EventData['portrait.reconciled']['verdict']

/** The facts of a comparison as its record has them. */
async function compareWith(
  engine: Pick<FaceEngine, 'info' | 'compare'>,
  person: string,
  enrolled: Uint8Array,
  better: 'chip' | 'official',
  template: Template,
): Promise<Result<Omit<EventData['portrait.reconciled'], 'act'>>> {
  const compared = await engine.compare(enrolled, template)
  if (!compared.ok) return compared
  const { score } = compared.value
  const { accept, reject } = engine.info.thresholds
  const verdict = verdictOf(score, accept, reject)
  return ok({ person, better, score, verdict, engine: engine.info.engine, accept, reject })
}

export interface FaceCount {
  /** People of whom this station keeps a portrait or frames. */
  readonly people: number
  /** From this many on the processing is filed with the authority. */
  readonly filingAt: number
  readonly alarmAt: number
  readonly state: 'below' | 'near' | 'filing'
  readonly document: string
  readonly clause: string
}

/** Faces that this station keeps, against the threshold of the filing duty. The institution adds up its stations. */
export function countFaces({ side }: Pick<StationData, 'side'>): FaceCount {
  const kept = side.sizes('portrait/').filter(({ kind }) => kind === 'biometric')
  const people = new Set(kept.map(({ person }) => person)).size
  const { filingAt, alarmAt, document, clause } = faceLaw().filing
  const state = people >= filingAt.value ? 'filing' : people >= alarmAt.value ? 'near' : 'below'
  return { people, filingAt: filingAt.value, alarmAt: alarmAt.value, state, document, clause }
}

function verdictOf(score: number | null, accept: number, reject: number): Verdict {
  if (score === null) return 'unclear'
  if (score >= accept) return 'match'
  return score < reject ? 'nonmatch' : 'unclear'
}
