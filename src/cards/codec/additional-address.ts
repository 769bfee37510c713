import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { isPlainText, readField, writeField } from './fixed-text.ts'

/*
 * The additional addresses of a card (30 03): 0 to 4 items of 70 bytes, UTF-16LE, padded like the text record. People
 * who moved within a district have them; no check ever needs one.
 */

export const ADDRESS_BYTES = 70
export const MAX_ADDITIONAL_ADDRESSES = 4

/**
 * The addresses in an answer's payload, oldest first, blank items left out. An empty payload (status 91) has none.
 * `CARD_LAYOUT` when it isn't whole items, `CARD_RECORD_ADDRESS` when one is unreadable. Total.
 */
export function decodeAdditionalAddresses(payload: Uint8Array): Result<readonly string[]> {
  const items = payload.length / ADDRESS_BYTES
  if (!Number.isInteger(items) || items > MAX_ADDITIONAL_ADDRESSES)
    return failed(new Fault('CARD_LAYOUT', `additional addresses cannot have ${payload.length} bytes`))
  const addresses = Array.from({ length: items }, (_, i) => readField(payload, itemAt(i)))
  if (!addresses.every(isPlainText))
    return failed(new Fault('CARD_RECORD_ADDRESS', 'an additional address is unreadable'))
  return ok(addresses.filter((address) => address !== ''))
}

/** The payload for simulated cards; `CARD_RECORD_ADDRESS` if there are too many or one has more than 35 characters. */
export function encodeAdditionalAddresses(addresses: readonly string[]): Result<Uint8Array> {
  const payload = new Uint8Array(ADDRESS_BYTES * addresses.length)
  const fit =
    addresses.length <= MAX_ADDITIONAL_ADDRESSES &&
    addresses.every((address, i) => writeField(payload, itemAt(i), address))
  return fit
    ? ok(payload)
    : failed(new Fault('CARD_RECORD_ADDRESS', 'a card holds at most four addresses of 35 characters'))
}

function itemAt(i: number) {
  return { at: i * ADDRESS_BYTES, bytes: ADDRESS_BYTES }
}
