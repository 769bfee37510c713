import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type Checkpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts'
import type { LedgerEvent } from './event.ts'
import { parseVkey, splitNote, type VerifierKey } from './note.ts'
import { openRotation, type Rotation } from './rotation.ts'

/**
 * Which key signs which trees of a ledger: the one of event 0, until a `station.rekeyed` event names the next one. The
 * next key signs the tree that ends with that event, and all larger ones. A value; to extend it gives a new one.
 */
export class KeyHistory {
  /** By rising `from`: the key signs sizes above `from`. */
  readonly #periods: readonly { readonly from: number; readonly key: VerifierKey }[]
  readonly #rotations: readonly Rotation[]

  static born(key: VerifierKey): KeyHistory {
    return new KeyHistory([{ from: 0, key }], [])
  }

  private constructor(
    periods: readonly { readonly from: number; readonly key: VerifierKey }[],
    rotations: readonly Rotation[],
  ) {
    this.#periods = periods
    this.#rotations = rotations
  }

  /** The history with one change more. Fault `LEDGER_ROTATION`: not signed by the present key, or not at this place. */
  extend(note: string, index: number): Result<KeyHistory> {
    const rotation = openRotation(note)
    if (!rotation.ok) return rotation
    const { old, next, size, origin } = rotation.value
    if (old.vkey !== this.current.vkey || size !== index || origin !== this.first.name)
      return failed(new Fault('LEDGER_ROTATION', 'the change of keys is of another ledger, key or place'))
    if (this.keys.some(({ vkey }) => vkey === next.vkey))
      return failed(new Fault('LEDGER_ROTATION', 'a key that was given up does not come back'))
    return ok(
      new KeyHistory([...this.#periods, { from: index, key: next }], [...this.#rotations, rotation.value]),
    )
  }

  /** The key that the ledger was born with. */
  get first(): VerifierKey {
    return this.#periods[0]!.key
  }

  /** The key that signs now. */
  get current(): VerifierKey {
    return this.#periods.at(-1)!.key
  }

  get keys(): readonly VerifierKey[] {
    return this.#periods.map(({ key }) => key)
  }

  get rotations(): readonly Rotation[] {
    return this.#rotations
  }

  /**
   * Whether somebody who knows these keys may believe the ledger. Each key was signed by the one before it, and signed
   * the root of all before it: to know one is enough. Where the present key is revoked, or none but a revoked one is
   * known, what witnesses saw before that time (ms since 1970, the earliest) is all that may be believed.
   */
  standing(
    known: readonly VerifierKey[],
    revoked: ReadonlyMap<string, number> = new Map(),
  ): 'known' | 'unknown' | { readonly revokedSince: number } {
    const isKnown = known.some(({ vkey }) => this.keys.some((own) => own.vkey === vkey))
    if (isKnown && !revoked.has(this.current.vkey)) return 'known'
    const times = this.keys.flatMap(({ vkey }) => revoked.get(vkey) ?? [])
    return times.length === 0 ? 'unknown' : { revokedSince: Math.min(...times) }
  }

  /** The key that signs trees of this size. */
  at(size: number): VerifierKey {
    return (this.#periods.findLast(({ from }) => from < size) ?? this.#periods[0]!).key
  }

  /** Opens a checkpoint by the key of its size. Faults of `openCheckpoint`. Total. */
  open(note: string): Result<Checkpoint> {
    const split = splitNote(note)
    if (!split.ok) return split
    const checkpoint = parseCheckpoint(split.value.text)
    return checkpoint.ok ? openCheckpoint(note, [this.at(checkpoint.value.size)]) : checkpoint
  }
}

/**
 * The keys that events of one ledger name, by rising index; event 0 among them. Faults: `LEDGER_ROTATION`, and
 * `LEDGER_VKEY` where the first of them is not the birth of a key.
 */
export function keyHistoryOf(events: Iterable<LedgerEvent>): Result<KeyHistory> {
  let keys: KeyHistory | null = null
  for (const event of events) {
    if (keys === null) {
      const own = event.type === 'station.key' && event.index === 0 ? parseVkey(event.data.vkey) : null
      if (own === null) return failed(new Fault('LEDGER_VKEY', 'the first event is not the birth of a key'))
      if (!own.ok) return own
      keys = KeyHistory.born(own.value)
    } else if (event.type === 'station.rekeyed') {
      const extended: Result<KeyHistory> = keys.extend(event.data.note, event.index)
      if (!extended.ok) return extended
      if (extended.value.current.vkey !== event.data.vkey)
        return failed(new Fault('LEDGER_ROTATION', 'the event names another key than its note'))
      keys = extended.value
    }
  }
  return keys === null ? failed(new Fault('LEDGER_VKEY', 'there is no event')) : ok(keys)
}
