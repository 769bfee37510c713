import { SSSE_NAME } from '../codec/social-security.ts'
import { type ChipCard, parseApdu, type ReceivedApdu, statusOnly } from './chip-card.ts'
import { encodeGbk } from './gbk.ts'

/** Somebody who doesn't exist, on a social security card. Dates are ISO. */
export interface SimulatedHolder {
  readonly name: string
  readonly number: string
  readonly sex: '1' | '2'
  readonly ethnicity: string
  readonly birth: string
}

export interface SocialSecurityProgram {
  readonly generation: 1 | 2 | 3
  readonly holder: SimulatedHolder
  readonly cardNumber: string
  /** 32 hex digits; area 990000 says that the card is simulated. */
  readonly identificationCode: string
  readonly validFrom: string
  readonly validTo: string
  readonly quirks: SocialSecurityQuirks
}

/** How real cards differ, and what can go wrong with them. All off unless said. */
export interface SocialSecurityQuirks {
  /** EF06 is shown without a PSAM or not; by itself, generation 3 hides it. */
  readonly holderHidden?: boolean
  /** The years in ASCII where BCD dates belong. */
  readonly asciiYears?: boolean
  /** READ RECORD knows no tags, only record numbers. */
  readonly noTags?: boolean
  /** READ RECORD cannot give a whole file. */
  readonly noWholeFile?: boolean
  /** Files are found by their short identifier alone. */
  readonly noFileSelection?: boolean
  /** The name's record says that it is longer than it is. */
  readonly wrongTlv?: boolean
  /** Pulled out when this many commands have been answered, once. */
  readonly removedAfter?: number
}

/** A card program as LD/T 32 describes the card: application SSSE, EF05 and EF06, over T=0. */
export class SocialSecurityCard implements ChipCard {
  // ATR of a test card, in the log of github.com a7082633/HDOS_VC6: usbins.txt.
  readonly atr = Uint8Array.from(Buffer.from('3B6D000000813147318650430200000013', 'hex'))
  readonly #quirks: SocialSecurityQuirks
  readonly #files: ReadonlyMap<number, readonly TlvRecord[]>
  readonly #holderHidden: boolean
  #removedAfter: number
  #inApplication = false
  #selectedFile: number | null = null
  #waiting = new Uint8Array()

