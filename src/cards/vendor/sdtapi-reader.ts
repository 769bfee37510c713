import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { formatSamNumber } from '../codec/sam-number.ts'
import { RefusalFault } from '../codec/status.ts'
import type { CardReader } from '../reader.ts'
import { openVendorBridge, type VendorAnswer, type VendorBridge } from './bridge.ts'
import { identityCard } from './identity-card.ts'
import { knownPrototypes } from './prototypes.ts'
import {
  type CardContents,
  type VendorCardSource,
  VendorReader,
  type VendorReaderOptions,
} from './vendor-reader.ts'

/**
 * A reader behind `sdtapi`: most readers with a SAM on USB. Its functions answer with the SAM's own status byte.
 *
 * Faults: `PORT_OPEN`, `CARD_VENDOR_…`, the SAM's refusals.
 */
export async function openSdtapiReader(options: VendorReaderOptions): Promise<Result<CardReader>> {
  const { library, port, execPath, pollMs } = options
  const bridge = openVendorBridge({ library, prototypes: knownPrototypes('sdtapi'), execPath })
  const source = new SdtapiSource(bridge, port)
  const opened = await source.open()
  if (!opened.ok) {
    await bridge.close()
    return opened
  }
  const samId = await source.samNumber()
  const identity = { profile: 'vendor-sdtapi', port: `${bridge.library}:${port}`, samId }
  return ok(new VendorReader(identity, source, pollMs))
}

class SdtapiSource implements VendorCardSource {
  readonly #bridge: VendorBridge
  readonly #port: number

  constructor(bridge: VendorBridge, port: number) {
    this.#bridge = bridge
    this.#port = port
  }

  async open(): Promise<Result<null>> {
    const opened = await this.#bridge.call('SDT_OpenPort', { port: this.#port }, { timeoutMs: OPEN_MS })
    if (!opened.ok) return opened
    if (opened.value.result === OK) return ok(null)
    return failed(new Fault('PORT_OPEN', `${this.#bridge.library} can’t open its port ${this.#port}`))
  }

  async read(onFound: () => void): Promise<Result<CardContents>> {
    const found = await this.#ask('SDT_StartFindIDCard', [FOUND])
    if (!found.ok) return found
    onFound()
    const selected = await this.#ask('SDT_SelectIDCard')
    if (!selected.ok) return selected
    const answer = await this.#ask('SDT_ReadBaseMsg')
    return answer.ok ? identityCard(answer.value) : answer
  }

  async reset(): Promise<void> {
    await this.#ask('SDT_ResetSAM')
  }

  /** The card that was read still answers a request for its additional address, with or without one. */
  async present(): Promise<boolean> {
    return (await this.#ask('SDT_ReadNewAppMsg', [OK, NOTHING_STORED])).ok
  }

  async close(): Promise<void> {
    if (this.#bridge.pid !== null) await this.#bridge.call('SDT_ClosePort', { port: this.#port })
    await this.#bridge.close()
  }

  async samNumber(): Promise<string | null> {
    const answer = await this.#ask('SDT_GetSAMID')
    const number = answer.ok ? answer.value.outputs.number : undefined
    return number === undefined ? null : formatSamNumber(number)
  }

  async #ask(name: string, successes: readonly number[] = [OK]): Promise<Result<VendorAnswer>> {
    const answer = await this.#bridge.call(name, { port: this.#port, ifOpen: 0 }, { timeoutMs: CALL_MS })
    if (!answer.ok || successes.includes(answer.value.result)) return answer
    return failed(this.#refusal(answer.value.result))
  }

  /** Codes that come from the library and never from a SAM; all others are the SAM's. */
  #refusal(result: number): Fault {
    const { library } = this.#bridge
    if (result === 1 || result === 5) return new Fault('PORT_LOST', `${library} lost its port ${this.#port}`)
    if (result === 2) return new Fault('CARD_TIMEOUT', `${library} waited in vain for its reader`)
    if (result === 3) return new Fault('CARD_EXCHANGE_FAILED', `${library} could not talk to its reader`)
    return new RefusalFault(result & 0xff)
  }
}

const OK = 0x90
const FOUND = 0x9f
const NOTHING_STORED = 0x91
/** Far above what a reader takes (0.3–3.5 s): who exceeds it hangs. */
const CALL_MS = 8_000
const OPEN_MS = 8_000
