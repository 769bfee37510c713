import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { CardReader } from '../reader.ts'
import { openVendorBridge, type VendorBridge } from './bridge.ts'
import { identityCard } from './identity-card.ts'
import { knownPrototypes } from './prototypes.ts'
import {
  type CardContents,
  type VendorCardSource,
  VendorReader,
  type VendorReaderOptions,
} from './vendor-reader.ts'

/**
 * A ChinaVision reader behind `termb`. The library answers 1 for success and nothing that could be told apart
 * otherwise: no card, a card that was read already and a reader that was pulled out look alike.
 *
 * Faults: `PORT_OPEN`, `CARD_VENDOR_…`.
 */
export async function openTermbReader(options: VendorReaderOptions): Promise<Result<CardReader>> {
  const { library, port, execPath, pollMs } = options
  const bridge = openVendorBridge({ library, prototypes: knownPrototypes('termb'), execPath })
  const source = new TermbSource(bridge, port)
  const opened = await source.open()
  if (!opened.ok) {
    await bridge.close()
    return opened
  }
  const identity = { profile: 'vendor-termb', port: `${bridge.library}:${port}`, samId: null }
  return ok(new VendorReader(identity, source, pollMs))
}

class TermbSource implements VendorCardSource {
  readonly #bridge: VendorBridge
  readonly #port: number

  constructor(bridge: VendorBridge, port: number) {
    this.#bridge = bridge
    this.#port = port
  }

  open(): Promise<Result<null>> {
    return this.#succeed(
      'CVR_InitComm',
      { port: this.#port },
      new Fault('PORT_OPEN', `${this.#bridge.library} can’t open its port ${this.#port}`),
    )
  }

  async read(onFound: () => void): Promise<Result<CardContents>> {
    const none = new Fault('CARD_NONE', 'no card that has not been read already')
    const found = await this.#succeed('CVR_Authenticate', {}, none)
    if (!found.ok) return found
    onFound()
    const answer = await this.#bridge.call(
      'CVR_ReadBaseMsg',
      { mode: UCS2_WITHOUT_BMP },
      { timeoutMs: CALL_MS },
    )
    if (!answer.ok) return answer
    if (answer.value.result === SUCCESS) return identityCard(answer.value)
    return failed(new Fault('CARD_READ_FAILED', 'the card was moved or taken away while it was read'))
  }

  async reset(): Promise<void> {
    await this.#bridge.call('CVR_CloseComm')
    await this.open()
  }

  /** The library has no question for it; each card is given once, so that nobody is read twice for lack of it. */
  async present(): Promise<boolean> {
    return false
  }

  async close(): Promise<void> {
    if (this.#bridge.pid !== null) await this.#bridge.call('CVR_CloseComm')
    await this.#bridge.close()
  }

  async #succeed(name: string, values: Record<string, number>, refusal: Fault): Promise<Result<null>> {
    const answer = await this.#bridge.call(name, values, { timeoutMs: CALL_MS })
    if (!answer.ok) return answer
    return answer.value.result === SUCCESS ? ok(null) : failed(refusal)
  }
}

const SUCCESS = 1
/** The text as the card has it, the photo as it is. */
const UCS2_WITHOUT_BMP = 1
/** Far above what a reader takes: who exceeds it hangs. */
const CALL_MS = 8_000
