import type { Fault } from '../common/fault.ts'
import type { Result } from '../common/result.ts'

/** GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated. */
export type SexCode = '0' | '1' | '2' | '9'

export type CardKind = 'resident' | 'hmt' | 'foreigner2017' | 'foreigner2023' | 'ssc'

/** What a card says of its holder. Dates are ISO (`YYYY-MM-DD`); absent values are null; 长期 is `validTo: null`. */
export interface CardRecord {
  readonly kind: CardKind
  readonly name: string
  readonly nameEn: string | null
  readonly number: string
  readonly formerNumber: string | null
  readonly passNumber: string | null
  readonly sex: SexCode
  readonly ethnicity: string | null
  readonly nationality: string | null
  readonly birth: string
  readonly address: string | null
  readonly issuer: string | null
  readonly validFrom: string
  readonly validTo: string | null
}

/**
 * The photo block of a card: `wlt` is the licensed codec that only a vendor library decodes, `simulated` is
 * this project's own format (an image after an 8-byte head), `unknown` is anything else, `none` is an empty block.
 */
export type PhotoFormat = 'wlt' | 'simulated' | 'unknown' | 'none'

export interface CardPhoto {
  readonly format: PhotoFormat
  /** The block as the card gave it, at most 1,024 bytes. */
  readonly block: Uint8Array
  /** An encoded image (WebP or PNG) where the format can be decoded here, else null. */
  readonly image: Uint8Array | null
}

/**
 * What a social security card tells any terminal of itself: enough for the roster to know whose it is, where the card
 * shows its holder's name only to an authenticated one.
 */
export interface IdentityToken {
  /** 卡识别码, 32 hex digits in capitals. Never issued twice, and new on every new card. */
  readonly identificationCode: string
  /** 卡号 as printed on the card. */
  readonly cardNumber: string
  readonly validFrom: string
  readonly validTo: string | null
}

/** The number under which a roster links a token to its person. */
export function tokenNumber({ identificationCode }: Pick<IdentityToken, 'identificationCode'>): string {
  return `ssc:${identificationCode}`
}

/** One card, read and validated: whole, or its identity token alone. */
export type CardReading = (WholeCard | TokenOnly) & {
  readonly photo: CardPhoto
  /** True when the photo block or the reader says that it is simulated. */
  readonly simulated: boolean
  readonly reader: ReaderIdentity
  /** Bytes of noise that the parser skipped while reading. */
  readonly skippedBytes: number
  readonly ms: number
}

interface WholeCard {
  readonly record: CardRecord
  /** Social security cards have one, others don't. */
  readonly token: IdentityToken | null
}

interface TokenOnly {
  readonly record: null
  readonly token: IdentityToken
}

export interface ReaderIdentity {
  readonly profile: string
  readonly port: string
  /** SAM management number as printed by vendors, null if the reader has none. */
  readonly samId: string | null
  /** The socket that it is plugged into, as `usbSocketOf` names it; absent where nobody can say. */
  readonly usbPath?: string | undefined
}

/** A reader that is open. One command at a time: calls queue. */
export interface CardReader {
  readonly identity: ReaderIdentity
  /** Find, select and read until a card is read, the signal aborts or a fault ends it. `CARD_NONE` when time is up. */
  read(options: {
    timeoutMs: number
    signal?: AbortSignal
    /** A card lies on the reader and is being read: the moment to say "hold still". */
    onFound?: () => void
  }): Promise<Result<CardReading>>
  /** Whether the card that was read still lies on the reader. */
  cardPresent(): Promise<boolean>
  /**
   * One listener, told between and during reads: `CARD_READER_SILENT` when the reader leaves a command unanswered, null
   * when it answers again, `PORT_…` once it is gone. Absent where only a read can tell.
   */
  onSign?(listener: (fault: Fault | null) => void): void
  close(): Promise<void>
}
