import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { ApduChannel } from './apdu-channel.ts'
import type { HidPort } from './hid-port.ts'

/** How one family of readers says it. Each gives what the card said, null for the reader's refusal. */
export interface SlotWords {
  /** `doubtful`: an answer to an earlier command may still come and must not be taken for an ATR. */
  powerOn(doubtful: boolean): Promise<Result<Uint8Array | null>>
  transmit(apdu: Uint8Array): Promise<Result<Uint8Array | null>>
  powerOff(): Promise<unknown>
  cardPresent?(): Promise<boolean>
}

/** A card may stretch its answer; readers pass that on for seconds. */
export const SLOT_TIMEOUT_MS = 5_000

/**
 * The contact slot of a HID reader: short APDUs (ISO 7816-4).
 *
 * Nothing numbers an answer, so after a command that failed a late one could be taken for the next: until the card has
 * been powered on again, `transmit` gives `CARD_SLOT`. Other faults: `CARD_NONE`, `CARD_APDU` (not 4 to 261 bytes),
 * `CARD_ATR`, `CARD_RESPONSE` (shorter than a status), `CARD_TIMEOUT`, `PORT_…`.
 */
export function slotChannel(port: HidPort, words: SlotWords): ApduChannel {
  let powered = false
  let doubtful = false
  let ended: Fault | null = null
  port.onClose((fault) => {
    ended = fault ?? new Fault('PORT_CLOSED', `${port.path} was closed`)
  })
  const refused = failed(new Fault('CARD_SLOT', `${port.path} needs to power the card on (again)`))

  return {
    path: port.path,
    powerOn: async () => {
      const said = await words.powerOn(doubtful)
      powered = false
      if (!said.ok) {
        doubtful = true
        return said
      }
      if (said.value === null)
        return failed(new Fault('CARD_NONE', `no card in the slot of ${port.path} answers`))
      if (!isAtr(said.value))
        return failed(
          new Fault('CARD_ATR', 'the card in the slot did not answer to reset as a smart card does'),
        )
      powered = true
      doubtful = false
      return ok(said.value)
    },
    transmit: async (apdu) => {
      if (apdu.length < 4 || apdu.length > 261)
        return failed(new Fault('CARD_APDU', `a short APDU has 4 to 261 bytes, not ${apdu.length}`))
      if (!powered) return ended === null ? refused : failed(ended)
      const said = await words.transmit(apdu)
      if (!said.ok) {
        powered = false
        doubtful = true
        return said
      }
      if (said.value === null)
        return failed(new Fault('CARD_SLOT', `${port.path} could not pass the command to the card`))
      return said.value.length >= 2
        ? ok(said.value)
        : failed(new Fault('CARD_RESPONSE', 'the card in the slot gave no status'))
    },
    powerOff: async () => {
      powered = false
      await words.powerOff()
    },
    ...(words.cardPresent === undefined ? {} : { cardPresent: words.cardPresent }),
    close: () => port.close(),
  }
}

/** ISO 7816-3: 2 to 33 bytes, the first one 3B or 3F. */
export function isAtr(bytes: Uint8Array): boolean {
  const convention = bytes[0]
  return bytes.length >= 2 && bytes.length <= 33 && (convention === 0x3b || convention === 0x3f)
}
