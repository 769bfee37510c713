import type { EventData, LedgerEvent, SignedAct } from '../../ledger/event.ts'

/** Somebody who signed an act: their id, and the role in which they were enrolled; null for an inspector's own key. */
export interface Signing {
  readonly actor: string
  readonly role: EventData['actor.enrolled']['role'] | null
}

/** Says who signed an act, in the order of the signatures. */
export function signersOf(events: readonly LedgerEvent[]): (act: SignedAct | null) => readonly Signing[] {
  const roles = new Map<string, Signing['role']>()
  for (const event of events) {
    if (event.type === 'actor.enrolled') roles.set(event.data.actor, event.data.role)
  }
  return (act) => (act?.signatures ?? []).map(({ actor }) => ({ actor, role: roles.get(actor) ?? null }))
}
