import { describe, expect, it } from 'vitest'
import { listHidDevices } from '../../src/cards/discovery.ts'
import {
  HID_GAP_MS,
  loadNodeHid,
  type NodeHid,
  type NodeHidDevice,
  type NodeHidHandle,
  openHidPort,
} from '../../src/cards/transport/node-hid-port.ts'
import type { Fault } from '../../src/common/fault.ts'
import { type Result, unwrap } from '../../src/common/result.ts'
import { bytes } from './simulated-people.ts'

/** A stand-in for node-hid with one device, which writes down what is done to it. */
class FakeNodeHid implements NodeHid {
  readonly log: string[] = []
  readonly stale: Buffer[] = []
  readonly devices: NodeHidDevice[] = []
  refusal: unknown = null
  broken: string | null = null
  arrives: (report: Buffer) => void = () => {}
  fails: (cause: unknown) => void = () => {}

  getHidapiVersion(): string {
    return '0.0.0'
  }

  async devicesAsync(): Promise<NodeHidDevice[]> {
    return this.devices
  }

  readonly HIDAsync = {
    open: async (path: string): Promise<NodeHidHandle> => {
      if (this.refusal !== null) throw this.refusal
      this.log.push(`open ${path}`)
      return this.#handle
    },
  }

  #did(what: string): void {
    if (this.broken !== null) throw new TypeError(this.broken)
    this.log.push(what)
  }

  readonly #handle: NodeHidHandle = {
    on: (event: string, listener: (what: never) => void) => {
      this.log.push(`on ${event}`)
      if (event === 'data') this.arrives = listener as (report: Buffer) => void
      else this.fails = listener as (cause: unknown) => void
    },
    read: async (timeoutMs) => {
      this.#did(`read ${timeoutMs}`)
      return this.stale.shift() ?? Buffer.alloc(0)
    },
    write: async (report) => {
      this.#did(`write ${report.toString('hex')}`)
      return report.length
    },
    sendFeatureReport: async (report) => {
      this.#did(`set ${report.toString('hex')}`)
      return report.length
    },
    getFeatureReport: async (number, size) => {
      this.#did(`get ${number} ${size}`)
      return Buffer.alloc(size, this.log.length)
    },
    close: async () => {
      this.log.push('close')
    },
  }
}

async function opened(library = new FakeNodeHid()) {
  const port = unwrap(
    await openHidPort('/dev/hidraw0', {
      load: async () => library,
      sleep: async (ms) => library.log.push(`wait ${ms}`),
    }),
  )
  const ends: (Fault | null)[] = []
  port.onClose((fault) => ends.push(fault))
  library.log.length = 0
  return { library, port, ends }
}

const codeOf = (result: Result<unknown>) => (result.ok ? null : result.fault.code)

