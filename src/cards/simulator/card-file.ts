import { z } from 'zod'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { encodeAdditionalAddresses } from '../codec/additional-address.ts'
import { fillerWltBlock, readPhotoBlock, wrapSimulatedPortrait } from '../codec/photo.ts'
import { PHOTO_BYTES } from '../codec/read-answer.ts'
import { encodeTextRecord } from '../codec/text-record.ts'
import type { CardRecord } from '../reader.ts'
import { type SimulatedFault, simulatedFault } from './line-faults.ts'
import type { SimulatedCard } from './sam-model.ts'

/** What `card simulate` plays. */
export interface CardFile {
  readonly card: SimulatedCard
  readonly faults: readonly SimulatedFault[]
  /** Management number that the simulated reader claims; undefined: the one that marks a simulator. */
  readonly samId: string | undefined
}

/**
 * Reads a card file: the document of `card read`, with `photoBase64` (a WebP image of at most 1,016 bytes, or a whole
 * photo block), `additionalAddresses` and `faults`. Names, numbers and dates are taken as they are, right or wrong, as
 * long as they fit. Without `photoBase64` the card has no portrait; with `photo.format` "wlt" its block looks like a real card's.
 *
 * `CARD_FILE` says which field isn't understood; `CARD_RECORD_…` which doesn't fit; `CARD_PHOTO`.
 */
export function parseCardFile(json: string): Result<CardFile> {
  const document = parseJson(json)
  if (!document.ok) return document
  const parsed = schema.safeParse(document.value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return failed(new Fault('CARD_FILE', `${issue?.path.join('.') || 'the document'}: ${issue?.message}`))
  }
  const { photoBase64, photo, faults, reader, additionalAddresses, ...rest } = parsed.data
  const { expired: _expired, simulated: _simulated, ms: _ms, ...record } = rest
  const fits = encodeTextRecord(record)
  if (!fits.ok) return fits
  const addressesFit = encodeAdditionalAddresses(additionalAddresses)
  if (!addressesFit.ok) return addressesFit
  const photoBlock = toPhotoBlock(photoBase64, photo?.format === 'wlt')
  if (!photoBlock.ok) return photoBlock
  return ok({
    card: { record, photoBlock: photoBlock.value, additionalAddresses },
    faults,
    samId: reader?.samId ?? undefined,
  })
}

/** What `card read` prints of the reading, not of the card: known, so that its document is a card file, and unused. */
export const printedOnly = {
  expired: z.boolean().optional(),
  simulated: z.boolean().optional(),
  ms: z.number().optional(),
} as const

const text = z.string().max(200)
const absent = text.nullable().default(null)

const schema = z.strictObject({
  ...printedOnly,
  kind: z.enum(['resident', 'hmt', 'foreigner2017', 'foreigner2023']).default('resident'),
  name: text,
  nameEn: absent,
  number: text,
  formerNumber: absent,
  passNumber: absent,
  sex: z.enum(['0', '1', '2', '9']),
  ethnicity: absent,
  nationality: absent,
  birth: text,
  address: absent,
  issuer: absent,
  validFrom: text,
  validTo: text.nullable(),
  photo: z.object({ format: z.string().nullable().optional() }).nullish(),
  photoBase64: z.base64().max(4_096).nullish(),
  faults: z.array(simulatedFault).max(100).default([]),
  additionalAddresses: z.array(text).default([]),
  reader: z.object({ samId: text.nullish() }).nullish(),
}) satisfies z.ZodType<CardRecord>

function toPhotoBlock(base64: string | null | undefined, looksReal: boolean): Result<Uint8Array> {
  if (!base64) return looksReal ? ok(fillerWltBlock()) : wrapSimulatedPortrait(null)
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  const isBlock = bytes.length <= PHOTO_BYTES && readPhotoBlock(bytes).format !== 'unknown'
  if (!isBlock) return wrapSimulatedPortrait(bytes)
  const block = new Uint8Array(PHOTO_BYTES)
  block.set(bytes)
  return ok(block)
}

function parseJson(json: string): Result<unknown> {
  try {
    return ok(JSON.parse(json))
  } catch {
    return failed(new Fault('CARD_FILE', 'the card file is not JSON'))
  }
}
