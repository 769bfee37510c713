import { unwrap } from '../../common/result.ts'
import type { Answer, Request } from '../codec/frame.ts'
import { joinReadAnswer, TEXT_BYTES } from '../codec/read-answer.ts'
import { encodeTextRecord } from '../codec/text-record.ts'
import type { CardRecord } from '../reader.ts'

/** A card that only exists in memory. The record may be wrong on purpose; the photo block is as a SAM gives it. */
export interface SimulatedCard {
  readonly record: CardRecord
  readonly photoBlock: Uint8Array
}

/** Ways a SAM itself can misbehave, asked anew for each command. */
export interface SamMood {
  /** Refuses everything with 66. */
  readonly notAuthorised: boolean
  /** Gives a text record of zeros. */
  readonly zeroRecord: boolean
  /** The card goes while it is read. */
  readonly removal: boolean
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
    switch ((command << 8) | parameter) {
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
        return this.#read(mood)
      case 0x3003:
        return status(this.#card !== null && this.#state === 'read' ? 0x91 : 0x41)
      default:
        return status(0x21)
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

  #read(mood: SamMood): Answer {
    if (mood.removal) this.remove()
    if (this.#card === null || this.#state !== 'selected') return status(0x41)
    this.#state = 'read'
    const text = mood.zeroRecord ? new Uint8Array(TEXT_BYTES) : unwrap(encodeTextRecord(this.#card.record))
    return status(0x90, joinReadAnswer({ text, photo: this.#card.photoBlock }))
  }
}

function status(byte: number, data: Uint8Array = new Uint8Array()): Answer {
  return { status: byte, data }
}
