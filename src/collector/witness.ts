import { failed, ok, type Result } from '../common/result.ts'
import { type Checkpoint, openCheckpoint } from '../ledger/checkpoint.ts'
import { decodeEvent } from '../ledger/event.ts'
import { MerkleTree, sameHash, verifyConsistency } from '../ledger/merkle.ts'
import { parseVkey } from '../ledger/note.ts'
import { openRotation } from '../ledger/rotation.ts'
import { type BatchRequest, readLeaves } from './batch.ts'
import type { Cosigner } from './cosigner.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import { type CollectorStore, type Head, isHolder, type Station } from './store.ts'

/** What a station gets for a batch: its checkpoint with the collector's cosignature. */
export interface Cosigned {
  readonly size: number
  /** Hex. */
  readonly root: string
  readonly note: string
}

export interface WitnessOptions {
  readonly store: CollectorStore
  readonly cosigner: Cosigner
  /** Production takes nothing that was simulated. */
  readonly production: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Trees kept in memory; the others are read again when their station calls. */
const TREES_KEPT = 256

/**
 * Verifies what stations send, stores it and cosigns, in that order: a cosignature never leaves before its
 * events are durable. Batches of one station are taken one after the other; stations don't wait for each other.
 */
export class Witness {
  readonly #options: WitnessOptions
  readonly #trees = new Map<string, MerkleTree>()
  readonly #queues = new Map<string, Promise<unknown>>()

  constructor(options: WitnessOptions) {
    this.#options = options
  }

  /** Total for any request of the right shape; rejects only when the store fails. */
  take(request: BatchRequest): Promise<Result<Cosigned, Refusal>> {
    const before = this.#queues.get(request.origin) ?? Promise.resolve()
    const turn = before.then(() => this.#takeInTurn(request))
    const settled = turn.catch(() => undefined)
    this.#queues.set(request.origin, settled)
    void settled.then(() => {
      if (this.#queues.get(request.origin) === settled) this.#queues.delete(request.origin)
    })
    return turn
  }

  async #takeInTurn(request: BatchRequest): Promise<Result<Cosigned, Refusal>> {
    const station = await this.#confirmedStation(request.origin)
    if (!station.ok) return station
    const keys = keysOf(station.value, await this.#options.store.stations({ origin: request.origin }))
    const checkpoint = openSigned(request, station.value, keys)
    if (!checkpoint.ok) return checkpoint
    const tree = await this.#treeOf(station.value)
    const { head } = station.value
    return checkpoint.value.size <= head.size
      ? this.#takeKnown(request, checkpoint.value, station.value, tree)
      : this.#takeNew(request, checkpoint.value, { ...station.value, vkey: keys[0]! }, tree)
  }

  async #confirmedStation(origin: string): Promise<Result<Station, Refusal>> {
    const asked = await this.#options.store.stations({ origin })
    const station = asked.find(isHolder)
    if (station === undefined) {
      return asked.length === 0
        ? refuse('COLLECTOR_UNKNOWN_STATION', 'this station never asked to be enrolled')
        : refuse('COLLECTOR_UNCONFIRMED', 'nobody has confirmed this station yet')
    }
    if (this.#options.production && station.simulated) {
      return refuse('COLLECTOR_SIMULATED', 'a simulated station has no place in production')
    }
    return ok(station)
  }

  /** A tree that isn't larger than the stored one: the same once more, an older state, or another history. */
  async #takeKnown(
    request: BatchRequest,
    checkpoint: Checkpoint,
    station: Station,
    tree: MerkleTree,
  ): Promise<Result<Cosigned, Refusal>> {
    const { head } = station
    if (!sameHash(tree.root(checkpoint.size), checkpoint.root)) return this.#refuseFork(request, station)
    if (checkpoint.size < head.size) {
      return refuse('COLLECTOR_ROLLBACK', `this station had already signed ${head.size} events`, head)
    }
    return ok(cosigned(checkpoint, this.#cosign(request.checkpoint)))
  }

  async #takeNew(
    request: BatchRequest,
    checkpoint: Checkpoint,
    station: Station,
    tree: MerkleTree,
  ): Promise<Result<Cosigned, Refusal>> {
    const { old } = request
    const { head } = station
    if (!provesConsistency(request, checkpoint)) {
      return refuse('COLLECTOR_PROOF', 'the consistency proof does not hold')
    }
    if (old.size <= head.size && !sameHash(tree.root(old.size), old.root)) {
      return this.#refuseFork(request, station)
    }
    if (old.size !== head.size) {
      return refuse('COLLECTOR_SIZE', `go on from ${head.size} events, not ${old.size}`, head)
    }
    const leaves = readLeaves(request.events, head.size, station, this.#options.production)
    if (!leaves.ok) return leaves
    for (const leaf of leaves.value) tree.append(leaf.hash)
    if (!sameHash(tree.root(), checkpoint.root)) {
      tree.truncate(head.size)
      return refuse('COLLECTOR_EVENT', 'the events do not give the root that was signed')
    }
    // The tree is ahead of the store now: it is known again only when the store has followed.
    this.#trees.delete(station.origin)
    const note = this.#cosign(request.checkpoint)
    const { size, root } = checkpoint
    const stored = await this.#options.store.append({
      kind: 'batch',
      origin: station.origin,
      from: head,
      leaves: leaves.value,
      head: { size, root, note },
      receivedAt: this.#options.now(),
    })
    if (stored === 'moved') return refuse('COLLECTOR_SIZE', 'another batch came first, ask again', head)
    this.#keepTree(station.origin, tree)
    return ok(cosigned(checkpoint, note))
  }

