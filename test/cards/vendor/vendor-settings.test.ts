import { describe, expect, it } from 'vitest'
import { fillerWltBlock } from '../../../src/cards/codec/photo.ts'
import {
  openConfiguredDecoder,
  openVendorReader,
  portraitDecoderSettings,
  vendorReaderSettings,
} from '../../../src/cards/vendor/vendor-settings.ts'

describe('settings of vendor libraries', () => {
  it('decodes no portraits unless a decoder is configured', () => {
    expect(openConfiguredDecoder(undefined)).toBeNull()
  })

  it.each([
    { kind: 'sdtapi', library: '/nowhere/sdtapi.dll', port: 1001 },
    { kind: 'termb', library: '/nowhere/termb.dll', port: 1 },
    { kind: 'sscard', library: '/nowhere/SSCardDriver.dll', slot: 'contact' },
  ])(
    'opens a $kind reader by its settings, or says in one line that its library is missing',
    async (given) => {
      const opened = await openVendorReader(vendorReaderSettings.parse(given))
      expect(opened.ok ? null : opened.fault.code).toBe('CARD_VENDOR_MISSING')
      expect(opened.ok ? '' : opened.fault.message).not.toContain('\n')
    },
  )

  it('opens the decoder that is configured and looks for its library at the first portrait', async () => {
    const given = { kind: 'getbmp', library: '/nowhere/WltRS.dll', interface: 'usb' }
    const decoded = await openConfiguredDecoder(portraitDecoderSettings.parse(given))?.decode(
      fillerWltBlock(),
    )
    expect(decoded?.ok === false ? decoded.fault.code : null).toBe('CARD_VENDOR_MISSING')
  })

  it.each([
    ['an unknown kind', { kind: 'cvr', library: 'a.dll', port: 1 }],
    ['a reader without a port', { kind: 'sdtapi', library: 'a.dll' }],
    ['a misspelt option', { kind: 'termb', library: 'a.dll', port: 1, exec: 'node32.exe' }],
  ])('refuse %s', (_, given) => {
    expect(vendorReaderSettings.safeParse(given).success).toBe(false)
  })
})
