import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { type ApduAnswer, type CommandApdu, exchangeApdu, refusal, SUCCESS } from '../codec/apdu.ts'
import {
  decodeHolderData,
  decodeIssuerData,
  EF05,
  EF06,
  HOLDER_FIELDS,
  ISSUER_FIELDS,
  ISSUER_FILE_BYTES,
  type IssuerData,
  RECORD_MODE,
  type RecordField,
  readRecord,
  SELECT_SSSE,
  type SocialSecurityFile,
  SSSE_NAME,
  selectFile,
} from '../codec/social-security.ts'
import { findBerValue, parseSimpleTlv, type TlvRecords } from '../codec/tlv.ts'
import type { CardRecord } from '../reader.ts'
import type { ApduChannel } from '../transport/apdu-channel.ts'

/** A social security card; `holder` is null where the card shows EF06 only to a terminal with a PSAM. */
export interface SocialSecurityCard {
  readonly issuer: IssuerData
  readonly holder: CardRecord | null
}

type Channel = Pick<ApduChannel, 'transmit'>

/**
 * Reads a card that has power: SSSE, then EF05, then EF06. Nothing is ever sent but SELECT, READ RECORD and GET RESPONSE.
 *
 * Faults: `CARD_NOT_SOCIAL_SECURITY` (a bank card, say), `CARD_LOCKED`, `CARD_RECORD_…` for what is wrong on it,
 * `CARD_APDU_…` for a refusal that makes no sense, and those of the channel.
 */
export async function readSocialSecurityCard(channel: Channel): Promise<Result<SocialSecurityCard>> {
  const application = await selectApplication(channel)
  if (!application.ok) return application
  const issuerRecords = await readIssuerFile(channel)
  if (!issuerRecords.ok) return issuerRecords
  const issuer = decodeIssuerData(issuerRecords.value)
  if (!issuer.ok) return issuer
  const holderRecords = await readHolderFile(channel, issuer.value.generation)
  if (!holderRecords.ok) {
    // Generation 3: the name is for terminals with a PSAM. Who the card belongs to is still known to the roster.
    if (holderRecords.fault.code === 'CARD_NEEDS_PSAM') return ok({ issuer: issuer.value, holder: null })
    return holderRecords
  }
  const holder = decodeHolderData(holderRecords.value, issuer.value)
  return holder.ok ? ok({ issuer: issuer.value, holder: holder.value }) : holder
}

async function selectApplication(channel: Channel): Promise<Result<void>> {
  const selected = await ask(channel, SELECT_SSSE)
  if (!selected.ok) {
    if (!isRefusal(selected.fault) || selected.fault.code === 'CARD_LOCKED') return selected
    return failed(notSocialSecurity())
  }
  // A card may answer with an application of its own choice, and may leave the name out.
  const name = findBerValue(selected.value.data, [0x6f, 0x84])
  const isOther = name !== null && Buffer.compare(name, SSSE_NAME) !== 0
  return isOther ? failed(notSocialSecurity()) : ok(undefined)
}

async function readIssuerFile(channel: Channel): Promise<Result<TlvRecords>> {
  const sfi = await openFile(channel, EF05)
  if (!sfi.ok) return sfi
  const whole = await ask(channel, readRecord(sfi.value, RECORD_MODE.allFrom, 1, ISSUER_FILE_BYTES))
  if (whole.ok) return parseSimpleTlv(whole.value.data)
  if (!isRefusal(whole.fault)) return whole
  return readFields(channel, sfi.value, Object.values(ISSUER_FIELDS))
}

async function readHolderFile(channel: Channel, generation: number): Promise<Result<TlvRecords>> {
  const sfi = await openFile(channel, EF06)
  if (!sfi.ok) return sfi
  const fields = Object.values(HOLDER_FIELDS).filter(
    (field) => field !== HOLDER_FIELDS.nameExtension || generation >= 2,
  )
  return readFields(channel, sfi.value, fields)
}

/** The SFI to read by: 0 when the file could be selected, else the file's own number. */
async function openFile(channel: Channel, file: SocialSecurityFile): Promise<Result<number>> {
  for (const p1 of [0x00, 0x02] as const) {
    const selected = await ask(channel, selectFile(file, p1))
    if (selected.ok) return ok(0)
    if (!isRefusal(selected.fault) || selected.fault.code === 'CARD_NEEDS_PSAM') return selected
  }
  return ok(file.sfi)
}

/** Fields one by one. A field that the card has no record of is left out. */
async function readFields(
  channel: Channel,
  sfi: number,
  fields: readonly RecordField[],
): Promise<Result<TlvRecords>> {
  const found = new Map<number, Uint8Array>()
  for (const field of fields) {
    const answer = await readField(channel, sfi, field)
    if (!answer.ok) {
      if (hasNoRecord(answer.fault)) continue
      return answer
    }
    const records = parseSimpleTlv(answer.value.data)
    if (!records.ok) return records
    const value = records.value.get(field.tag)
    if (value === undefined)
      return failed(new Fault('CARD_RECORD_TLV', 'the card gave another record than was asked for'))
    found.set(field.tag, value)
  }
  return ok(found)
}

/** By tag, and by record number for cards that don't know tags. */
async function readField(channel: Channel, sfi: number, field: RecordField): Promise<Result<ApduAnswer>> {
  const { tag, bytes, recordNumber } = field
  const length = bytes + 2
  const byTag = await ask(channel, readRecord(sfi, RECORD_MODE.byTag, tag, length))
  if (byTag.ok || recordNumber === undefined || !hasNoRecord(byTag.fault)) return byTag
  return ask(channel, readRecord(sfi, RECORD_MODE.byNumber, recordNumber, length))
}

/** One command that must succeed; a refusal comes back as its fault. */
async function ask(channel: Channel, command: CommandApdu): Promise<Result<ApduAnswer>> {
  const answer = await exchangeApdu(channel, command)
  if (!answer.ok || answer.value.status === SUCCESS) return answer
  return failed(refusal(answer.value.status))
}

/** The card said no, as against a card or line that failed. */
function isRefusal({ code }: Fault): boolean {
  return (
    (code.startsWith('CARD_APDU_') && code !== 'CARD_APDU_ANSWER') ||
    code === 'CARD_NEEDS_PSAM' ||
    code === 'CARD_LOCKED'
  )
}

function hasNoRecord({ code }: Fault): boolean {
  return code === 'CARD_APDU_NO_RECORD' || code === 'CARD_APDU_NO_KEY' || code === 'CARD_APDU_PARAMETERS'
}

function notSocialSecurity(): Fault {
  return new Fault('CARD_NOT_SOCIAL_SECURITY', 'this is not a social security card')
}
