import { expect, test } from 'vitest'
import { Fault } from '../../../src/common/fault.ts'
import { failed, ok } from '../../../src/common/result.ts'
import { judgeCamera } from '../../../src/station/camera/judge-camera.ts'
import { knownCameras } from '../../../src/station/camera/known-cameras.ts'
import { readLabel } from '../../../src/station/camera/match-label.ts'

const none = ok([])

test.each([
  ['fake_device_0'],
  ['/tmp/person.mjpeg'],
  ['camera.y4m'],
  ['OBS Virtual Camera'],
  ['ManyCam Virtual Webcam (pleV:ideo)'],
  ['e2eSoft iVCam #2'],
  ['DroidCam Source 3'],
  ['Camera (NVIDIA Broadcast)'],
  ['抖音虚拟摄像头'],
  ['模拟摄像头 simulated camera'],
])('%s is virtual by its name, whatever the system says', (label) => {
  for (const listed of [none, failed(new Fault('STATION_CAMERA_SYSTEM', 'none'))]) {
    expect(judgeCamera(label, listed)).toMatchObject({ verdict: 'virtual', reason: 'virtual-name' })
  }
})

test.each([
  ['HD Pro Webcam C920 (046d:082d)'],
  ['Integrated Camera (13d3:56a6)'],
  ['FaceTime高清摄像头（内建） (05ac:8514)'],
  ['USB 2.0 Camera (0c45:6366)'],
])('%s is not called virtual by its name', (label) => {
  expect(judgeCamera(label, none)).toMatchObject({ verdict: 'unknown', reason: 'not-listed' })
})

test('a system that cannot be asked leaves the camera unknown and says so', () => {
  const refused = failed(new Fault('STATION_CAMERA_SYSTEM', 'none'))
  expect(judgeCamera('HD Pro Webcam C920 (046d:082d)', refused)).toMatchObject({
    verdict: 'unknown',
    reason: 'not-readable',
  })
})

test('the ids of a label are read at its end only', () => {
  expect(readLabel('A (046d:082d) (1111:2222)')).toEqual({ name: 'A (046d:082d)', usb: '1111:2222' })
  expect(readLabel('Camera (NVIDIA Broadcast)')).toEqual({ name: 'Camera (NVIDIA Broadcast)', usb: null })
  expect(readLabel('X (046D:082D)').usb).toBe('046d:082d')
})

test('every word of the list is in lower case, so that it can be found', () => {
  for (const { text } of knownCameras.virtualNames) expect(text).toBe(text.toLowerCase())
})