  constructor(program: SocialSecurityProgram) {
    this.#quirks = program.quirks
    this.#holderHidden = program.quirks.holderHidden ?? program.generation === 3
    this.#removedAfter = program.quirks.removedAfter ?? Number.POSITIVE_INFINITY
    this.#files = new Map([
      [5, issuerFile(program)],
      [6, holderFile(program)],
    ])
  }

  reset(): void {
    this.#inApplication = false
    this.#selectedFile = null
    this.#waiting = new Uint8Array()
  }

  answer(apdu: Uint8Array): Uint8Array | null {
    if (this.#removedAfter-- === 0) return null
    const command = parseApdu(apdu)
    if (command.instruction === 0xa4) return this.#select(command)
    if (command.instruction === 0xb2) return this.#readRecord(command)
    if (command.instruction === 0xc0) return withStatus(this.#waiting)
    return statusOnly(0x6d00)
  }

  #select({ p1, data }: ReceivedApdu): Uint8Array {
    if (p1 === 0x04) {
      this.#inApplication = Buffer.compare(data, SSSE_NAME) === 0
      if (!this.#inApplication) return statusOnly(0x6a82)
      this.#waiting = Uint8Array.of(0x6f, 0x16, 0x84, 0x0f, ...SSSE_NAME, 0xa5, 0x03, 0x88, 0x01, 0x1e)
      return statusOnly(0x6100 | this.#waiting.length)
    }
    const sfi = data[0] === 0xef ? (data[1] ?? 0) : 0
    if (!this.#inApplication || !this.#files.has(sfi) || this.#quirks.noFileSelection)
      return statusOnly(0x6a82)
    this.#selectedFile = sfi
    return statusOnly(0x9000)
  }

  #readRecord({ p1, p2, le }: ReceivedApdu): Uint8Array {
    const sfi = p2 >> 3 || this.#selectedFile
    const records = this.#inApplication && sfi !== null ? this.#files.get(sfi) : undefined
    if (records === undefined) return statusOnly(0x6985)
    if (sfi === 6 && this.#holderHidden) return statusOnly(0x6982)
    const found = this.#find(records, p1, p2 & 7)
    if (found === null) return statusOnly(0x6a86)
    if (found.length === 0) return statusOnly(0x6a83)
    const bytes = found.flatMap(({ tag, value, length }) => [tag, length ?? value.length, ...value])
    return le === bytes.length ? withStatus(Uint8Array.from(bytes)) : statusOnly(0x6c00 | bytes.length)
  }

  /** Records that a mode of READ RECORD names; null for a mode that this card doesn't know. */
  #find(records: readonly TlvRecord[], p1: number, mode: number): readonly TlvRecord[] | null {
    if (mode === 0 && !this.#quirks.noTags) return records.filter(({ tag }) => tag === p1)
    if (mode === 4) return records.slice(p1 - 1, p1)
    if (mode === 5 && !this.#quirks.noWholeFile) return records.slice(p1 - 1)
    return null
  }
}

/** A bank card's contact side: it knows the payment environment and no SSSE. */
export class BankCard implements ChipCard {
  readonly atr = Uint8Array.of(0x3b, 0x60, 0x00, 0x00)

  reset(): void {}

  answer(apdu: Uint8Array): Uint8Array {
    const { instruction, p1, data } = parseApdu(apdu)
    if (instruction !== 0xa4) return statusOnly(0x6d00)
    const isMaster = p1 === 0x00 && Buffer.from(data).toString('hex') === '3f00'
    return isMaster
      ? withStatus(Uint8Array.from(Buffer.from('6F10840E315041592E5359532E4444463031', 'hex')))
      : statusOnly(0x6a82)
  }
}

interface TlvRecord {
  readonly tag: number
  readonly value: Uint8Array
  /** The length that the card claims, where it isn't the value's. */
  readonly length?: number
}

function issuerFile(program: SocialSecurityProgram): readonly TlvRecord[] {
  const date = (iso: string) => (program.quirks.asciiYears ? ascii(iso.slice(0, 4), 4) : bcdDate(iso))
  return [
    { tag: 0x01, value: hex(program.identificationCode) },
    { tag: 0x02, value: ascii('3', 1) },
    { tag: 0x03, value: ascii(program.generation === 1 ? '1.00' : `${program.generation}.0`, 4) },
    { tag: 0x04, value: hex('990000000000000000000000') },
    { tag: 0x05, value: date(program.validFrom) },
    { tag: 0x06, value: date(program.validTo) },
    { tag: 0x07, value: ascii(program.cardNumber, 9) },
  ]
}

function holderFile({ generation, holder, quirks }: SocialSecurityProgram): readonly TlvRecord[] {
  const name = encodeGbk(holder.name)
  const extension = { tag: 0x4e, value: padded(name.subarray(NAME_BYTES), 20) }
  const base = { tag: 0x09, value: padded(name.subarray(0, NAME_BYTES), NAME_BYTES) }
  return [
    { tag: 0x08, value: ascii(holder.number, 18) },
    quirks.wrongTlv ? { ...base, length: NAME_BYTES + 9 } : base,
    ...(generation === 1 ? [] : [extension]),
    { tag: 0x0a, value: ascii(holder.sex, 1) },
    { tag: 0x0b, value: hex(holder.ethnicity) },
    { tag: 0x0c, value: hex('990000') },
    { tag: 0x0d, value: bcdDate(holder.birth) },
  ]
}

const NAME_BYTES = 30

function bcdDate(iso: string): Uint8Array {
  return hex(iso.replaceAll('-', ''))
}

function ascii(text: string, bytes: number): Uint8Array {
  return padded(Buffer.from(text, 'latin1'), bytes)
}

function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}

function padded(value: Uint8Array, bytes: number): Uint8Array {
  const field = new Uint8Array(bytes)
  field.set(value.subarray(0, bytes))
  return field
}

function withStatus(data: Uint8Array): Uint8Array {
  return Uint8Array.of(...data, 0x90, 0x00)
}
