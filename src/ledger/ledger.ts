import { randomBytes } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { admit } from './admission.ts'
import { formatCheckpoint } from './checkpoint.ts'
import { type EventInput, type EventTime, encodeEvent, type LedgerEvent, type SignedAct } from './event.ts'
import type { EventChoice } from './event-index.ts'
import { EventReader, type RecordedEvent } from './event-reader.ts'
import { GM_SIGNED, type GmCheckpoint, GmSuite, isSuiteSaid } from './gm-suite.ts'
import { assertNotBehindMark, type HeadMark, openHeadMark } from './head-mark.ts'
import { KeyHistory } from './key-history.ts'
import { checkedHead } from './ledger-head.ts'
import type { Appended, LedgerOptions } from './ledger-options.ts'
import { type CheckpointKind, type KeptCheckpoint, LedgerStore, type SignedRow } from './ledger-store.ts'
import { completedBlocks, loadTree, storeMissingBlocks } from './ledger-tree.ts'
import { type Hash, leafHash, type MerkleTree } from './merkle.ts'
import { type NoteSigner, signatureLine, signNote, splitNote, type VerifierKey } from './note.ts'
import { keptReceipt, lastUnreceipted, type NewestReceipt, Outbox } from './outbox.ts'
import type { RotationReason } from './rotation.ts'
import type { Migration } from './sqlite.ts'
import { takeWriterLock, type WriterLock } from './writer-lock.ts'

export type { RecordedEvent } from './event-reader.ts'
export type { Appended, LedgerOptions } from './ledger-options.ts'

/**
 * A station's append-only record. An event, its leaf and a freshly signed checkpoint become durable together, or not
 * at all. Reads are checked against the tree: bytes that were changed on disk are never handed out.
 */
export class Ledger {
  readonly #store: LedgerStore
  readonly #lock: WriterLock | null
  #signer: NoteSigner
  #keys: KeyHistory
  readonly #now: () => EventTime
  readonly #tree: MerkleTree
  readonly #reader: EventReader
  readonly #gm: GmSuite | null
  #head: string
  /** Null in a ledger that is open for reading. */
  readonly #mark: HeadMark | null
  readonly #outbox: Outbox
  /** Why nothing more may be appended until the ledger is opened again. */
  #stopped: Fault | null = null

  /**
   * Opens a folder's ledger and, for writing, makes one where there is none.
   * The head's signature, the whole tree (from the stored roots of its blocks and the leaves after them) and the last
   * 256 bodies are checked; whatever is older is checked when it is read, and all of it by `verifyLog`.
   * Faults: `LEDGER_ROLLED_BACK` (the station had signed more than is here), `LEDGER_NOT_FOUND`, `LEDGER_LOCKED`
   * (another writer), `LEDGER_READ_ONLY`, `LEDGER_DISK_FULL`, `LEDGER_NOT_DURABLE`, `LEDGER_VERSION`, `LEDGER_CORRUPT`, `LEDGER_WRONG_KEY`.
   */
  static open(options: LedgerOptions): Ledger {
    const readonly = options.readonly ?? false
    const lock = readonly ? null : takeWriterLock(options.dir)
    let store: LedgerStore | null = null
    try {
      store = LedgerStore.open(options.dir, { readonly })
      return new Ledger(options, store, lock)
    } catch (thrown) {
      store?.close()
      lock?.release()
      throw thrown
    }
  }

