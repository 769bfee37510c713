import { z } from 'zod'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { type CameraDevice, deviceText, type UsbIdentity } from './device.ts'

/*
 * Not tried on a real machine: written from Microsoft's documentation of Get-PnpDevice and of device instance paths.
 * DirectShow filters, most older virtual cameras among them, are no PnP devices: those match nothing in this list.
 */

/** Arguments for `powershell.exe`: its answer is what `parseWindowsCameras` takes. */
export const POWERSHELL_ARGUMENTS: readonly string[] = [
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  '[Console]::OutputEncoding = [Text.Encoding]::UTF8; ' +
    'ConvertTo-Json -Compress @(Get-PnpDevice -Class Camera,Image -PresentOnly -ErrorAction SilentlyContinue | ' +
    "Select-Object FriendlyName,InstanceId,Service,@{n='LocationPath';e={(Get-PnpDeviceProperty " +
    '-InstanceId $_.InstanceId -KeyName DEVPKEY_Device_LocationPaths).Data | Select-Object -First 1}})',
]

const entry = z.object({
  FriendlyName: z.string().nullable(),
  InstanceId: z.string(),
  Service: z.string().nullish(),
  LocationPath: z.string().nullish(),
})

/** Reads that answer: an array, or a single device. Total; `STATION_CAMERA_SYSTEM` for anything else. */
export function parseWindowsCameras(text: string): Result<readonly CameraDevice[]> {
  const parsed = z.union([z.array(entry), entry.transform((one) => [one])]).safeParse(json(text))
  if (!parsed.success)
    return failed(new Fault('STATION_CAMERA_SYSTEM', 'Get-PnpDevice answered something else'))
  return ok(parsed.data.map(deviceOf).filter((device) => device !== null))
}

function deviceOf({ FriendlyName, InstanceId, Service, LocationPath }: z.infer<typeof entry>) {
  const name = deviceText(FriendlyName)
  if (name === null) return null
  const usb = usbOf(InstanceId)
  const device: CameraDevice = {
    name,
    alias: null,
    bus: usb !== null ? 'usb' : /^(SWD|ROOT)\\/i.test(InstanceId) ? 'virtual' : 'other',
    driver: deviceText(Service?.toLowerCase()),
    usb,
    controller: null,
    path: deviceText(LocationPath ?? InstanceId),
  }
  return device
}

/** `USB\VID_046D&PID_082D&MI_00\7&1B9…`: a last part without `&` is the serial number, with it Windows made it up. */
function usbOf(instance: string): UsbIdentity | null {
  const [, vendorId, productId, last] =
    /^USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})[^\\]*\\(.+)$/i.exec(instance) ?? []
  if (vendorId === undefined || productId === undefined) return null
  const serial = last?.includes('&') ? null : deviceText(last)
  return { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase(), serial }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
