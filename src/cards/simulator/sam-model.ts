import { unwrap } from '../../common/result.ts'
import { encodeAdditionalAddresses } from '../codec/additional-address.ts'
import type { Answer, Request } from '../codec/frame.ts'
import { joinReadAnswer, TEXT_BYTES } from '../codec/read-answer.ts'
import { encodeTextRecord } from '../codec/text-record.ts'
import type { CardRecord } from '../reader.ts'

/** A card that only exists in memory. The record may be wrong on purpose; the photo block is as a SAM gives it. */
export interface SimulatedCard {
  readonly record: CardRecord
  readonly photoBlock: Uint8Array
  /** At most four of at most 35 characters. */
  readonly additionalAddresses?: readonly string[]
  /** At most 1,024 bytes, given only to 30 10. */
  readonly fingerprints?: Uint8Array
}

/** Ways a SAM itself can misbehave, asked anew for each command. */
export interface SamMood {
  /** Refuses everything with 66. */
  readonly notAuthorised: boolean
  /** Gives a text record of zeros. */
  readonly zeroRecord: boolean
  /** The card goes while it is read. */
  readonly removal: boolean
  /** Another refusal than those that a state of the card brings, e.g. 60: self-test failed. */
  readonly refusal: number | null
}

/**
 * What a SAM knows, without any line: request in, answer out. Like real ones it gives each card once: after a read,
 * find and select are refused as if no card were there, until it is lifted or the SAM is reset; the additional
 * address (30 03) still answers while the card lies there.
 */
export class SamModel {
  readonly #samNumber: Uint8Array
  #card: SimulatedCard | null = null
  #state: 'idle' | 'found' | 'selected' | 'read' = 'idle'

  constructor(samNumber: Uint8Array) {
    this.#samNumber = samNumber
  }

  get card(): SimulatedCard | null {
    return this.#card
  }

  /** Whether the card that lies there was read. */
  get wasRead(): boolean {
    return this.#state === 'read'
  }

  place(card: SimulatedCard): void {
    this.#card = card
    this.#state = 'idle'
  }

  remove(): void {
    this.#card = null
    this.#state = 'idle'
  }

  answer({ command, parameter }: Request, mood: SamMood): Answer {
    if (mood.notAuthorised) return status(0x66)
    if (mood.refusal !== null) return status(mood.refusal)
    return this.#answer((command << 8) | parameter, mood) ?? status(0x21)
  }

  #answer(code: number, mood: SamMood): Answer | null {
    switch (code) {
      case 0x10ff:
        this.#state = 'idle'
        return status(0x90)
      case 0x11ff:
      case 0x61ff:
        return status(0x90)
      case 0x12ff:
        return status(0x90, this.#samNumber)
      case 0x2001:
        return this.#find()
      case 0x2002:
        return this.#select()
      case 0x3001:
      case 0x3010:
        return this.#read(mood, code === 0x3010)
      case 0x3003:
        return this.#additionalAddresses()
      default:
        return code >= 0x6000 && code < 0x6000 + SPEEDS ? status(0x90) : null
    }
  }

  #find(): Answer {
    if (this.#card === null || this.#state === 'read') return status(0x80)
    this.#state = 'found'
    return status(0x9f, new Uint8Array(4))
  }

  #select(): Answer {
    if (this.#card === null || this.#state !== 'found') return status(0x81)
    this.#state = 'selected'
    return status(0x90, new Uint8Array(8))
  }

  #read(mood: SamMood, withFingerprints: boolean): Answer {
    if (mood.removal) this.remove()
    if (this.#card === null || this.#state !== 'selected') return status(0x41)
    this.#state = 'read'
    const { record, photoBlock: photo, fingerprints } = this.#card
    const text = mood.zeroRecord ? new Uint8Array(TEXT_BYTES) : unwrap(encodeTextRecord(record))
    const behind = withFingerprints ? (fingerprints ?? new Uint8Array()) : undefined
    return status(0x90, joinReadAnswer({ text, photo }, behind))
  }

  #additionalAddresses(): Answer {
    if (this.#card === null || this.#state !== 'read') return status(0x41)
    const { additionalAddresses = [] } = this.#card
    if (additionalAddresses.length === 0) return status(0x91)
    return status(0x90, unwrap(encodeAdditionalAddresses(additionalAddresses)))
  }
}

/** 115200 down to 9600 baud. */
const SPEEDS = 5

function status(byte: number, data: Uint8Array = new Uint8Array()): Answer {
  return { status: byte, data }
}