  async #refuseFork(request: BatchRequest, station: Station): Promise<Result<never, Refusal>> {
    const { old, proof } = request
    await this.#options.store.append({
      kind: 'fork',
      origin: station.origin,
      stored: station.head.note ?? '',
      presented: request.checkpoint,
      consistency: JSON.stringify({
        old: { size: old.size, root: hexOf(old.root) },
        proof: proof.map(hexOf),
      }),
      receivedAt: this.#options.now(),
    })
    return refuse('COLLECTOR_FORK', 'this station has signed two different histories', station.head)
  }

  #cosign(checkpointNote: string): string {
    return this.#options.cosigner.cosign(checkpointNote, Math.floor(this.#options.now() / 1000))
  }

  async #treeOf(station: Station): Promise<MerkleTree> {
    const kept = this.#trees.get(station.origin)
    if (kept !== undefined && kept.size === station.head.size) {
      this.#keepTree(station.origin, kept)
      return kept
    }
    const tree = new MerkleTree()
    for await (const event of this.#options.store.events(station.origin, 0, station.head.size)) {
      tree.append(event.hash)
    }
    this.#keepTree(station.origin, tree)
    return tree
  }

  /** Keeps it as the most recently used one. */
  #keepTree(origin: string, tree: MerkleTree): void {
    this.#trees.delete(origin)
    this.#trees.set(origin, tree)
    const [oldest] = this.#trees.keys()
    if (this.#trees.size > TREES_KEPT && oldest !== undefined) this.#trees.delete(oldest)
  }
}

/** The keys that an origin had in its confirmed holder's line, the one that it was born with first. */
function keysOf(holder: Station, asked: readonly Station[]): string[] {
  const line = [holder.vkey]
  const retired = asked.filter(({ retiredAt }) => (retiredAt ?? null) !== null)
  const before = ({ replaces }: Station) => retired.find(({ fingerprint }) => fingerprint === replaces)
  for (let old = before(holder); old !== undefined && !line.includes(old.vkey); old = before(old)) {
    line.unshift(old.vkey)
  }
  return line
}

/**
 * By which of the station's keys a tree has to be signed: the one that the last change of keys in this batch names,
 * or else the one that signed what is stored. A change starts a batch, so that no key waits for the next one.
 */
function signingKey(request: BatchRequest, { head }: Station, keys: readonly string[]): string | null {
  const [first] = request.events
  const note = first === undefined ? null : rotationIn(first)
  if (note !== null) {
    const change = openRotation(note)
    const place = change.ok ? keys.indexOf(change.value.old.vkey) : -1
    const isNext = change.ok && place >= 0 && keys[place + 1] === change.value.next.vkey
    return isNext ? change.value.next.vkey : null
  }
  if (head.note === null) return keys[0] ?? null
  return keys.findLast((vkey) => isSignedBy(head.note!, vkey)) ?? null
}

function rotationIn(body: Uint8Array): string | null {
  const event = decodeEvent(body)
  return event.ok && event.value.type === 'station.rekeyed' ? event.value.data.note : null
}

function isSignedBy(note: string, vkey: string): boolean {
  const key = parseVkey(vkey)
  return key.ok && openCheckpoint(note, [key.value]).ok
}

function openSigned(
  request: BatchRequest,
  station: Station,
  keys: readonly string[],
): Result<Checkpoint, Refusal> {
  // A tree that is known already may be sent once more, by whichever key signed it then.
  const isKnown = request.old.size + request.events.length <= station.head.size
  const wanted = isKnown ? keys : [signingKey(request, station, keys)]
  const known = wanted.flatMap((vkey) => {
    const key = vkey === null ? null : parseVkey(vkey)
    return key?.ok ? [key.value] : []
  })
  if (known.length === 0) {
    return refuse('COLLECTOR_UNCONFIRMED', 'nobody has confirmed the next key of this station yet')
  }
  const opened = openCheckpoint(request.checkpoint, known)
  if (!opened.ok || opened.value.origin !== station.origin) {
    return refuse('COLLECTOR_SIGNATURE', 'the checkpoint is not signed by the confirmed key of this station')
  }
  if (opened.value.size !== request.old.size + request.events.length) {
    return refuse('COLLECTOR_REQUEST', 'old size and number of events do not add up to the checkpoint')
  }
  return opened
}

function provesConsistency(request: BatchRequest, checkpoint: Checkpoint): boolean {
  const { old, proof } = request
  return verifyConsistency({
    first: old.size,
    second: checkpoint.size,
    firstRoot: old.root,
    secondRoot: checkpoint.root,
    proof,
  })
}

function cosigned({ size, root }: Checkpoint, note: string): Cosigned {
  return { size, root: hexOf(root), note }
}

function refuse(code: RefusalCode, message: string, head?: Head) {
  const standing = head === undefined ? null : { size: head.size, root: hexOf(head.root), note: head.note }
  return failed(new Refusal(code, message, standing))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
