import { openReader } from '../cards/driver/open-reader.ts'
import { parsePort } from '../cards/port-address.ts'
import { openConfiguredDecoder, openVendorReader } from '../cards/vendor/vendor-settings.ts'
import { withPortraits } from '../cards/vendor/with-portraits.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok } from '../common/result.ts'
import type { OpenReader } from './reader-supervisor.ts'
import type { Settings } from './settings.ts'

/**
 * The reader that the site set up: by port and profile, or through a vendor's library; with a licensed decoder its
 * chip portraits become pictures. `close` ends the decoder's process. A `sim:` reader is opened only by a station that is
 * itself simulated; elsewhere `CARD_SIMULATED`, so that not even a card it cannot read leaves a record.
 */
export function configuredReader(
  settings: Settings,
  station: { readonly simulated: boolean },
): { open: OpenReader; close(): Promise<void> } {
  const decoder = openConfiguredDecoder(settings.portraitDecoder ?? undefined)
  const openPlain = plainReader(settings, station.simulated)
  return {
    open: async () => {
      const reader = await openPlain()
      return reader.ok && decoder !== null ? ok(withPortraits(reader.value, decoder)) : reader
    },
    close: async () => decoder?.close(),
  }
}

function plainReader({ reader, vendorReader }: Settings, isSimulated: boolean): OpenReader {
  if (vendorReader !== null) return () => openVendorReader(vendorReader)
  if (reader === null) {
    return async () => failed(new Fault('PORT_NOT_FOUND', 'no reader is set up: start once with --port PATH'))
  }
  const { port, profile } = reader
  const address = parsePort(port)
  if (address.ok && address.value.bus === 'sim' && !isSimulated)
    return async () =>
      failed(new Fault('CARD_SIMULATED', 'a simulated reader is for a station with --simulate'))
  return () => openReader(profile === null ? { port } : { port, profile })
}
