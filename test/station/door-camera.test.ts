import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok } from '../../src/common/result.ts'
import { FrameMemory } from '../../src/face/liveness/seen-frames.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import type { CameraDevice } from '../../src/station/camera/device.ts'
import { livenessGuard } from '../../src/station/liveness-guard.ts'
import { DoorRig } from './door-rig.ts'

/* The system's list of cameras is given; everything else of the camera's way into the ledger is real. */

const camera = (serial: string): CameraDevice => ({
  name: 'Webcam',
  alias: null,
  bus: 'usb',
  driver: 'uvcvideo',
  usb: { vendorId: '046d', productId: '0825', serial },
  controller: '0000:00:14.0',
  path: 'usb-0000:00:14.0-2',
})
const LABEL = 'Webcam (046d:0825)'

let plugged: CameraDevice[]
let rig: DoorRig
beforeEach(() => {
  plugged = [camera('A1')]
  rig = new DoorRig({}, { listCameras: async () => ok([...plugged]) })
  rig.door.start()
})
afterEach(() => rig.stop())

const shown = () => rig.door.snapshot()
const swap = async () => {
  await rig.door.command({ type: 'hello', camera: LABEL })
  plugged = [camera('B2')]
  await rig.door.command({ type: 'camera', label: null })
  await rig.door.command({ type: 'camera', label: LABEL })
}
const confirm = (actor: string, pin: string) =>
  rig.door.command({ type: 'confirm-camera', camera: shown().cameraDetail?.key ?? '', actor, pin })

test('another camera of the same make is shown and recorded with what is other', async () => {
  await swap()
  expect(shown()).toMatchObject({ camera: 'changed', cameraDetail: { label: LABEL, reason: 'usb-driver' } })
  expect(rig.last('camera.changed')).toMatchObject({ after: LABEL, verdict: 'real', changed: ['serial'] })
  expect(rig.door.cameraReading()).toMatchObject({ verdict: 'unsure', detail: { why: 'changed' } })
})

test('a supervisor confirms it, the act verifies, and an altered record of it does not', async () => {
  await swap()
  await rig.until('idle')
  expect(await confirm(rig.supervisor.actor, rig.supervisor.pin)).toBeNull()
  expect(shown().camera).toBe('ok')
  expect(rig.door.cameraReading().verdict).toBe('bonaFide')
  expect(falseAct(rig.events())).toBeNull()
  const altered = structuredClone(rig.events())
  const record = altered.findLast((event) => event.type === 'camera.confirmed')
  if (record?.type === 'camera.confirmed' && record.data.identity.usb) record.data.identity.usb.serial = 'C3'
  expect(falseAct(altered)).toMatchObject({ index: record?.index })
})

test.each([
  ['a teacher', () => rig.teacher, undefined, 'STATION_NOT_SUPERVISOR'],
  ['a wrong PIN', () => rig.supervisor, '000000', 'LEDGER_PIN'],
])('%s confirms nothing', async (_who, signer, pin, code) => {
  await swap()
  await rig.until('idle')
  expect(await confirm(signer().actor, pin ?? signer().pin)).toMatchObject({
    command: 'confirm-camera',
    code,
  })
  expect(shown().camera).toBe('changed')
})

test('nobody confirms a camera while somebody is being checked', async () => {
  await swap()
  const passing = rig.pass({}, null)
  await rig.until('consent')
  expect(await confirm(rig.supervisor.actor, rig.supervisor.pin)).toMatchObject({ code: 'STATION_NOT_NOW' })
  await rig.door.command({ type: 'consent', granted: false })
  await passing
})

test('a virtual camera at a real station is shown, recorded, and an attack', async () => {
  await rig.door.command({ type: 'hello', camera: 'OBS Virtual Camera' })
  expect(shown().camera).toBe('virtual')
  expect(rig.last('camera.changed')).toMatchObject({ verdict: 'virtual', reason: 'virtual-name' })
  expect(rig.door.cameraReading()).toMatchObject({ verdict: 'attack', score: 0 })
})

test('a system that cannot be asked closes no door: the camera is unknown', async () => {
  const blind = new DoorRig(
    {},
    { listCameras: async () => failed(new Fault('STATION_CAMERA_SYSTEM', 'not to be asked')) },
  )
  await blind.door.command({ type: 'hello', camera: LABEL })
  expect(blind.door.snapshot().camera).toBe('unknown')
  await blind.stop()
})

test('frames that stand still are recorded once the layer is asked', async () => {
  await rig.door.command({ type: 'hello', camera: LABEL })
  for (let i = 0; i < 20; i++) {
    const facts = { run: 1, sent: i * 100, captureTime: null, mediaTime: 1, presentedFrames: 7 }
    rig.door.frame(Uint8Array.of(0xff, 0xd8, 0xff), facts)
  }
  expect(rig.door.cameraReading()).toMatchObject({ verdict: 'unsure', detail: { why: 'clock' } })
  // They also came faster than they were sent, which is a fault of its own.
  const clocks = rig.events().flatMap((event) => (event.type === 'camera.clock' ? [event.data] : []))
  expect(clocks).toMatchObject([
    { finding: 'stopped', camera: LABEL, frames: 20, presented: 0, windowMs: 1900 },
    { finding: 'drift' },
  ])
})

test('with liveness on, a virtual camera lets nobody through as verified, and the record says why', async () => {
  const guarded: DoorRig = new DoorRig(
    {},
    {
      guard: livenessGuard({
        memory: new FrameMemory(),
        light: false,
        camera: () => guarded.door.cameraReading(),
      }),
    },
  )
  guarded.consent()
  guarded.door.start()
  await guarded.door.command({ type: 'hello', camera: 'OBS Virtual Camera' })
  expect(await guarded.pass()).toMatchObject({ verdict: 'doubtful' })
  const { face } = guarded.last('attendance')
  expect(face?.liveness?.verdict).toBe('attack')
  expect(face?.liveness?.layers).toContainEqual(
    expect.objectContaining({ layer: 'camera', verdict: 'attack', score: 0 }),
  )
  await guarded.stop()
})
