import type { Result } from '../../common/result.ts'

/** One card slot that takes ISO 7816-4 APDUs, whatever carries them: PC/SC, or a HID reader's own framing. */
export interface ApduChannel {
  /** Reader name or device path. */
  readonly path: string
  /** Powers the card and gives its ATR. `CARD_NONE` when the slot is empty. */
  powerOn(): Promise<Result<Uint8Array>>
  /** One command; the response with its two status bytes. 61xx and 6Cxx are left to the caller. */
  transmit(apdu: Uint8Array): Promise<Result<Uint8Array>>
  powerOff(): Promise<void>
  /** Whether a card lies there, for readers that can tell without power; elsewhere `powerOn` is the question. */
  cardPresent?(): Promise<boolean>
  /** Ends the channel; safe to call twice. */
  close(): Promise<void>
}
