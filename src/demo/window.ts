import { WebSocket } from 'ws'
import { Fault } from '../common/fault.ts'
import type { Command, PromptKind, Screen, ServerMessage, Snapshot } from '../station/protocol.ts'
import type { Signer } from '../station/staff.ts'

const FRAME_INTERVAL_MS = 66

/** How the people before this window behave. */
export interface Behaviour {
  readonly consent: boolean
  /** JPEG frames for as long as the station looks, one after the other; of a person who does what a prompt asks. */
  readonly frames: (prompt: PromptKind | null) => AsyncIterable<Uint8Array>
}

/**
 * Stands for the kiosk window: speaks the real channel over the station's socket, answers as people would, and
 * sends camera frames at 15 a second while the station looks.
 */
export class SimulatedWindow {
  readonly #socket: WebSocket
  readonly #staff: { readonly supervisor: Signer; readonly teacher: Signer }
  #behaviour: Behaviour | null = null
  #screen: Screen | null = null
  #films = 0
  /** Of the prompts. */
  #step: number | null = null
  /** Every screen that was shown, in order: the demonstration says that the window was really driven. */
  readonly screens = new Set<Screen>()

  private constructor(socket: WebSocket, staff: { supervisor: Signer; teacher: Signer }) {
    this.#socket = socket
    this.#staff = staff
    socket.on('message', (raw) => this.#receive(JSON.parse(String(raw)) as ServerMessage))
  }

  static async open(
    socketPath: string,
    staff: { supervisor: Signer; teacher: Signer },
  ): Promise<SimulatedWindow> {
    const socket = new WebSocket(`ws+unix://${socketPath}:/channel`)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', (cause) =>
        reject(new Fault('STATION_SOCKET', 'the channel did not open', { cause })),
      )
    })
    const window = new SimulatedWindow(socket, staff)
    window.#send({ type: 'hello', camera: '模拟摄像头 simulated camera' })
    return window
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour
  }

  close(): void {
    this.#socket.close()
  }

  #receive(message: ServerMessage): void {
    if (message.type !== 'snapshot') return
    const step = message.prompt?.step ?? null
    const entered = message.screen !== this.#screen || step !== this.#step
    this.#screen = message.screen
    this.#step = step
    this.screens.add(message.screen)
    if (entered) this.#answer(message)
  }

  #answer({ screen, prompt }: Snapshot): void {
    const { supervisor, teacher } = this.#staff
    switch (screen) {
      case 'consent':
        this.#send({ type: 'consent', granted: this.#behaviour?.consent ?? false })
        return
      case 'witness':
        this.#send({ type: 'witness', ...supervisor })
        return
      case 'looking':
      case 'light':
        void this.#film(screen, null)
        return
      case 'prompt':
        void this.#film('prompt', prompt)
        return
      case 'enrol':
        void this.#film('enrol', null)
        this.#send({ type: 'enrol', signers: [supervisor, teacher] })
        return
    }
  }

  /** Until another screen comes, or a later one of the same name: its film is another person's. */
  async #film(screen: Screen, prompt: Snapshot['prompt']): Promise<void> {
    const film = ++this.#films
    for await (const frame of this.#behaviour?.frames(prompt?.kind ?? null) ?? []) {
      if (this.#films !== film || this.#screen !== screen || this.#step !== (prompt?.step ?? null)) return
      if (this.#socket.readyState !== WebSocket.OPEN) return
      this.#socket.send(frame)
      await new Promise((resolve) => setTimeout(resolve, FRAME_INTERVAL_MS))
    }
  }

  #send(command: Command): void {
    this.#socket.send(JSON.stringify(command))
  }
}
