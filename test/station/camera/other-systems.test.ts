import { expect, test } from 'vitest'
import { ok, unwrap } from '../../../src/common/result.ts'
import { judgeCamera } from '../../../src/station/camera/judge-camera.ts'
import { parseMacosCameras } from '../../../src/station/camera/macos-cameras.ts'
import { parseWindowsCameras } from '../../../src/station/camera/windows-cameras.ts'

/* The answers are written after the systems' documentation; none was recorded from a machine. */

const WINDOWS = JSON.stringify([
  {
    FriendlyName: 'HD Pro Webcam C920',
    InstanceId: 'USB\\VID_046D&PID_082D&MI_00\\7&1B9A0C2D&0&0000',
    Service: 'usbvideo',
    LocationPath: 'PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(1)#USBMI(0)',
  },
  { FriendlyName: 'Depth', InstanceId: 'USB\\VID_8086&PID_0B07\\923422061234', Service: 'WUDFRd' },
  { FriendlyName: 'Studio Cam', InstanceId: 'SWD\\VCAMDEVAPI\\9C151270', Service: null, LocationPath: null },
  { FriendlyName: 'Old Cam', InstanceId: 'ROOT\\IMAGE\\0000', Service: 'oldcam' },
  { FriendlyName: null, InstanceId: 'USB\\VID_0000&PID_0000\\1', Service: null },
])

const MACOS = JSON.stringify({
  SPCameraDataType: [
    {
      _name: 'HD Pro Webcam C920',
      'spcamera_model-id': 'UVC Camera VendorID_1133 ProductID_2093',
      'spcamera_unique-id': '0x14200000046d082d',
    },
    {
      _name: 'FaceTime HD Camera',
      'spcamera_model-id': 'FaceTime HD Camera',
      'spcamera_unique-id': '3F45E80A-0176-46F7-B185-BB9E2C0E82E3',
    },
  ],
})

test('Windows: ids, driver and socket of a USB camera; the part that Windows made up is no serial number', () => {
  const cameras = unwrap(parseWindowsCameras(WINDOWS))
  expect(cameras[0]).toEqual({
    name: 'HD Pro Webcam C920',
    alias: null,
    bus: 'usb',
    driver: 'usbvideo',
    usb: { vendorId: '046d', productId: '082d', serial: null },
    controller: null,
    path: 'PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(1)#USBMI(0)',
  })
  expect(cameras[1]?.usb?.serial).toBe('923422061234')
  expect(cameras).toHaveLength(4)
})

test('Windows: the class driver makes a camera real, a software device virtual, another driver unknown', () => {
  const listed = ok(unwrap(parseWindowsCameras(WINDOWS)))
  const verdict = (label: string) => judgeCamera(label, listed).verdict
  expect(verdict('HD Pro Webcam C920 (046d:082d)')).toBe('real')
  expect(verdict('Depth (8086:0b07)')).toBe('unknown')
  expect(verdict('Studio Cam')).toBe('virtual')
  expect(verdict('Old Cam')).toBe('virtual')
})

test('Windows: a single camera may come without its array', () => {
  const one = JSON.stringify(JSON.parse(WINDOWS)[0])
  expect(unwrap(parseWindowsCameras(one))).toHaveLength(1)
})

test('macOS: ids are decimal there; without a driver’s name no camera is called real', () => {
  const cameras = unwrap(parseMacosCameras(MACOS))
  expect(cameras[0]?.usb).toEqual({ vendorId: '046d', productId: '082d', serial: null })
  expect(judgeCamera('HD Pro Webcam C920 (046d:082d)', ok(cameras))).toMatchObject({
    verdict: 'unknown',
    reason: 'no-driver',
  })
  expect(judgeCamera('FaceTime HD Camera', ok(cameras))).toMatchObject({
    verdict: 'unknown',
    reason: 'not-usb',
  })
})

test.each([[''], ['no json'], ['{}'], ['[{"FriendlyName":3}]'], ['null']])(
  '%j is a fault, never an exception',
  (text) => {
    for (const parse of [parseWindowsCameras, parseMacosCameras]) {
      expect(parse(text)).toMatchObject({ ok: false, fault: { code: 'STATION_CAMERA_SYSTEM' } })
    }
  },
)
