import type { CameraIdentity, LedgerEvent } from '../../ledger/event.ts'
import type { CameraVerdict } from './judge-camera.ts'

/** The camera that a station is pinned to. */
export interface CameraPin {
  readonly identity: CameraIdentity
  /** The first camera that was used here, or one that a supervisor signed for. */
  readonly by: 'first-use' | 'confirmed'
}

/** What the ledger says of a station's cameras. Records from before identities were kept give a label and no pin. */
export class CameraHistory {
  #label: string | null = null
  #identity: CameraIdentity | null = null
  #verdict: CameraVerdict | null = null
  #pin: CameraPin | null = null

  /** Label of the camera that a window opened last, null without one. */
  get label(): string | null {
    return this.#label
  }

  get identity(): CameraIdentity | null {
    return this.#identity
  }

  get verdict(): CameraVerdict | null {
    return this.#verdict
  }

  get pin(): CameraPin | null {
    return this.#pin
  }

  apply(event: LedgerEvent): void {
    if (event.type === 'camera.confirmed') this.#pin = { identity: event.data.identity, by: 'confirmed' }
    if (event.type !== 'camera.changed') return
    const { after, identity = null, verdict = null } = event.data
    this.#label = after
    this.#identity = identity
    this.#verdict = verdict
    // A virtual camera is never what a door was set up with.
    if (this.#pin === null && identity !== null && verdict !== 'virtual')
      this.#pin = { identity, by: 'first-use' }
  }
}
