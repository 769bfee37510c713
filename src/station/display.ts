import type { Snapshot } from './protocol.ts'

type Content = Omit<Snapshot, 'type' | 'revision'>

/** The newest snapshot and everybody who watches it. */
export class Display {
  #snapshot: Snapshot
  readonly #listeners = new Set<(snapshot: Snapshot) => void>()

  constructor(first: Content) {
    this.#snapshot = { type: 'snapshot', revision: 0, ...first }
  }

  get snapshot(): Snapshot {
    return this.#snapshot
  }

  show(change: Partial<Content>): void {
    this.#snapshot = { ...this.#snapshot, ...change, revision: this.#snapshot.revision + 1 }
    for (const listener of this.#listeners) listener(this.#snapshot)
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
