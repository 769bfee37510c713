import type { StreamFacts } from '../station/protocol.ts'
import { Listeners } from './listeners.ts'
import { streamFactsOf } from './stream-facts.ts'

/** What the window knows of its camera. `label` is null and `stream` too while there is none. */
export interface CameraState {
  readonly stream: MediaStream | null
  readonly label: string | null
  /** What the browser says of the stream; null while there is none. */
  readonly facts: StreamFacts | null
  /** False until the first attempt to open it ended. */
  readonly tried: boolean
}

/**
 * The kiosk's camera, 640x480 at 15 frames a second. It stays open, because opening takes a second that the queue
 * doesn't have; whether frames leave is decided elsewhere (`sendFrames`). A camera that is missing, refused or pulled
 * out is tried again every few seconds and whenever the system says that devices changed.
 */
export class Camera {
  readonly #devices: MediaDevices | undefined
  readonly #changes = new Listeners<CameraState>()
  #state: CameraState = { stream: null, label: null, facts: null, tried: false }
  #opening = false
  #retry: ReturnType<typeof setTimeout> | undefined

  /** `devices` is absent on a page that isn't a secure context. */
  constructor(devices: MediaDevices | undefined) {
    this.#devices = devices
    devices?.addEventListener('devicechange', () => void this.open())
  }

  get state(): CameraState {
    return this.#state
  }

  /** Calls the listener with every later state; returns the call that ends it. */
  onChange(listener: (state: CameraState) => void): () => void {
    return this.#changes.add(listener)
  }

  /** Opens the camera unless it is open. Never rejects: the state says what came of it. */
  async open(): Promise<void> {
    if (this.#opening || this.#state.stream !== null) return
    this.#opening = true
    clearTimeout(this.#retry)
    try {
      if (this.#devices === undefined) throw new Error('not a secure context')
      const stream = await this.#devices.getUserMedia({ audio: false, video: WANTED })
      const track = stream.getVideoTracks()[0]
      if (track === undefined) throw new Error('a stream without a picture')
      track.addEventListener('ended', () => this.#lost(stream))
      const facts = await streamFactsOf(track)
      if (track.readyState === 'ended') throw new Error('a stream that ended at once')
      this.#become({ stream, label: track.label.slice(0, LONGEST_LABEL), facts, tried: true })
    } catch {
      this.#become({ stream: null, label: null, facts: null, tried: true })
      this.#retry = setTimeout(() => void this.open(), RETRY_MS)
    }
    this.#opening = false
  }

  #lost(stream: MediaStream): void {
    if (this.#state.stream !== stream) return
    this.#become({ stream: null, label: null, facts: null, tried: true })
    void this.open()
  }

  #become(state: CameraState): void {
    this.#state = state
    this.#changes.tell(state)
  }
}

const WANTED: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 15 },
  facingMode: 'user',
}
/** Of the protocol's `camera` command. */
const LONGEST_LABEL = 200
const RETRY_MS = 3000
