import { ok, type Result } from '../../common/result.ts'
import type { CardReader } from '../reader.ts'
import { openPcscChannel } from '../transport/pcsc.ts'
import { ChipCardReader } from './chip-card-reader.ts'

/**
 * Opens a PC/SC reader for social security cards, by its name as the system writes it (see `listPcscReaders`).
 * Its readings carry the profile `pcsc` and the port `pcsc:NAME`.
 *
 * Faults: `PORT_NOT_FOUND`, `PORT_PCSC_UNAVAILABLE`, `PORT_PCSC_NO_SERVICE`, `PORT_DENIED`.
 */
export async function openPcscReader(
  readerName: string,
  { pollMs = POLL_MS }: { readonly pollMs?: number } = {},
): Promise<Result<CardReader>> {
  const channel = await openPcscChannel(readerName)
  if (!channel.ok) return channel
  const identity = { profile: 'pcsc', port: `pcsc:${readerName}`, samId: null }
  return ok(new ChipCardReader(identity, channel.value, { pollMs }))
}

/** Our choice: a card is seen soon enough that nobody wonders, and pcscd itself looks every 400 ms. */
const POLL_MS = 200
