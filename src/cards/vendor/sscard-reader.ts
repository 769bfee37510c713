import { failed, ok, type Result } from '../../common/result.ts'
import type { CardPhoto, CardReader } from '../reader.ts'
import { openVendorBridge, type VendorBridge } from './bridge.ts'
import { knownPrototypes } from './prototypes.ts'
import { parseBasicsAnswer } from './sscard-answer.ts'
import { sscardFault } from './sscard-fault.ts'
import { type CardContents, type VendorCardSource, VendorReader } from './vendor-reader.ts'

/** Where the library looks for the card. */
export type CardSlot = 'contact' | 'contactless' | 'contact-first' | 'contactless-first'

/**
 * A social security card reader behind its vendor's LD/T 33 library (`SSCardDriver`). No function that takes a PIN is
 * ever called. The library finds its reader itself; it is loaded here and its reader asked for the first time in `read`.
 *
 * Faults: `CARD_VENDOR_…`; of `read` also those of `sscardFault` and `parseBasicsAnswer`.
 */
export async function openSscardReader(options: {
  readonly library: string
  readonly execPath?: string | undefined
  readonly slot?: CardSlot | undefined
  readonly pollMs?: number
}): Promise<Result<CardReader>> {
  const { library, execPath, slot = 'contact-first', pollMs } = options
  const bridge = openVendorBridge({ library, prototypes: knownPrototypes('sscard'), execPath })
  const loaded = await bridge.check()
  if (!loaded.ok) {
    await bridge.close()
    return loaded
  }
  const identity = { profile: 'vendor-sscard', port: `${bridge.library}:${slot}`, samId: null }
  return ok(new VendorReader(identity, new SscardSource(bridge, slot), pollMs))
}

class SscardSource implements VendorCardSource {
  readonly #bridge: VendorBridge
  readonly #slot: CardSlot

  constructor(bridge: VendorBridge, slot: CardSlot) {
    this.#bridge = bridge
    this.#slot = slot
  }

  open(): Promise<Result<null>> {
    return this.#bridge.check()
  }

  /** One function finds and reads: nothing can be said before the end. */
  async read(): Promise<Result<CardContents>> {
    const answer = await this.#basics()
    if (!answer.ok) return answer
    if (answer.value.result !== 0) return failed(sscardFault(answer.value.result))
    const basics = parseBasicsAnswer(answer.value.outputs.info ?? new Uint8Array())
    if (!basics.ok) return basics
    return ok({ ...basics.value, photo: NO_PHOTO })
  }

  async reset(): Promise<void> {}

  async present(): Promise<boolean> {
    const answer = await this.#basics()
    return answer.ok && answer.value.result === 0
  }

  close(): Promise<void> {
    return this.#bridge.close()
  }

  #basics() {
    return this.#bridge.call('iReadCardBas', { type: slots[this.#slot] }, { timeoutMs: READ_MS })
  }
}

/** LD/T 33, iType. */
const slots = { contact: 1, contactless: 2, 'contact-first': 3, 'contactless-first': 4 } as const

/** The function gives no photo. */
const NO_PHOTO: CardPhoto = { format: 'none', block: new Uint8Array(), image: null }

/** Powering a card, its security module and a dozen commands take about two seconds. */
const READ_MS = 10_000
