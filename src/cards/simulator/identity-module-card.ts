import { MODULE_BLOCKS } from '../codec/identity-module.ts'
import type { CardBlocks } from '../codec/read-answer.ts'
import { type ChipCard, parseApdu, statusOnly } from './chip-card.ts'

/** Twelve historical bytes: "SHIDAOSIM", the 90 00 by which the module is known, and 00. */
const ATR = [0x3b, 0x8c, 0x80, 0x01, ...Buffer.from('SHIDAOSIM', 'latin1'), 0x90, 0x00, 0x00]

/** An identity card on a simulated reader whose module is shown as a PC/SC card. Answers have 256 bytes at most. */
export class IdentityModuleCard implements ChipCard {
  readonly atr = withCheck(ATR)
  readonly #blocks: readonly Uint8Array[]

  constructor({ text, photo }: CardBlocks) {
    const textStream = Buffer.concat([HEAD, text])
    const photoStream = Buffer.concat([HEAD, photo])
    const photoBlocks = Array.from({ length: MODULE_BLOCKS - 1 }, (_, i) =>
      photoStream.subarray(256 * i, 256 * (i + 1)),
    )
    this.#blocks = [textStream.subarray(0, 256), ...photoBlocks]
  }

  reset(): void {}

  answer(apdu: Uint8Array): Uint8Array {
    const { instruction, p1 } = parseApdu(apdu)
    const block = apdu[0] === 0xff && instruction === 0xb0 ? this.#blocks[p1] : undefined
    if (block === undefined) return statusOnly(0x6d00)
    return Uint8Array.from([...block, 0x90, 0x00])
  }
}

const HEAD = new Uint8Array(4)

/** ISO/IEC 7816-3: TCK makes the exclusive or of all bytes after TS zero. */
function withCheck(atr: readonly number[]): Uint8Array {
  return Uint8Array.of(
    ...atr,
    atr.slice(1).reduce((sum, byte) => sum ^ byte, 0),
  )
}
