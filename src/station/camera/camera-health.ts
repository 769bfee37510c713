import { Ledger } from '../../ledger/ledger.ts'
import { loadStationKey } from '../../ledger/station-key.ts'
import { systemClock } from '../clock.ts'
import { stationExists } from '../data-folder.ts'
import { CameraHistory } from './camera-history.ts'
import { differences, identityOf } from './camera-identity.ts'
import { type CameraDevice, usbIds } from './device.ts'
import { judgeDevice } from './judge-camera.ts'
import { type ListCameras, listCameras } from './list-cameras.ts'

interface CameraFinding {
  readonly works: boolean | null
  readonly detail: string
  readonly advice: string | null
}

/**
 * For `shidao doctor`: every camera that the system has, what it is judged, and whether the one that the station is
 * pinned to is among them. A camera that no window has opened yet is only looked at, not pinned.
 */
export async function checkCamera(dir: string, list: ListCameras = listCameras): Promise<CameraFinding> {
  const listed = await list()
  if (!listed.ok) {
    return {
      works: null,
      detail: listed.fault.message,
      advice: 'the window still shows which camera it opened',
    }
  }
  const devices = listed.value
  const pinned = pinnedCamera(dir)
  if (devices.length === 0) {
    return { works: pinned === null ? null : false, detail: 'no camera', advice: 'plug a USB camera in' }
  }
  const detail = devices.map(describe).join('; ')
  const virtual = devices.filter((device) => judgeDevice(device).verdict === 'virtual')
  if (virtual.length > 0) {
    const names = virtual.map(({ name }) => name).join(', ')
    return { works: false, detail, advice: `remove the program behind ${names}: a kiosk has no use for it` }
  }
  if (pinned !== null && !devices.some((device) => isPinned(device, pinned))) {
    const advice = `it was ${pinned.name} ${pinned.path ?? ''}: put it back, or let a supervisor confirm this one at the window`
    return { works: false, detail, advice: advice.replace(/ +/g, ' ') }
  }
  const isReal = devices.some((device) => judgeDevice(device).verdict === 'real')
  return isReal
    ? { works: true, detail, advice: null }
    : {
        works: null,
        detail,
        advice: 'not known as a USB camera: a supervisor looks at it and confirms it at the window',
      }
}

function describe(device: CameraDevice): string {
  const { name, usb, driver, path } = device
  const { verdict, reason } = judgeDevice(device)
  const parts = [name, usb && usbIds(usb), usb?.serial, driver, path]
  return `${parts.filter((part) => part != null).join(' ')}: ${verdict} (${reason})`
}

/** A name that came from a label, or the window's word on resolutions, is not what the system can be asked for. */
function isPinned(device: CameraDevice, pinned: ReturnType<typeof identityOf>): boolean {
  if (pinned.bus === null) return [device.name, device.alias].includes(pinned.name)
  return differences(pinned, identityOf('', device, null)).length === 0
}

function pinnedCamera(dir: string) {
  if (!stationExists(dir)) return null
  const { signer } = loadStationKey(dir)
  const ledger = Ledger.open({ dir, signer, now: () => systemClock().now(), readonly: true })
  try {
    const history = new CameraHistory()
    for (const { event } of ledger.events()) history.apply(event)
    return history.pin?.identity ?? null
  } finally {
    ledger.close()
  }
}
