import type { Answer, Command, DeskWork, Refused, Screen, Snapshot } from '../station/protocol.ts'
import type { Camera } from './camera.ts'
import type { Connection, KioskChannel } from './channel.ts'
import { sendFrames } from './frames.ts'
import { Listeners } from './listeners.ts'

/** All that the screens draw from. */
export interface KioskState {
  readonly connection: Connection
  /** Newest state of the station, null before the first. */
  readonly snapshot: Snapshot | null
  /** Why the last command wasn't done, until the next command or another screen. */
  readonly refused: Refused | null
  readonly stream: MediaStream | null
}

/** What became of office work; `STATION_LOST` when the connection ended before the answer came. */
export type OfficeAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string }

/**
 * Joins the channel and the camera: keeps the newest snapshot, introduces the window and its camera to the station, and
 * lets frames leave only while the station, or an inspector, looks for a face.
 */
export class Kiosk {
  readonly #channel: KioskChannel
  readonly #camera: Camera
  readonly #changes = new Listeners<void>()
  #state: KioskState = { connection: 'connecting', snapshot: null, refused: null, stream: null }
  /** The label that this connection was told; undefined before `hello`. */
  #toldLabel: string | null | undefined
  /** Who takes what a scanner types, newest last; nobody: the station. */
  #scanTakers: readonly ((code: string) => void)[] = []
  #isLookingForVisit = false
  readonly #waiting = new Map<number, (answer: OfficeAnswer) => void>()
  #requests = 0
  #sending: { readonly stream: MediaStream; readonly stop: () => void } | null = null

  constructor(channel: KioskChannel, camera: Camera) {
    this.#channel = channel
    this.#camera = camera
    channel.onConnection((connection) => {
      this.#toldLabel = undefined
      if (connection !== 'connected') this.#giveUpWaiting('STATION_LOST')
      this.#become({ connection })
      this.#introduce()
    })
    channel.onMessage((message) => {
      if (message.type === 'refused') {
        // The station could not even read it, so it has no number to answer to.
        if (message.command === 'unknown' && this.#waiting.size > 0) return this.#giveUpWaiting(message.code)
        return this.#become({ refused: message })
      }
      if (message.type === 'answer') return this.#answered(message)
      const sameScreen = message.screen === this.#state.snapshot?.screen
      this.#become({ snapshot: message, refused: sameScreen ? this.#state.refused : null })
    })
    camera.onChange(({ stream }) => {
      this.#become({ stream })
      this.#introduce()
    })
    void camera.open()
  }

  get state(): KioskState {
    return this.#state
  }

  /** Calls the listener after every change; returns the call that ends it. */
  subscribe(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  send(command: Command): void {
    this.#become({ refused: null })
    this.#channel.send(command)
  }

  /** A scanner typed this: it is for the page that waits for a code, else for the station. */
  scanned(code: string): void {
    const taker = this.#scanTakers.at(-1)
    if (taker === undefined) this.send({ type: 'scan', text: code })
    else taker(code)
  }

  /** From now on codes go to this listener; returns the call that ends it. */
  takeScans(listener: (code: string) => void): () => void {
    this.#scanTakers = [...this.#scanTakers, listener]
    return () => {
      this.#scanTakers = this.#scanTakers.filter((one) => one !== listener)
    }
  }

  /** Asks for work at the desk and gives its answer. Nothing is asked twice: what was recorded shows in the lists. */
  office(work: DeskWork): Promise<OfficeAnswer> {
    if (this.#state.connection !== 'connected') return Promise.resolve({ ok: false, code: 'STATION_LOST' })
    this.#requests += 1
    const request = this.#requests
    const answered = new Promise<OfficeAnswer>((resolve) => {
      this.#waiting.set(request, resolve)
      this.#channel.send({ type: 'office', request, work })
    })
    return work.act === 'visit.identify' && work.by === 'face' ? this.#lendCamera(answered) : answered
  }

  /** An inspector looks at a face: frames leave although nobody is being signed in. */
  async #lendCamera(answered: Promise<OfficeAnswer>): Promise<OfficeAnswer> {
    this.#isLookingForVisit = true
    this.#letFramesLeave()
    const answer = await answered
    this.#isLookingForVisit = false
    this.#letFramesLeave()
    return answer
  }

  #answered(answer: Answer): void {
    this.#waiting.get(answer.request)?.(answer)
    this.#waiting.delete(answer.request)
  }

  #giveUpWaiting(code: string): void {
    for (const resolve of this.#waiting.values()) resolve({ ok: false, code })
    this.#waiting.clear()
  }

  /** `hello` once a connection, when the camera's first attempt ended, and `camera` whenever it came or went later. */
  #introduce(): void {
    const { tried, label, facts } = this.#camera.state
    if (this.#state.connection !== 'connected' || !tried || this.#toldLabel === label) return
    const isFirst = this.#toldLabel === undefined
    this.#toldLabel = label
    const stream = facts === null ? {} : { stream: facts }
    this.#channel.send(
      isFirst ? { type: 'hello', camera: label, ...stream } : { type: 'camera', label, ...stream },
    )
  }

  #become(change: Partial<KioskState>): void {
    this.#state = { ...this.#state, ...change }
    this.#letFramesLeave()
    this.#changes.tell()
  }

  #letFramesLeave(): void {
    const { connection, snapshot, stream } = this.#state
    const isLooking = this.#isLookingForVisit || (snapshot !== null && LOOKS[snapshot.screen] === true)
    const wanted = connection === 'connected' && isLooking ? stream : null
    if (wanted === (this.#sending?.stream ?? null)) return
    this.#sending?.stop()
    this.#sending = wanted && { stream: wanted, stop: sendFrames(wanted, this.#channel) }
  }
}

/** Screens on which the station looks for a face. */
const LOOKS: Readonly<Partial<Record<Screen, true>>> = {
  looking: true,
  light: true,
  prompt: true,
  enrol: true,
}
