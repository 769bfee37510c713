import type { EventData, LedgerEvent } from '../../ledger/event.ts'
import { keyFingerprint } from '../../ledger/fingerprint.ts'
import { keyHistoryOf } from '../../ledger/key-history.ts'
import { isoTime } from './corrections.ts'

/*
 * What the ledger itself names as what it rests on. None of it proves anything alone: a verifier compares these keys
 * with those that it knows by another way.
 */

/** `anchors.json`. The same events give the same document. */
export interface Anchors {
  readonly origin: string
  /** In the order in which they signed; the first was born with the ledger. */
  readonly stationKeys: readonly { readonly vkey: string; readonly fingerprint: string }[]
  /** Collectors that cosigned, with the newest tree that each saw. */
  readonly witnesses: readonly {
    readonly vkey: string
    readonly receipts: number
    readonly newest: { readonly leaf: number; readonly size: number; readonly at: string }
  }[]
  /** People who act, by the leaf that enrolled them. */
  readonly people: readonly {
    readonly leaf: number
    readonly actor: string
    readonly role: EventData['actor.enrolled']['role']
    readonly publicKey: string
    readonly enrolledBy: readonly string[]
  }[]
  readonly inspectorLists: readonly {
    readonly leaf: number
    readonly authority: string
    readonly number: number
    readonly sha256: string
  }[]
  readonly catalogues: readonly {
    readonly leaf: number
    readonly catalogue: string
    readonly sha256: string
    readonly vkey: string | null
  }[]
  /** Rule packs that the class and its facts name. */
  readonly packs: readonly string[]
  /** Weights of the face check that the station said it had loaded. */
  readonly models: readonly { readonly name: string; readonly sha256: string }[]
}

export function anchorsOf(events: readonly LedgerEvent[], classId: string): Anchors {
  const keys = keyHistoryOf(events)
  const models = new Map<string, { name: string; sha256: string }>()
  for (const event of events) {
    if (event.type !== 'station.start') continue
    for (const model of event.data.models) models.set(`${model.name} ${model.sha256}`, model)
  }
  return {
    origin: events[0]?.origin ?? '',
    stationKeys: (keys.ok ? keys.value.keys : []).map(({ vkey }) => ({
      vkey,
      fingerprint: keyFingerprint(vkey),
    })),
    witnesses: witnessesOf(events),
    people: events.flatMap((event) => {
      if (event.type !== 'actor.enrolled') return []
      const { actor, role, publicKey, act } = event.data
      const enrolledBy = (act?.signatures ?? []).map((signature) => signature.actor)
      return [{ leaf: event.index, actor, role, publicKey, enrolledBy }]
    }),
    inspectorLists: events.flatMap((event) => {
      if (event.type !== 'inspectors.listed') return []
      const { authority, number, sha256 } = event.data
      return [{ leaf: event.index, authority, number, sha256 }]
    }),
    catalogues: events.flatMap((event) => {
      if (event.type !== 'catalogue.imported') return []
      const { catalogue, sha256, vkey } = event.data
      return [{ leaf: event.index, catalogue, sha256, vkey }]
    }),
    packs: packsNamed(events, classId),
    models: [...models.values()],
  }
}

/** sha256 of every pack that a class is computed under: its own, and those that its people may fall under. */
export function packsNamed(events: readonly LedgerEvent[], classId: string): readonly string[] {
  let own: string | null = null
  let others: readonly string[] = []
  for (const event of events) {
    if (event.type === 'class.opened' && event.data.class === classId) own = event.data.pack.sha256
    if (event.type === 'class.facts' && event.data.class === classId) others = event.data.facts.packs
  }
  return [...new Set([...(own === null ? [] : [own]), ...others])]
}

function witnessesOf(events: readonly LedgerEvent[]): Anchors['witnesses'] {
  const witnesses = new Map<string, Anchors['witnesses'][number]>()
  for (const event of events) {
    if (event.type !== 'receipt') continue
    const { witness: vkey, size, time } = event.data
    const before = witnesses.get(vkey)
    const newest = { leaf: event.index, size, at: isoTime(time) }
    witnesses.set(vkey, { vkey, receipts: (before?.receipts ?? 0) + 1, newest })
  }
  return [...witnesses.values()]
}