describe('HID port over node-hid', () => {
  it('throws away what waited in the device before it listens', async () => {
    const library = new FakeNodeHid()
    library.stale.push(Buffer.from([1]), Buffer.from([2]))
    unwrap(await openHidPort('/dev/hidraw0', { load: async () => library }))
    expect(library.log).toEqual(['open /dev/hidraw0', 'read 0', 'read 0', 'read 0', 'on error', 'on data'])
  })

  it('does not wait for ever for a device that is never quiet', async () => {
    const library = new FakeNodeHid()
    library.stale.push(...Array.from({ length: 10_000 }, () => Buffer.from([1])))
    expect((await openHidPort('/dev/hidraw0', { load: async () => library })).ok).toBe(true)
  })

  it('keeps 5 ms after each write, and one message whole before the next', async () => {
    const { library, port } = await opened()
    const gap = `wait ${HID_GAP_MS}`
    await Promise.all([
      port.sendReports([bytes('00 01'), bytes('00 02')]),
      port.exchangeFeatures([bytes('00 03')], (fetched) => (fetched.length < 2 ? 33 : null)),
      port.sendReports([bytes('00 04')]),
    ])
    expect(HID_GAP_MS).toBeGreaterThanOrEqual(5)
    expect(library.log).toEqual([
      ...['write 0001', gap, 'write 0002', gap],
      ...['set 0003', gap, 'get 0 33', 'get 0 33'],
      ...['write 0004', gap],
    ])
  })

  it('gives a report to every listener', async () => {
    const { library, port } = await opened()
    const seen: Uint8Array[] = []
    port.onReport((report) => seen.push(report))
    port.onReport((report) => seen.push(report))
    library.arrives(Buffer.from([1, 2]))
    expect(seen).toEqual([bytes('01 02'), bytes('01 02')])
  })

  it('is lost when the library reports an error, once, and sends nothing more', async () => {
    const { library, port, ends } = await opened()
    library.fails('could not read from HID device')
    library.fails('could not read from HID device')
    expect(codeOf(await port.sendReports([bytes('00 01')]))).toBe('PORT_LOST')
    await port.close()
    expect(ends.map((fault) => fault?.code)).toEqual(['PORT_LOST'])
    expect(library.log).toEqual(['close'])
  })

  it.each(['sendReports', 'exchangeFeatures'] as const)('is lost when %s fails', async (call) => {
    const { library, port, ends } = await opened()
    library.broken = 'Cannot write to hid device'
    const result = await port[call]([bytes('00 01')], () => 33)
    expect(codeOf(result)).toBe('PORT_LOST')
    expect(ends.map((fault) => fault?.code)).toEqual(['PORT_LOST'])
  })

  it('ends without a fault when it is closed', async () => {
    const { port, ends } = await opened()
    await port.close()
    await port.close()
    expect(ends).toEqual([null])
    expect(codeOf(await port.sendReports([]))).toBe('PORT_CLOSED')
  })

  it.each([
    ["Failed to open a device with path '/dev/hidraw9': No such file or directory", 'PORT_NOT_FOUND'],
    ["Failed to open a device with path '/dev/hidraw0': Permission denied", 'PORT_DENIED'],
    ['hid_open_path: failed to open IOHIDDevice: (0xE00002E2) not permitted', 'PORT_DENIED'],
    ['open_device (0x00000005) Zugriff verweigert', 'PORT_DENIED'],
    ['open_device (0x00000020) in use by another process', 'PORT_BUSY'],
    ['something else', 'PORT_OPEN'],
  ])('says why a device does not open: %s', async (said, code) => {
    const library = new FakeNodeHid()
    library.refusal = new TypeError(`cannot open device with path x: ${said}`)
    expect(codeOf(await openHidPort('/dev/hidraw0', { load: async () => library }))).toBe(code)
  })

  it('says in one line that a library under node-hid is missing', async () => {
    const load = async () => {
      throw new Error('libusb-1.0.so.0: cannot open shared object file\nRequire stack:\n- …')
    }
    const refused = await openHidPort('/dev/hidraw0', { load })
    expect(codeOf(refused)).toBe('PORT_HID_UNAVAILABLE')
    expect(refused.ok || refused.fault.message).toBe(
      'HID devices cannot be used on this machine: libusb-1.0.so.0: cannot open shared object file',
    )
    expect(codeOf(await listHidDevices(load))).toBe('PORT_HID_UNAVAILABLE')
  })

  it('lists what is attached, with null for what a device does not say', async () => {
    const library = new FakeNodeHid()
    library.devices.push(
      { path: '/dev/hidraw0', vendorId: 0x0483, productId: 0x572b, product: 'NFC', manufacturer: '' },
      { vendorId: 1, productId: 2 },
    )
    expect(unwrap(await listHidDevices(async () => library))).toEqual([
      {
        path: '/dev/hidraw0',
        vendorId: 0x0483,
        productId: 0x572b,
        manufacturer: null,
        product: 'NFC',
        serialNumber: null,
      },
    ])
  })
})

describe('node-hid itself', () => {
  it('loads and lists, or says that it cannot', async () => {
    const loaded = await loadNodeHid()
    const listed = await listHidDevices()
    expect([null, 'PORT_HID_UNAVAILABLE']).toContain(codeOf(listed))
    expect(loaded.ok || loaded.fault.code).toBe(listed.ok || 'PORT_HID_UNAVAILABLE')
  })

  it('refuses a device that is not there', async () => {
    const expected = (await loadNodeHid()).ok ? 'PORT_NOT_FOUND' : 'PORT_HID_UNAVAILABLE'
    expect(codeOf(await openHidPort('/dev/no-such-hidraw'))).toBe(expected)
  })
})
