import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Fault } from '../../../src/common/fault.ts'
import { failed, ok } from '../../../src/common/result.ts'
import { checkCamera } from '../../../src/station/camera/camera-health.ts'
import { identityOf } from '../../../src/station/camera/camera-identity.ts'
import type { CameraDevice } from '../../../src/station/camera/device.ts'
import { systemClock } from '../../../src/station/clock.ts'
import { createStation } from '../../../src/station/data-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'shidao-camera-'))
afterAll(() => rmSync(root, { recursive: true }))
const nowhere = join(root, 'nobody')

const webcam: CameraDevice = {
  name: 'Webcam',
  alias: null,
  bus: 'usb',
  driver: 'uvcvideo',
  usb: { vendorId: '046d', productId: '0825', serial: 'A1' },
  controller: '0000:00:14.0',
  path: 'usb-0000:00:14.0-2',
}
const loopback: CameraDevice = {
  ...webcam,
  name: 'Dummy video device (0x0000)',
  bus: 'virtual',
  driver: null,
  usb: null,
  path: null,
}
const list =
  (...devices: CameraDevice[]) =>
  async () =>
    ok(devices)

/** A station that was set up with this camera. */
function pinnedTo(device: CameraDevice): string {
  const dir = mkdtempSync(join(root, 'station-'))
  const data = createStation(dir, { simulated: false, clock: systemClock() })
  const most = { width: 1920, height: 1080, frameRate: 30 }
  data.ledger.append({
    type: 'camera.changed',
    data: { before: null, after: 'Webcam', identity: identityOf('', device, most), verdict: 'real' },
  })
  data.close()
  return dir
}

test('a USB camera works, with its ids, serial, driver, socket and verdict', async () => {
  expect(await checkCamera(nowhere, list(webcam))).toEqual({
    works: true,
    detail: 'Webcam 046d:0825 A1 uvcvideo usb-0000:00:14.0-2: real (usb-driver)',
    advice: null,
  })
})

test('a virtual device is a failure even beside a real one, and is named', async () => {
  expect(await checkCamera(nowhere, list(webcam, loopback))).toMatchObject({
    works: false,
    advice: expect.stringContaining('Dummy video device'),
  })
})

test('the pinned camera works; another, or none, is a failure that says what was there', async () => {
  const dir = pinnedTo(webcam)
  expect(await checkCamera(dir, list(webcam))).toMatchObject({ works: true })
  const other = { ...webcam, usb: { vendorId: '046d', productId: '0825', serial: 'B2' } }
  expect(await checkCamera(dir, list(other))).toMatchObject({
    works: false,
    advice: expect.stringContaining('it was Webcam usb-0000:00:14.0-2'),
  })
  expect(await checkCamera(dir, list())).toMatchObject({ works: false, detail: 'no camera' })
})

test('a camera that is not known as one of USB is neither a failure nor fine', async () => {
  const board = { ...webcam, bus: 'platform', driver: 'unicam', usb: null, controller: null } as const
  expect(await checkCamera(nowhere, list(board))).toMatchObject({
    works: null,
    detail: expect.stringContaining('unknown (not-usb)'),
  })
})

test('no camera before a station is set up, and a system that cannot be asked, are no failures', async () => {
  expect(await checkCamera(nowhere, list())).toMatchObject({ works: null })
  const blind = async () => failed(new Fault('STATION_CAMERA_SYSTEM', 'not to be asked'))
  expect(await checkCamera(nowhere, blind)).toMatchObject({ works: null, detail: 'not to be asked' })
})
