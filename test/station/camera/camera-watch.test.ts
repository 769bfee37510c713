import { afterEach, beforeEach, expect, test } from 'vitest'
import { ok, unwrap } from '../../../src/common/result.ts'
import { decodeEvent, type EventInput, eventTypes, type LedgerEvent } from '../../../src/ledger/event.ts'
import { CameraHistory } from '../../../src/station/camera/camera-history.ts'
import { CameraWatch } from '../../../src/station/camera/camera-watch.ts'
import type { CameraDevice } from '../../../src/station/camera/device.ts'
import type { StreamFacts } from '../../../src/station/protocol.ts'

const C920: CameraDevice = {
  name: 'HD Pro Webcam C920',
  alias: null,
  bus: 'usb',
  driver: 'uvcvideo',
  usb: { vendorId: '046d', productId: '082d', serial: 'A1' },
  controller: '0000:00:14.0',
  path: 'usb-0000:00:14.0-1',
}
const LABEL = 'HD Pro Webcam C920 (046d:082d)'
const STREAM: StreamFacts = {
  device: 'd'.repeat(64),
  width: 640,
  height: 480,
  frameRate: 15,
  most: { width: 1920, height: 1080, frameRate: 30 },
}
const supervisor = { actor: 'a'.repeat(32), pin: '246810' }
const act = {
  statement: '{"act":"camera.confirm"}',
  signatures: [{ actor: supervisor.actor, signature: '0'.repeat(128) }],
}

let devices: CameraDevice[]
let events: EventInput[]
let history: CameraHistory

/** What a ledger would take: anything else is a fault of the test's subject. */
const record = (input: EventInput): boolean => {
  eventTypes[input.type].parse(input.data)
  events.push(input)
  history.apply(input as LedgerEvent)
  return true
}
const watch = (simulated = false): CameraWatch =>
  new CameraWatch({
    history,
    staff: { sign: () => ok(act) },
    listCameras: async () => ok([...devices]),
    simulated,
    record,
  })

let camera: CameraWatch
beforeEach(() => {
  devices = [C920]
  events = []
  history = new CameraHistory()
  camera = watch()
})

test('the first real camera is what the station is pinned to, with all that the system knows of it', async () => {
  await camera.opened(LABEL, STREAM)
  expect(events).toEqual([
    {
      type: 'camera.changed',
      data: {
        before: null,
        after: LABEL,
        identity: {
          name: 'HD Pro Webcam C920',
          driver: 'uvcvideo',
          bus: 'usb',
          usb: { vendorId: '046d', productId: '082d', serial: 'A1' },
          path: 'usb-0000:00:14.0-1',
          most: STREAM.most,
        },
        verdict: 'real',
        reason: 'usb-driver',
        changed: [],
        stream: { device: STREAM.device, width: 640, height: 480, frameRate: 15 },
      },
    },
  ])
  expect(camera.view().camera).toBe('ok')
  expect(camera.reading()).toMatchObject({ layer: 'camera', verdict: 'bonaFide', score: 1 })
})

test('the same camera again is no event', async () => {
  await camera.opened(LABEL, STREAM)
  await camera.opened(LABEL, STREAM)
  await watch().opened(LABEL, STREAM)
  expect(events).toHaveLength(1)
})

test.each<[string, Partial<CameraDevice>]>([
  ['serial', { usb: { vendorId: '046d', productId: '082d', serial: 'B2' } }],
  ['driver', { driver: 'otherdriver' }],
  ['path', { path: 'usb-0000:00:14.0-2' }],
])('a camera of the same label with another %s is changed, recorded and unsure', async (field, change) => {
  await camera.opened(LABEL, STREAM)
  devices = [{ ...C920, ...change }]
  await camera.opened(LABEL, STREAM)
  expect(events.at(-1)).toMatchObject({ data: { before: LABEL, after: LABEL, changed: [field] } })
  expect(camera.view().camera).toBe('changed')
  expect(camera.reading()).toMatchObject({ verdict: 'unsure', detail: { why: 'changed', changed: field } })
})

test('another resolution set is a change, one that the browser does not tell is none', async () => {
  await camera.opened(LABEL, STREAM)
  await camera.opened(LABEL, { ...STREAM, most: null })
  expect(camera.view().camera).toBe('ok')
  await camera.opened(LABEL, { ...STREAM, most: { width: 1280, height: 720, frameRate: 30 } })
  expect(camera.reading().detail.changed).toBe('resolutions')
})

test('after a change the old pin stays: putting the old camera back ends the alarm', async () => {
  await camera.opened(LABEL, STREAM)
  devices = [{ ...C920, path: 'usb-0000:00:14.0-2' }]
  await camera.opened(LABEL, STREAM)
  devices = [C920]
  await camera.opened(LABEL, STREAM)
  expect(camera.view().camera).toBe('ok')
})

test('a supervisor’s signature pins the camera that was shown, and outlives a restart', async () => {
  await camera.opened(LABEL, STREAM)
  devices = [{ ...C920, path: 'usb-0000:00:14.0-2' }]
  await camera.opened(LABEL, STREAM)
  const key = camera.view().cameraDetail?.key ?? ''
  expect(camera.confirm(key, supervisor)).toEqual(ok(null))
  expect(events.at(-1)).toMatchObject({
    type: 'camera.confirmed',
    data: { verdict: 'real', act, identity: { path: 'usb-0000:00:14.0-2' } },
  })
  expect(camera.view().camera).toBe('ok')
  const later = watch()
  await later.opened(LABEL, STREAM)
  expect(later.reading()).toMatchObject({ verdict: 'bonaFide', detail: { pinned: 'confirmed' } })
})

