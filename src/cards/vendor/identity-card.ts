import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { readPhotoBlock } from '../codec/photo.ts'
import { PHOTO_BYTES, TEXT_BYTES } from '../codec/read-answer.ts'
import { decodeTextRecord } from '../codec/text-record.ts'
import type { VendorAnswer } from './bridge-protocol.ts'
import type { CardContents } from './vendor-reader.ts'

/**
 * An identity card from the blocks that a vendor's read function wrote into its outputs `text` and `photo`.
 * `CARD_VENDOR_OUTPUT` when the reported lengths aren't those of a card; the faults of the text record.
 */
export function identityCard({ outputs, lengths }: VendorAnswer): Result<CardContents> {
  const { text, photo } = outputs
  if (text === undefined || photo === undefined || lengths.text !== TEXT_BYTES || isTooLong(lengths.photo))
    return failed(
      new Fault(
        'CARD_VENDOR_OUTPUT',
        `the library reports ${lengths.text} bytes of text and ${lengths.photo} of a photo`,
      ),
    )
  const record = decodeTextRecord(text)
  if (!record.ok) return record
  return ok({ record: record.value, token: null, photo: readPhotoBlock(photo) })
}

function isTooLong(photoBytes = 0): boolean {
  return photoBytes > PHOTO_BYTES
}
