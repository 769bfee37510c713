import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { isIdentityModule } from '../codec/identity-module.ts'
import type { CardPhoto, CardReader, CardReading, ReaderIdentity } from '../reader.ts'
import type { ApduChannel } from '../transport/apdu-channel.ts'
import { type IdentityModuleCard, readIdentityModule } from './read-identity-module.ts'
import { readSocialSecurityCard, type SocialSecurityCard } from './read-social-security-card.ts'

/**
 * Reads chip cards in any slot that takes APDUs: social security cards, and where the ATR is that of a reader's own
 * ID-card module, the identity card that lies on it. A card that fails is tried three times from the start, each time
 * with fresh power; a card that was pulled may come back within three seconds.
 */
export class ChipCardReader implements CardReader {
  readonly identity: ReaderIdentity
  readonly #channel: ApduChannel
  readonly #pollMs: number
  #queue: Promise<unknown> = Promise.resolve()

  constructor(identity: ReaderIdentity, channel: ApduChannel, { pollMs }: { pollMs: number }) {
    this.identity = identity
    this.#channel = channel
    this.#pollMs = pollMs
  }

  /** Faults of `readSocialSecurityCard` and of the channel, `CARD_ABORTED`; `CARD_NONE` when time is up. */
  read(options: Parameters<CardReader['read']>[0]): Promise<Result<CardReading>> {
    return this.#inTurn(() => this.#readUntil(performance.now() + options.timeoutMs, options))
  }

  cardPresent(): Promise<boolean> {
    return this.#inTurn(() => this.#present())
  }

  async close(): Promise<void> {
    await this.#channel.close()
  }

  async #readUntil(deadline: number, { signal, onFound }: ReadOptions): Promise<Result<CardReading>> {
    let last: { fault: Fault; at: number } | null = null
    for (let failures = 0; failures < TRIES; ) {
      const cut = ended(deadline, signal)
      if (cut !== null) return failed(cut.code === 'CARD_NONE' ? (last?.fault ?? cut) : cut)
      const tried = await this.#tryOnce(deadline, { signal, onFound })
      if (tried.ok) return tried
      if (isFinal(tried.fault)) return tried
      if (tried.fault.code !== 'CARD_NONE') {
        last = { fault: tried.fault, at: performance.now() }
        // Windows itself looks at a card for a moment after it came; that says nothing against the card.
        if (tried.fault.code !== 'CARD_IN_USE') failures++
      } else if (last !== null && performance.now() - last.at > CARD_BACK_MS) break
      await this.#rest(deadline, signal)
    }
    return failed(last?.fault ?? noCard())
  }

  async #tryOnce(deadline: number, { signal, onFound }: ReadOptions): Promise<Result<CardReading>> {
    const began = performance.now()
    const powered = await this.#channel.powerOn()
    if (!powered.ok) return powered
    onFound?.()
    const limited = {
      transmit: async (apdu: Uint8Array) => {
        const cut = ended(deadline, signal)
        return cut === null ? this.#channel.transmit(apdu) : failed(cut)
      },
    }
    const reading = isIdentityModule(powered.value)
      ? await this.#readIdentity(limited, began)
      : await this.#readSocialSecurity(limited, began)
    await this.#channel.powerOff()
    return reading
  }

  async #readIdentity(channel: Pick<ApduChannel, 'transmit'>, began: number): Promise<Result<CardReading>> {
    const card = await readIdentityModule(channel)
    return card.ok ? ok(this.#identityReading(card.value, began)) : card
  }

  async #readSocialSecurity(
    channel: Pick<ApduChannel, 'transmit'>,
    began: number,
  ): Promise<Result<CardReading>> {
    const card = await readSocialSecurityCard(channel)
    return card.ok ? ok(this.#socialSecurityReading(card.value, began)) : card
  }

  #identityReading({ record, photo }: IdentityModuleCard, began: number): CardReading {
    const simulated = photo.format === 'simulated' || isVirtualReader(this.#channel.path)
    return { record, token: null, photo, simulated, ...this.#circumstances(began) }
  }

  #socialSecurityReading({ issuer, holder }: SocialSecurityCard, began: number): CardReading {
    const { identificationCode, cardNumber, validFrom, validTo } = issuer
    const token = { identificationCode, cardNumber, validFrom, validTo }
    const simulated = identificationCode.startsWith(SIMULATED_AREA) || isVirtualReader(this.#channel.path)
    const rest = { photo: NO_PHOTO, simulated, ...this.#circumstances(began) }
    return holder === null ? { record: null, token, ...rest } : { record: holder, token, ...rest }
  }

  #circumstances(began: number): Pick<CardReading, 'reader' | 'skippedBytes' | 'ms'> {
    return { reader: this.identity, skippedBytes: 0, ms: Math.round(performance.now() - began) }
  }

  async #present(): Promise<boolean> {
    if (this.#channel.cardPresent !== undefined) return this.#channel.cardPresent()
    const powered = await this.#channel.powerOn()
    if (powered.ok) await this.#channel.powerOff()
    return powered.ok
  }

  async #rest(deadline: number, signal: AbortSignal | undefined): Promise<void> {
    const wait = Math.min(this.#pollMs, deadline - performance.now())
    if (wait > 0) await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {})
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }
}

/** Issuing area 990000 was never given out: cards of the simulator carry it. */
export const SIMULATED_AREA = '990000'

interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  readonly onFound?: (() => void) | undefined
}

const TRIES = 3
const CARD_BACK_MS = 3_000
/** The chip keeps a photo (EF08) behind the same key as the name; no terminal without a PSAM sees it. */
const NO_PHOTO: CardPhoto = { format: 'none', block: new Uint8Array(), image: null }

/** A reader that is software: vsmartcard's vpcd. */
function isVirtualReader(path: string): boolean {
  return path.startsWith('Virtual PCD')
}

function ended(deadline: number, signal: AbortSignal | undefined): Fault | null {
  if (signal?.aborted) return new Fault('CARD_ABORTED', 'the read was cancelled')
  return performance.now() >= deadline ? noCard() : null
}

/** The slot is gone, or the card would say the same again. */
function isFinal({ code }: Fault): boolean {
  return (
    code === 'CARD_ABORTED' ||
    code === 'CARD_READER_SILENT' ||
    code === 'CARD_NOT_SOCIAL_SECURITY' ||
    code === 'CARD_LOCKED' ||
    code.startsWith('PORT_') ||
    code.startsWith('CARD_RECORD_')
  )
}

function noCard(): Fault {
  return new Fault('CARD_NONE', 'no card was read in time')
}
