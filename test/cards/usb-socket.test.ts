import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { pluggedInto, usbSocketOf } from '../../src/cards/transport/usb-socket.ts'
import { describeIf } from '../support/requires.ts'

const sysfs = mkdtempSync(join(tmpdir(), 'shidao-sysfs-'))
afterAll(() => rmSync(sysfs, { recursive: true }))

/** A device as the kernel lays it out, and the link to it that a class has. */
function attach(name: string, place: string): void {
  const device = join(sysfs, 'devices', place)
  mkdirSync(device, { recursive: true })
  const link = join(sysfs, 'class', name, 'device')
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(device, link)
}

describeIf(process.platform === 'win32' ? 'no links without rights' : null, 'the socket of a device', () => {
  test('is the chain of ports of the device itself, not of the hub before it', () => {
    attach('tty/ttyUSB0', 'pci0000:00/0000:00:14.0/usb1/1-2/1-2.4/1-2.4:1.0/ttyUSB0')
    attach('hidraw/hidraw3', 'pci0000:00/0000:00:14.0/usb3/3-1/3-1:1.0/0003:0400:C35A.0007')
    expect(usbSocketOf('/dev/ttyUSB0', sysfs)).toBe('usb:1-2.4')
    expect(usbSocketOf('/dev/hidraw3', sysfs)).toBe('usb:3-1')
  })

  test('is found through the name that udev gave the device too', () => {
    const dev = join(sysfs, 'dev')
    mkdirSync(dev)
    writeFileSync(join(dev, 'ttyUSB0'), '')
    symlinkSync(join(dev, 'ttyUSB0'), join(dev, 'usb-reader-if00'))
    expect(usbSocketOf(join(dev, 'usb-reader-if00'), sysfs)).toBe('usb:1-2.4')
  })

  test('is none for a port of the board, a pseudo-terminal and what is not there', () => {
    attach('tty/ttyS0', 'pnp0/00:04/tty')
    for (const path of ['/dev/ttyS0', '/dev/pts/4', '/dev/ttyUSB9', 'COM3', 'simulated:hid-dk'])
      expect(usbSocketOf(path, sysfs)).toBe(null)
    expect(pluggedInto('/dev/pts/4')).toEqual({})
  })
})

test('a raw USB device says its socket itself', () => {
  expect(pluggedInto('usb:1-2.4')).toEqual({ usbPath: 'usb:1-2.4' })
})
