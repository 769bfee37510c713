import { toHex } from './bytes.ts'
import { openCheckpoint, parseCheckpoint } from './checkpoint.ts'
import type { EventData, LedgerEvent } from './event.ts'
import { GM_SIGNED, GmTree, gmOrigin, signs } from './gm-tree.ts'
import { parseVkey, splitNote, type VerifierKey } from './note.ts'
import { openRotation } from './rotation.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'
import type { LogProblem } from './verification.ts'

/** Whether a note is, by its own word, a checkpoint of a second tree. */
export function isGmNote(note: string): boolean {
  return note.split('\n', 1)[0]!.endsWith('/gm')
}

/**
 * Builds the second tree again while the events go by, and compares it with every checkpoint of it that was kept or
 * seen outside. A ledger that never had one costs nothing.
 */
export class GmExamination {
  readonly #notes = new Map<number, { readonly note: string; readonly from: string }[]>()
  readonly #outsideKeys: readonly VerifierKey[]
  readonly #tree: GmTree | null
  readonly #isExcerpt: boolean
  #key: VerifierKey | null = null
  #problem: LogProblem | null = null
  #verified = 0

  /** `isExcerpt`: only some of the checkpoints that were kept are here, as in a bundle. */
  constructor(
    kept: readonly string[],
    seen: readonly string[],
    outsideKeys: readonly VerifierKey[],
    { isExcerpt = false }: { readonly isExcerpt?: boolean } = {},
  ) {
    this.#isExcerpt = isExcerpt
    for (const note of kept) this.#expect(note, 'a kept checkpoint of the second tree')
    for (const note of seen) this.#expect(note, 'the checkpoint of the second tree from outside')
    this.#tree = kept.length + seen.length === 0 ? null : new GmTree()
    this.#outsideKeys = outsideKeys
  }

  visit(event: LedgerEvent, body: Uint8Array): void {
    if (event.type === 'station.suite') this.#declare(event)
    this.#tree?.append(body)
    const size = event.index + 1
    const expected = this.#notes.get(size) ?? []
    this.#notes.delete(size)
    for (const { note, from } of expected) this.#problem ??= this.#compare(note, from, event)
    if (!this.#isExcerpt && this.#key !== null && GM_SIGNED.has(event.type) && expected.length === 0) {
      const detail = 'the checkpoint of the second tree that belongs to this event is gone'
      this.#problem ??= { code: 'removed', index: event.index, detail }
    }
  }

  /** The first finding, once every event went by. */
  problem(size: number): LogProblem | null {
    const [larger] = [...this.#notes.keys()].sort((a, b) => a - b)
    if (this.#problem !== null || larger === undefined) return this.#problem
    const { from } = this.#notes.get(larger)![0]!
    return larger === UNREADABLE
      ? { code: 'altered', index: null, detail: `${from} is not a checkpoint` }
      : { code: 'rolled-back', index: size, detail: `${from} has ${larger} events, ${size} are here` }
  }

  get suite(): 'std' | 'gm' {
    return this.#verified > 0 ? 'gm' : 'std'
  }

  #expect(note: string, from: string): void {
    const split = splitNote(note)
    const checkpoint = split.ok ? parseCheckpoint(split.value.text) : split
    const size = checkpoint.ok ? checkpoint.value.size : UNREADABLE
    this.#notes.set(size, [...(this.#notes.get(size) ?? []), { note, from }])
  }

  #declare({ data, index, origin }: Extract<LedgerEvent, { readonly type: 'station.suite' }>): void {
    const key = data.vkey === null ? null : parseVkey(data.vkey)
    if (key !== null && (!key.ok || key.value.name !== gmOrigin(origin))) {
      this.#problem ??= { code: 'wrong-key', index, detail: 'the key of the second tree is not one' }
    } else if (data.rotation !== undefined && !this.#isChange(data, index)) {
      this.#problem ??= {
        code: 'wrong-key',
        index,
        detail: 'the key of the second tree was not changed by its own two keys',
      }
    } else if (key !== null && data.rotation === undefined && !this.#isKnown(key.value)) {
      this.#problem ??= {
        code: 'wrong-key',
        index,
        detail: 'the second tree has another key than the given one',
      }
    }
    this.#key = key?.ok ? key.value : null
  }

  /** Both keys signed the change, over this very tree: then who knew the old key knows the next one. */
  #isChange({ rotation, vkey }: EventData['station.suite'], index: number): boolean {
    const change = rotation === undefined ? null : openRotation(rotation.note, SIGNATURE_TYPE.sm2)
    if (!change?.ok || change.value.old.vkey !== this.#key?.vkey) return false
    const { next, size, root, reason } = change.value
    const isHere = size === index && (this.#tree === null || toHex(this.#tree.root()) === root)
    return isHere && next.vkey === vkey && reason === rotation?.reason
  }

  /** Where keys were given for second trees, this ledger's has to be one of them. */
  #isKnown({ vkey }: VerifierKey): boolean {
    return this.#outsideKeys.length === 0 || this.#outsideKeys.some((known) => known.vkey === vkey)
  }

  #compare(note: string, from: string, { index }: LedgerEvent): LogProblem | null {
    const checkpoint = openCheckpoint(note, this.#key === null ? [] : [this.#key])
    if (!checkpoint.ok) return { code: 'wrong-key', index, detail: `${from} is not signed by this station` }
    if (!signs(checkpoint.value, this.#tree!)) {
      return { code: 'tail-replaced', index, detail: `${from} of ${index + 1} events has another root` }
    }
    this.#verified++
    return null
  }
}

const UNREADABLE = -1
