import { openReader } from '../cards/driver/open-reader.ts'
import type { CardReader } from '../cards/reader.ts'
import { startChipSimulator } from '../cards/simulator/chip-simulator.ts'
import type { FaultScript } from '../cards/simulator/line-faults.ts'
import { startSamSimulator } from '../cards/simulator/sam-simulator.ts'
import type { Result } from '../common/result.ts'
import { simulatedCard, simulatedSocialSecurityCard } from './cards.ts'
import type { ReaderName, Step } from './scenario.ts'

/** The simulated reader at the door, one at a time; another one in its place is seen as a change of reader. */
export class DemoReaders {
  #name: ReaderName
  #running: PluggedReader

  private constructor(name: ReaderName, running: PluggedReader) {
    this.#name = name
    this.#running = running
  }

  static async start(name: ReaderName): Promise<DemoReaders> {
    return new DemoReaders(name, await plugIn[name]())
  }

  /** What `--port` would take. */
  get port(): string {
    return this.#running.port
  }

  get faults(): FaultScript {
    return this.#running.faults
  }

  /** For the station: opens whichever reader is there, with the framing and the driver of a real one. */
  open(): Promise<Result<CardReader>> {
    return openReader({ port: this.#running.port })
  }

  /** Puts that reader at the door; the one that was there is unplugged. */
  async use(name: ReaderName): Promise<void> {
    if (name === this.#name) return
    const unplugged = this.#running
    this.#running = await plugIn[name]()
    this.#name = name
    await unplugged.stop()
  }

  place(step: Step): Promise<void> {
    return this.#running.place(step)
  }

  remove(): void {
    this.#running.remove()
  }

  async stop(): Promise<void> {
    await this.#running.stop()
  }
}

interface PluggedReader {
  readonly port: string
  readonly faults: FaultScript
  place(step: Step): Promise<void>
  remove(): void
  stop(): Promise<void>
}

const plugIn: Readonly<Record<ReaderName, () => Promise<PluggedReader>>> = {
  serial: () => samReader('serial'),
  hid: () => samReader('hid-dk'),
  slot: async () => {
    const slot = await startChipSimulator('hid-gwi')
    return { ...slot, place: async ({ card }) => slot.place(simulatedSocialSecurityCard(card)) }
  },
}

async function samReader(family: 'serial' | 'hid-dk'): Promise<PluggedReader> {
  const sam = await startSamSimulator(family)
  return { ...sam, place: async ({ card, trouble }) => sam.place(await simulatedCard(card, trouble)) }
}
