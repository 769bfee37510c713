import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { joinModuleBlocks, MODULE_BLOCKS, moduleRequest } from '../codec/identity-module.ts'
import { readPhotoBlock } from '../codec/photo.ts'
import { decodeTextRecord } from '../codec/text-record.ts'
import type { CardPhoto, CardRecord } from '../reader.ts'
import type { ApduChannel } from '../transport/apdu-channel.ts'

/** An identity card as a reader's module gives it through PC/SC. */
export interface IdentityModuleCard {
  readonly record: CardRecord
  readonly photo: CardPhoto
}

/**
 * Reads the identity card behind a slot whose ATR `isIdentityModule` knows: six blocks, in their order.
 * Faults: `CARD_READ_FAILED` when the module refuses a block, `CARD_LAYOUT`, `CARD_RECORD_…`, and those of the channel.
 */
export async function readIdentityModule(
  channel: Pick<ApduChannel, 'transmit'>,
): Promise<Result<IdentityModuleCard>> {
  const answers: Uint8Array[] = []
  for (let block = 0; block < MODULE_BLOCKS; block++) {
    const response = await channel.transmit(moduleRequest(block))
    if (!response.ok) return response
    const bytes = response.value
    if (bytes.at(-2) !== 0x90 || bytes.at(-1) !== 0x00)
      return failed(new Fault('CARD_READ_FAILED', `the reader’s module refused block ${block}`))
    answers.push(bytes.subarray(0, -2))
  }
  const blocks = joinModuleBlocks(answers)
  if (!blocks.ok) return blocks
  const record = decodeTextRecord(blocks.value.text)
  return record.ok ? ok({ record: record.value, photo: readPhotoBlock(blocks.value.photo) }) : record
}
