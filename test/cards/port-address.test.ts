import { expect, test } from 'vitest'
import { parsePort } from '../../src/cards/port-address.ts'

test.each([
  ['/dev/ttyUSB0', { bus: 'serial', path: '/dev/ttyUSB0' }],
  ['COM3', { bus: 'serial', path: 'COM3' }],
  ['hid:/dev/hidraw1', { bus: 'hid', path: '/dev/hidraw1' }],
  ['usb:0400:C35A', { bus: 'usb', vendorId: 0x0400, productId: 0xc35a }],
  ['sim:/tmp/shidao-sim-x/reader', { bus: 'sim', path: '/tmp/shidao-sim-x/reader' }],
  ['pcsc:Virtual PCD 00 00', { bus: 'pcsc', reader: 'Virtual PCD 00 00' }],
])('%s says its bus', (text, address) => {
  expect(parsePort(text)).toEqual({ ok: true, value: address })
})

test.each(['', 'hid:', 'pcsc:', 'sim:', 'usb:', 'usb:400:c35a', 'usb:0400-c35a'])('%j is no port', (text) => {
  expect(parsePort(text)).toMatchObject({ ok: false, fault: { code: 'USAGE_PORT' } })
})
