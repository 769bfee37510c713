import type { FaceEvidence, LedgerEvent, PortraitSource } from '../ledger/event.ts'

/** One check of one person, as far as a site's own decisions say what it was worth. */
export interface FairnessTrial {
  readonly person: string
  /** Wall clock, ms since epoch. */
  readonly at: number
  /**
   * `match`: the face check said yes. `false-non-match`: it said no or wasn't sure, and a supervisor then signed that it was this
   * person. `unresolved`: it said no or wasn't sure, and nobody signed anything; somebody else's face belongs there.
   */
  readonly result: 'match' | 'false-non-match' | 'unresolved'
  readonly portrait: PortraitSource | null
  /** When the reference portrait was enrolled at this station, ms; null for one from elsewhere. */
  readonly portraitTaken: number | null
}

/** What a site's ledger says about its face check. */
export interface FairnessHistory {
  readonly trials: readonly FairnessTrial[]
  /** The newest `accept` by sha256 of the model. */
  readonly accept: ReadonlyMap<string, number>
  /** Pairs that two people decided about: two ids in ascending order, a space between. */
  readonly decided: ReadonlyMap<string, 'same-person' | 'different-people' | 'cannot-tell'>
  /** Pairs that were raised, whatever became of them. */
  readonly raised: ReadonlySet<string>
  readonly simulated: boolean
  /** Looks that ended without a comparison: nobody there, no face clear enough, cancelled. They are in no rate. */
  readonly uncompared: number
}

/**
 * Reads the trials out of a ledger, in its order. Simulated records count only in a simulated ledger. People whom two
 * signers found to be one person are left out: nobody knows whose trials those were.
 */
export function fairnessHistory(events: readonly LedgerEvent[]): FairnessHistory {
  const simulated = events.some((event) => event.type === 'station.key' && event.data.simulated)
  const witnessed = lastWitnessed(events)
  const sources = new Map<string, PortraitSource>()
  const enrolled = new Map<string, number>()
  const accept = new Map<string, number>()
  const decided = new Map<string, 'same-person' | 'different-people' | 'cannot-tell'>()
  const raised = new Set<string>()
  const trials: FairnessTrial[] = []
  let uncompared = 0
  for (const event of events) {
    if (event.type === 'identity.review') raised.add(pairName(event.data.people))
    if (event.type === 'identity.resolved') decided.set(pairName(event.data.people), event.data.decision)
    if (event.type === 'portrait.enrolled') enrolled.set(event.data.portrait, event.time.wall)
    if (event.type !== 'attendance' && event.type !== 'refusal') continue
    const { face, person, session } = event.data
    if (face === null || person === null || (event.data.simulated && !simulated)) continue
    accept.set(face.model.sha256, face.accept)
    if (event.type === 'attendance') sources.set(face.portrait, event.data.portrait)
    const isMatch = matched(event, face)
    if (isMatch === null) {
      uncompared++
      continue
    }
    const isGenuine = event.index < (witnessed.get(`${session}\n${person}`) ?? -1)
    trials.push({
      person,
      at: event.time.wall,
      result: isMatch ? 'match' : isGenuine ? 'false-non-match' : 'unresolved',
      portrait: sources.get(face.portrait) ?? null,
      portraitTaken: enrolled.get(face.portrait) ?? null,
    })
  }
  const oneOfTwo = new Set(
    [...decided].flatMap(([pair, decision]) => (decision === 'same-person' ? pair.split(' ') : [])),
  )
  const counted = trials.filter(({ person }) => !oneOfTwo.has(person))
  return { trials: counted, accept, decided, raised, simulated, uncompared }
}

/** Two ids in ascending order, a space between. */
export function pairName([one, other]: readonly [string, string]): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}

/** Whether the comparison said yes; null where nothing was compared. An expired card is no word about the face. */
function matched(
  event: Extract<LedgerEvent, { type: 'attendance' | 'refusal' }>,
  { score, decision }: FaceEvidence,
): boolean | null {
  if (score === null || decision?.verdict === 'nobody' || decision?.verdict === 'cancelled') return null
  if (decision !== undefined) return decision.verdict === 'verified'
  if (event.type === 'refusal') return event.data.reason === 'face-mismatch' ? false : null
  return event.data.outcome === 'verified' || event.data.reason === 'card-expired'
}

/** The last record of each person and session that a supervisor signed. */
function lastWitnessed(events: readonly LedgerEvent[]): Map<string, number> {
  const last = new Map<string, number>()
  for (const { type, data, index } of events) {
    if (type !== 'attendance' || data.outcome !== 'witnessed' || data.act === null) continue
    last.set(`${data.session}\n${data.person}`, index)
  }
  return last
}