test('a camera that was swapped between look and signature is not confirmed', async () => {
  await camera.opened(LABEL, STREAM)
  const key = camera.view().cameraDetail?.key ?? ''
  devices = [{ ...C920, usb: { vendorId: '046d', productId: '082d', serial: 'B2' } }]
  await camera.opened(LABEL, STREAM)
  expect(camera.confirm(key, supervisor)).toMatchObject({
    ok: false,
    fault: { code: 'STATION_CAMERA_OTHER' },
  })
  expect(events.some(({ type }) => type === 'camera.confirmed')).toBe(false)
})

test('a virtual camera is an attack, pins nothing, and nobody can vouch for it', async () => {
  await camera.opened('OBS Virtual Camera', STREAM)
  expect(camera.view().camera).toBe('virtual')
  expect(camera.reading()).toMatchObject({ verdict: 'attack', score: 0, detail: { why: 'virtual' } })
  expect(history.pin).toBeNull()
  const key = camera.view().cameraDetail?.key ?? ''
  expect(camera.confirm(key, supervisor)).toMatchObject({
    ok: false,
    fault: { code: 'STATION_CAMERA_VIRTUAL' },
  })
})

test('a simulated station says that its film is simulated and judges nothing by it', async () => {
  camera = watch(true)
  await camera.opened('person.mjpeg', STREAM)
  expect(camera.view().camera).toBe('simulated')
  expect(camera.reading()).toMatchObject({ verdict: 'unsure', score: null, detail: { why: 'simulated' } })
})

test('a camera that the system does not list is unknown until a supervisor looked; the layer stays unsure', async () => {
  devices = []
  await camera.opened('unicam', STREAM)
  expect(camera.view().camera).toBe('unknown')
  expect(camera.reading()).toMatchObject({ verdict: 'unsure', score: 0.5, detail: { reason: 'not-listed' } })
  camera.confirm(camera.view().cameraDetail?.key ?? '', supervisor)
  expect(camera.view().camera).toBe('ok')
  expect(camera.reading()).toMatchObject({ verdict: 'unsure', detail: { pinned: 'confirmed' } })
})

test('without a camera nothing is judged', async () => {
  await camera.opened(null, null)
  expect(camera.view()).toEqual({ camera: 'missing', cameraDetail: null })
  expect(camera.reading()).toMatchObject({ verdict: 'unsure', score: null })
  expect(events).toEqual([])
})

test('a label that is overtaken while the system is asked leaves no record', async () => {
  const first = camera.opened(LABEL, STREAM)
  const second = camera.opened(null, null)
  expect(await Promise.all([first, second])).toEqual([false, true])
  expect(events).toEqual([])
})

test('a wrong clock is recorded once a minute at most and makes the layer unsure', async () => {
  await camera.opened(LABEL, STREAM)
  const send = (run: number, from: number) => {
    for (let i = 0; i < 20; i++) {
      const facts = { run, sent: i * 100, captureTime: null, mediaTime: 1, presentedFrames: 7 }
      camera.frame(facts, from + i * 100)
    }
  }
  send(1, 0)
  expect(camera.reading()).toMatchObject({ verdict: 'unsure', detail: { why: 'clock', clock: 'stopped' } })
  camera.reading()
  send(2, 10_000)
  camera.reading()
  const clocks = () => events.filter(({ type }) => type === 'camera.clock')
  expect(clocks()).toMatchObject([
    { data: { finding: 'stopped', camera: LABEL, frames: 20, windowMs: 1900 } },
  ])
  send(3, 70_000)
  camera.reading()
  expect(clocks()).toHaveLength(2)
})

test('a new run of frames begins with a clean clock', async () => {
  await camera.opened(LABEL, STREAM)
  camera.frame({ run: 1, sent: 0, captureTime: null, mediaTime: 9, presentedFrames: 90 }, 0)
  camera.frame({ run: 2, sent: 100, captureTime: null, mediaTime: 1, presentedFrames: 1 }, 100)
  expect(camera.reading().verdict).toBe('bonaFide')
})

test('a record from before identities is read, pins nothing, and the next opening completes it', async () => {
  const old = {
    v: 1,
    origin: 'station/1',
    index: 3,
    salt: '0'.repeat(32),
    time: { wall: 1, boot: 'b', boottime: 1, trust: 'unconfirmed' },
    type: 'camera.changed',
    data: { before: null, after: LABEL },
  }
  history.apply(unwrap(decodeEvent(new TextEncoder().encode(JSON.stringify(old)))))
  expect([history.label, history.pin]).toEqual([LABEL, null])
  await camera.opened(LABEL, STREAM)
  expect(events).toMatchObject([{ data: { before: LABEL, after: LABEL, verdict: 'real' } }])
  expect(history.pin?.by).toBe('first-use')
})

afterEach(() => {
  expect(JSON.stringify(events)).not.toContain(supervisor.pin)
})
