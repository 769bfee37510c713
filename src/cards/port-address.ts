import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

/** Where a reader is, as `--port` and `station.json` say it. */
export type PortAddress =
  | { readonly bus: 'serial'; readonly path: string }
  | { readonly bus: 'hid'; readonly path: string }
  | { readonly bus: 'usb'; readonly vendorId: number; readonly productId: number }
  | { readonly bus: 'pcsc'; readonly reader: string }
  /** A simulated reader of another process, at its socket or named pipe. */
  | { readonly bus: 'sim'; readonly path: string }

/**
 * `/dev/ttyUSB0`, `COM3` or any other path is serial; `hid:PATH`, `usb:0400:c35a`, `pcsc:READER NAME` and `sim:SOCKET`
 * say their bus. `USAGE_PORT` for a bus without a rest, or for USB ids that aren't.
 */
export function parsePort(text: string): Result<PortAddress> {
  const [, bus, rest = ''] = /^(hid|usb|pcsc|sim):(.*)$/s.exec(text) ?? []
  if (bus === undefined) return text === '' ? wrong(text) : ok({ bus: 'serial', path: text })
  if (rest === '') return wrong(text)
  if (bus === 'hid' || bus === 'sim') return ok({ bus, path: rest })
  if (bus === 'pcsc') return ok({ bus, reader: rest })
  const [, vendor, product] = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(rest) ?? []
  if (vendor === undefined || product === undefined) return wrong(text)
  return ok({ bus: 'usb', vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) })
}

function wrong(text: string): Result<never> {
  return failed(
    new Fault(
      'USAGE_PORT',
      `"${text}" is no port; write a path, hid:PATH, usb:0400:c35a, pcsc:READER or sim:SOCKET`,
    ),
  )
}