  private constructor(options: LedgerOptions, store: LedgerStore, lock: WriterLock | null) {
    this.#store = store
    this.#lock = lock
    this.#signer = options.signer
    this.#keys = options.keys ?? KeyHistory.born(options.signer.key)
    this.#now = options.now
    this.#tree = loadTree(store)
    this.#reader = new EventReader(store, this.#tree)
    const head = store.head()
    this.#head =
      head === null && this.size === 0 ? this.#signTree() : checkedHead(head, this.#tree, this.#keys)
    if (lock !== null) {
      assertNotBehindMark(options.dir, this.#tree, this.#keys)
      storeMissingBlocks(store, this.#tree)
    }
    this.#reader.check(Math.max(0, this.size - REHASHED_TAIL), this.size)
    const gm = lock === null ? null : (options.gm ?? null)
    this.#gm =
      gm === null
        ? null
        : new GmSuite(gm, store.newestGmCheckpoint(), (from) => this.#reader.bodies(from, this.size))
    this.#outbox = new Outbox(() => store.newestReceipt(), lastUnreceipted(this.#reader, this.size))
    if (lock !== null) store.completeIndex(this.size, () => this.#decoded())
    this.#mark = lock === null ? null : openHeadMark(options.dir, this.#head)
  }

  /** `shidao/station/<16 hex>`. */
  get origin(): string {
    return this.#signer.key.name
  }

  /** Number of events. */
  get size(): number {
    return this.#tree.size
  }

  get root(): Hash {
    return this.#tree.root()
  }

  /** Root of the tree of the first `size` events. Throws `LEDGER_RANGE`. */
  rootAt(size: number): Hash {
    return this.#tree.root(size)
  }

  /** The signed note over the whole tree. */
  checkpoint(): string {
    return this.#head
  }

  /** Records one event; see `appendAll`. */
  append(input: EventInput): Appended {
    return this.appendAll([input])[0]!
  }

  /**
   * Records events in one transaction; durable when it returns, and if it throws none was recorded.
   * Faults: `LEDGER_EVENT_INVALID`, `LEDGER_FIRST_EVENT` (a ledger starts with the birth of the key that signs it, and
   * has only one), `LEDGER_RECEIPT_FALSE` (not a receipt for this tree), `LEDGER_READ_ONLY`, `LEDGER_DISK_FULL`,
   * `LEDGER_DISK` and `LEDGER_CORRUPT`, after which nothing is appended until the ledger is opened again; and the
   * fault that `stop` was given.
   */
  appendAll(inputs: readonly EventInput[]): Appended[] {
    if (this.#lock === null) throw new Fault('LEDGER_READ_ONLY', 'the ledger is open for reading only')
    if (this.#stopped !== null) throw this.#stopped
    if (inputs.length === 0) return []
    const before = this.size
    const gmBefore = this.#gm?.mark()
    try {
      const rows: SignedRow[] = []
      const appended: Appended[] = []
      const kept: KeptCheckpoint[] = []
      const gm: GmCheckpoint[] = []
      for (const input of inputs) {
        admit(input, this.#tree, this.#keys, this.#signer.key)
        if (input.type === 'receipt') kept.push(keptReceipt(input.data))
        const { row, checkpoint } = this.#sign(input)
        rows.push(row)
        this.#gm?.append(row.body)
        if (this.#gm !== null && GM_SIGNED.has(input.type)) gm.push(this.#gm.sign())
        appended.push({ index: row.index, leaf: row.leaf, checkpoint })
      }
      const head = appended.at(-1)!.checkpoint
      const blocks = completedBlocks(this.#tree, before)
      this.#store.append(rows, { size: this.size, note: head }, kept, blocks, gm)
      this.#head = head
      this.#mark?.write(head)
      this.#outbox.note(inputs, before)
      return appended
    } catch (thrown) {
      this.#tree.truncate(before)
      if (gmBefore !== undefined) this.#gm?.restore(gmBefore)
      // After a failed write or sync nobody knows what the disk holds; only opening the file again can tell.
      if (thrown instanceof Fault && /^LEDGER_(DISK|CORRUPT)$/.test(thrown.code)) this.#stopped = thrown
      throw thrown
    }
  }

  /**
   * Events from ≤ index < to, by default all. An append during the loop doesn't disturb it.
   * Throws `LEDGER_CORRUPT` at an event whose bytes are not those of its leaf.
   */
  events(from = 0, to: number = this.size): Generator<RecordedEvent> {
    return this.#reader.range(from, to)
  }

  /**
   * The events of a choice, in order; only these are read and checked. An append during the loop doesn't disturb it.
   * Throws `LEDGER_CORRUPT` at an event that isn't what was recorded, or not of the kind that the file's index says.
   */
  chosen(choice: EventChoice): Generator<RecordedEvent> {
    return this.#reader.chosen(choice)
  }

  /** Their indices, in order, by the file's index of events alone. */
  indicesOf(choice: EventChoice): number[] {
    return this.#reader.indicesOf(choice)
  }

  /** Sibling hashes from the leaf up. Throws `LEDGER_RANGE`. */
  inclusionProof(index: number, size: number = this.size): Hash[] {
    return this.#tree.inclusionProof(index, size)
  }

  /** Proof that the tree of `second` events extends that of `first`. Throws `LEDGER_RANGE`. */
  consistencyProof(first: number, second: number = this.size): Hash[] {
    return this.#tree.consistencyProof(first, second)
  }

  /**
   * Changes the key: from the tree that ends with the event of this on, `next` signs. Faults of `append`, after which
   * the key is what it was; `LEDGER_ROTATION` for a key that signed before.
   */
  rekey(
    next: NoteSigner,
    { reason, note, act }: { reason: RotationReason; note: string; act: SignedAct | null },
  ): Appended {
    const [signer, keys, size] = [this.#signer, this.#keys, this.size]
    this.#signer = next
    try {
      const appended = this.append({
        type: 'station.rekeyed',
        data: { vkey: next.key.vkey, reason, note, act },
      })
      this.#keys = unwrap(keys.extend(note, size))
      return appended
    } catch (thrown) {
      this.#signer = signer
      throw thrown
    }
  }

  /** The second tree as it is. Fault `LEDGER_GM_KEY` where there is none. */
  gmTree(): { readonly size: number; readonly root: Hash } {
    return this.#secondTree().tree
  }

  /** A signed checkpoint over the second tree as it is, for what leaves the station now; null where there is none. */
  gmCheckpoint(): string | null {
    return this.#gm?.sign().note ?? null
  }

  /** Changes the key of the second tree, which `next` signs from the end of this event on. Faults of `gmTree` and `append`. */
  rekeyGm(
    next: NoteSigner,
    { reason, note, act }: { reason: RotationReason; note: string; act: SignedAct | null },
  ): Appended {
    const gm = this.#secondTree()
    const before = gm.change(next)
    try {
      const rotation = { note, reason }
      return this.append({
        type: 'station.suite',
        data: { suite: 'gm', vkey: next.key.vkey, rotation, act },
      })
    } catch (thrown) {
      gm.change(before)
      throw thrown
    }
  }

  /** What this opening did to a file of an older version; null for nothing. */
  get migration(): Migration | null {
    return this.#store.migration
  }

  /** Which key signed which trees. */
  get keys(): KeyHistory {
    return this.#keys
  }

  /** The signed note over the first `size` events, as it was signed when there were no more. Throws `LEDGER_RANGE`. */
  checkpointAt(size: number): string {
    if (size === this.size) return this.#head
    if (size > this.size) throw new Fault('LEDGER_RANGE', `the ledger has ${this.size} events, not ${size}`)
    const text = formatCheckpoint({ origin: this.origin, size, root: this.#tree.root(size) })
    const key = this.#keys.at(size)
    // The same key gives the same signature; one that was given up left its own in the file.
    if (key.vkey === this.#signer.key.vkey) return signNote(text, [this.#signer])
    const signature = this.#store.signature(size)
    if (signature === null) throw new Fault('LEDGER_RANGE', `no tree of ${size} events was signed`)
    return `${text}\n${signatureLine(key, signature)}`
  }

  /** Keeps the present checkpoint for ever, because it leaves the station or ends something. */
  keepCheckpoint(kind: CheckpointKind): void {
    if (this.#lock === null) throw new Fault('LEDGER_READ_ONLY', 'the ledger is open for reading only')
    if (this.#stopped !== null) throw this.#stopped
    // Of the second tree, receipts and sessions have theirs already.
    const gm = kind === 'export' ? this.#gm?.sign() : undefined
    this.#store.keep({ size: this.size, kind, note: this.#head, time: this.#now().wall }, gm)
  }

  /** What the newest receipt covers: events below `size`; `time` is the witness's, ms since 1970. */
  newestReceipt(): NewestReceipt | null {
    return this.#outbox.newest
  }

  /** Key of the second tree that is being written, null where there is none. */
  get gmKey(): VerifierKey | null {
    return this.#gm?.key ?? null
  }

  /** Whether the events say already that the second tree is written with this key, or that there is none. */
  isSuiteRecorded(): boolean {
    const newest = this.#store.newestGmCheckpoint()
    return isSuiteSaid(newest, this.gmKey, this.events(newest?.size ?? this.size))
  }

  /** Events that no receipt covers yet; 0 if nothing but receipts follows the newest receipt's tree. */
  get unsent(): number {
    return this.#outbox.unsent(this.size)
  }

  /**
   * Ends appending with a fault, until the ledger is opened again: somebody found that what it holds isn't what was
   * recorded. Reading goes on.
   */
  stop(fault: Fault): void {
    this.#stopped ??= fault
  }

  /** Why nothing more is recorded; null while it is. */
  get stopped(): Fault | null {
    return this.#stopped
  }

  close(): void {
    this.#mark?.close()
    this.#store.close()
    this.#lock?.release()
  }

  *#decoded(): Generator<LedgerEvent> {
    for (const { event } of this.events()) yield event
  }

  /** Encodes, hashes and signs one event at the end of the tree in memory. */
  #sign(input: EventInput): { row: SignedRow; checkpoint: string } {
    const index = this.size
    const salt = randomBytes(16).toString('hex')
    const body = encodeEvent(input, { origin: this.origin, index, salt, time: this.#now() })
    const leaf = leafHash(body)
    this.#tree.append(leaf)
    const checkpoint = this.#signTree()
    const signature = unwrap(splitNote(checkpoint)).signatures[0]!.signature
    return { row: { ...input, index, body, leaf, signature }, checkpoint }
  }

  #secondTree(): GmSuite {
    if (this.#gm !== null) return this.#gm
    throw new Fault('LEDGER_GM_KEY', 'this ledger has no second tree')
  }

  #signTree(): string {
    return signNote(formatCheckpoint({ origin: this.origin, size: this.size, root: this.root }), [
      this.#signer,
    ])
  }
}

const REHASHED_TAIL = 256
