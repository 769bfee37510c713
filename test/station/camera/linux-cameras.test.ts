import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../../src/common/result.ts'
import { judgeCamera } from '../../../src/station/camera/judge-camera.ts'
import { readLinuxCameras } from '../../../src/station/camera/linux-cameras.ts'
import { SysfsTree } from './sysfs-tree.ts'

let sys: SysfsTree
beforeEach(() => {
  sys = new SysfsTree()
})
afterEach(() => sys.remove())

const listed = () => unwrap(readLinuxCameras(sys.root))
const judged = (label: string) => judgeCamera(label, readLinuxCameras(sys.root))

test('a USB camera is one device with ids, serial, driver and socket, whatever nodes it has', () => {
  sys.usb({ interface: 'C920' })
  expect(listed()).toEqual([
    {
      name: 'HD Pro Webcam C920',
      alias: 'C920',
      bus: 'usb',
      driver: 'uvcvideo',
      usb: { vendorId: '046d', productId: '082d', serial: 'A1B2C3D4' },
      controller: '0000:00:14.0',
      path: 'usb-0000:00:14.0-1',
    },
  ])
})

test('a camera behind a hub keeps the hub in its path', () => {
  sys.usb({ port: '1.4.2' })
  expect(listed()[0]?.path).toBe('usb-0000:00:14.0-1.4.2')
})

test('a USB camera under the class driver is real, by Chromium’s label for either of its names', () => {
  sys.usb({ interface: 'UVC Camera' })
  for (const label of ['HD Pro Webcam C920 (046d:082d)', 'UVC Camera (046d:082d)']) {
    expect(judged(label)).toMatchObject({ verdict: 'real', reason: 'usb-driver' })
  }
})

test.each([
  ['v4l2loopback without a name', () => sys.loopback(), 'Dummy video device (0x0000)', 'virtual-name'],
  [
    'v4l2loopback under a camera’s name',
    () => sys.loopback('HD Pro Webcam C920'),
    'HD Pro Webcam C920',
    'no-hardware',
  ],
  ['vivid', () => sys.platform('vivid-000-vid-cap', 'vivid'), 'vivid-000-vid-cap', 'virtual-driver'],
  [
    'a USB device of another machine',
    () => sys.usb({ controller: 'platform/vhci_hcd.0' }),
    'HD Pro Webcam C920 (046d:082d)',
    'virtual-controller',
  ],
  [
    'a USB device that a program of this machine plays',
    () => sys.usb({ controller: 'platform/dummy_hcd.0' }),
    'HD Pro Webcam C920 (046d:082d)',
    'virtual-controller',
  ],
  ['a computer that plays a webcam', () => sys.usb({ ids: '1d6b:0102' }), 'UVC (1d6b:0102)', 'usb-gadget'],
])('%s is virtual', (_what, plug, label, reason) => {
  plug()
  expect(judged(label)).toMatchObject({ verdict: 'virtual', reason })
})

test('a loopback device that borrows the name and claims the ids of a camera is not that camera', () => {
  sys.loopback('HD Pro Webcam C920')
  expect(judged('HD Pro Webcam C920 (046d:082d)')).toMatchObject({ verdict: 'unknown', reason: 'not-listed' })
})

test('beside the real camera, a loopback device of the same name makes the bare name ambiguous', () => {
  sys.usb()
  sys.loopback('HD Pro Webcam C920')
  expect(judged('HD Pro Webcam C920')).toMatchObject({
    verdict: 'unknown',
    reason: 'ambiguous',
    device: null,
  })
  expect(judged('HD Pro Webcam C920 (046d:082d)')).toMatchObject({ verdict: 'real' })
})

test('two cameras of one make are ambiguous: which of them streams is not guessed', () => {
  sys.usb()
  sys.usb({ port: '2', serial: 'OTHER' })
  expect(judged('HD Pro Webcam C920 (046d:082d)')).toMatchObject({ verdict: 'unknown', reason: 'ambiguous' })
})

test('a known HDMI grabber is no camera that is known; under a camera’s ids it would be real', () => {
  sys.usb({ ids: '534d:2109', name: 'USB Video' })
  expect(judged('USB Video (534d:2109)')).toMatchObject({ verdict: 'unknown', reason: 'capture-device' })
})

test('a camera of the board is unknown, because nothing tells it from a driver that lies', () => {
  sys.platform('unicam', 'unicam')
  expect(judged('unicam')).toMatchObject({ verdict: 'unknown', reason: 'not-usb' })
})

test('hostile text of a device loses its control characters and its length', () => {
  sys.usb({ name: `\u001b[31m${'x'.repeat(500)}`, serial: 'a\u0000b' })
  const [camera] = listed()
  expect(camera?.name).toHaveLength(200)
  expect(`${camera?.name}${camera?.usb?.serial}`).not.toMatch(/\p{Cc}/u)
})

test('no camera is an empty list, a device that goes is left out, no sysfs is a fault', () => {
  expect(listed()).toEqual([])
  sys.gone()
  expect(listed()).toEqual([])
  expect(readLinuxCameras(join(sys.root, 'nowhere'))).toMatchObject({
    ok: false,
    fault: { code: 'STATION_CAMERA_SYSTEM' },
  })
})
