import { describe, expect, it } from 'vitest'
import { FIND } from '../../src/cards/codec/command.ts'
import { listUsbDevices } from '../../src/cards/discovery.ts'
import { type LineClock, systemClock } from '../../src/cards/driver/sam-clock.ts'
import { SamLine } from '../../src/cards/driver/sam-line.ts'
import { SamReader } from '../../src/cards/driver/sam-reader.ts'
import type { SimulatedFault } from '../../src/cards/simulator/line-faults.ts'
import { simulateUsbReader } from '../../src/cards/simulator/usb-sam.ts'
import {
  type NodeUsb,
  type NodeUsbDevice,
  openUsbBulk,
  SAM_USB,
  usbPath,
} from '../../src/cards/transport/node-usb.ts'
import { bulkTransport } from '../../src/cards/transport/usb-bulk.ts'
import { type Result, unwrap } from '../../src/common/result.ts'
import { bytes, sampleRecord, simulatedCard } from './simulated-people.ts'

/** Five times as fast: the waits of a bad day are the driver's own. */
const hurriedClock: LineClock = {
  now: () => 5 * performance.now(),
  after: (ms, callback) => systemClock.after(ms / 5, callback),
}

const codeOf = (result: Result<unknown>) => (result.ok ? null : result.fault.code)

async function connect(scene: Parameters<typeof simulateUsbReader>[0] = {}) {
  const device = simulateUsbReader({ card: simulatedCard(), ...scene })
  const line = await bulkTransport(device.pipe)
  const identity = { profile: 'test', port: line.path, samId: null }
  const reader = new SamReader(identity, new SamLine(line, { clock: hurriedClock }), {
    baudRate: 115_200,
    pollMs: 50,
  })
  return { device, reader }
}

describe('raw USB reader', () => {
  it('gives a whole card, marked as simulated', async () => {
    const { reader } = await connect()
    const result = await reader.read({ timeoutMs: 5_000 })
    expect(result.ok && result.value).toMatchObject({
      record: sampleRecord,
      simulated: true,
      skippedBytes: 0,
    })
    expect(reader.identity.port).toBe('simulated:usb-sam')
    await reader.close()
  })

  const faults: SimulatedFault[] = [
    { kind: 'split', bytes: 512, gapMs: 1 },
    { kind: 'join' },
    { kind: 'noise', bytes: 24 },
    { kind: 'wrong-checksum', times: 1 },
    { kind: 'removal', times: 1 },
  ]
  it.each(faults)('ends a bad day in a card or in a fault with a name: $kind', async (fault) => {
    const { reader } = await connect({ faults: [fault] })
    const result = await reader.read({ timeoutMs: 9_000 })
    if (fault.kind === 'removal') expect(codeOf(result)).toBe('CARD_READ_FAILED')
    else expect(result.ok ? result.value.record : result.fault).toEqual(sampleRecord)
    await reader.close()
  })

  it('ends a read when the cable is pulled', async () => {
    const { device, reader } = await connect({ card: null })
    const waiting = reader.read({ timeoutMs: 60_000 })
    setTimeout(() => device.unplug(), 20)
    expect(codeOf(await waiting)).toBe('PORT_LOST')
  })

  it('ends a read when it is unplugged by script in the middle of a card', async () => {
    const { reader } = await connect({ faults: [{ kind: 'unplug' }] })
    expect(codeOf(await reader.read({ timeoutMs: 60_000 }))).toBe('PORT_LOST')
  })

  it('throws away what waited in the device', async () => {
    const device = simulateUsbReader({ card: simulatedCard() })
    await device.pipe.send(FIND.frame)
    await device.pipe.receive(0)
    await device.pipe.send(FIND.frame)
    const chunks: Uint8Array[] = []
    const line = await bulkTransport(device.pipe)
    line.onData((chunk) => chunks.push(chunk))
    await line.close()
    expect(chunks).toEqual([])
  })
})

/** A stand-in for a device of the `usb` package, which writes down what is done to it. */
class FakeDevice implements NodeUsbDevice {
  readonly bus = '1'
  readonly address = 7
  readonly ports: number[] = [2, 4]
  readonly vendorId: number = SAM_USB.vendorId
  readonly productId: number = SAM_USB.productId
  readonly manufacturerName = 'SAM'
  readonly productName = null
  readonly serialNumber = ''
  readonly log: string[] = []
  readonly answers: (Uint8Array | Error | null)[] = []
  endpoints = [
    { endpointNumber: 1, direction: 'in', type: 'bulk' },
    { endpointNumber: 2, direction: 'out', type: 'bulk' },
  ] as const
  refusals: string[] = []
  arrives: (bytes: Uint8Array) => void = () => {}
  #rest: (cause: Error) => void = () => {}

  get configuration() {
    return { interfaces: [{ alternate: { endpoints: this.endpoints } }] }
  }

  async open(): Promise<void> {
    this.#do('open')
  }

  async close(): Promise<void> {
    this.log.push('close')
    this.#rest(new Error('transferIn error: transfer was cancelled'))
  }

  async claimInterface(number: number): Promise<void> {
    this.#do(`claim ${number}`)
  }

  async detachKernelDriver(number: number): Promise<void> {
    this.#do(`detach ${number}`)
  }

  async clearHalt(direction: string, endpoint: number): Promise<void> {
    this.#do(`clear ${direction} ${endpoint}`)
  }

  async nativeTransferIn(endpoint: number, _: number, size: number): Promise<Uint8Array | null> {
    this.#do(`in ${endpoint} ${size}`)
    const answer = this.answers.shift()
    if (answer instanceof Error) throw answer
    if (answer !== undefined) return answer
    return new Promise((resolve, reject) => {
      this.arrives = resolve
      this.#rest = reject
    })
  }

  async nativeTransferOut(endpoint: number, _: number, sent: Uint8Array): Promise<number> {
    this.#do(`out ${endpoint} ${Buffer.from(sent).toString('hex')}`)
    return sent.length
  }

  #do(what: string): void {
    this.log.push(what)
    const refusal = this.refusals.find((written) => written.startsWith(`${what}: `))
    if (refusal === undefined) return
    this.refusals = this.refusals.filter((other) => other !== refusal)
    throw new Error(refusal)
  }
}

const quiet = () => new Error('transferIn error: transfer was cancelled')
const library =
  (...devices: NodeUsbDevice[]): (() => Promise<NodeUsb>) =>
  async () => ({ usb: { getDevices: async () => devices } })

describe('raw USB reader over the usb package', () => {
  it('claims interface 0, drains, and sends a whole frame in one transfer', async () => {
    const device = new FakeDevice()
    device.answers.push(bytes('01'), quiet())
    const line = unwrap(await openUsbBulk(SAM_USB, library(device)))
    const chunks: Uint8Array[] = []
    line.onData((chunk) => chunks.push(chunk))
    line.write(FIND.frame)
    await new Promise(setImmediate)
    device.arrives(bytes('AA BB'))
    await new Promise(setImmediate)
    expect(chunks).toEqual([bytes('AA BB')])
    expect(device.log.slice(0, 4)).toEqual(['open', 'claim 0', 'in 1 8192', 'in 1 8192'])
    expect(device.log).toContain('out 2 aaaaaa96690003200122')
    await line.close()
    expect(device.log.at(-1)).toBe('close')
  })

  it('asks a kernel driver to let go, once', async () => {
    const device = new FakeDevice()
    device.answers.push(quiet())
    device.refusals.push('claim 0: interface is busy')
    const line = unwrap(await openUsbBulk(SAM_USB, library(device)))
    expect(device.log.slice(0, 4)).toEqual(['open', 'claim 0', 'detach 0', 'claim 0'])
    await line.close()
  })

  it('is lost when the device is gone, and closes it', async () => {
    const device = new FakeDevice()
    device.answers.push(quiet(), new Error('transferIn error: device disconnected'))
    const line = unwrap(await openUsbBulk(SAM_USB, library(device)))
    const ended = new Promise((resolve) => line.onClose((fault) => resolve(fault?.code)))
    expect(await ended).toBe('PORT_LOST')
    expect(device.log.at(-1)).toBe('close')
  })

  it('clears a stall and gives up on one that stays', async () => {
    const device = new FakeDevice()
    device.answers.push(quiet(), null, bytes('01'), null, null, null, null)
    const line = unwrap(await openUsbBulk(SAM_USB, library(device)))
    const ended = new Promise((resolve) => line.onClose((fault) => resolve(fault?.code)))
    expect(await ended).toBe('PORT_LOST')
    expect(device.log.filter((did) => did === 'clear in 1')).toHaveLength(4)
  })

  it.each([
    ['open: failed to open device: Permission denied (os error 13)', 'PORT_DENIED'],
    ['open: device is busy', 'PORT_BUSY'],
    ['open: device disconnected', 'PORT_NOT_FOUND'],
    ['open: hardware fault or protocol violation', 'PORT_OPEN'],
  ])('says why a device does not open: %s', async (refusal, code) => {
    const device = new FakeDevice()
    device.refusals.push(refusal)
    expect(codeOf(await openUsbBulk(SAM_USB, library(device)))).toBe(code)
    expect(device.log.at(-1)).toBe('close')
  })

  it('refuses an interface without a bulk pipe each way', async () => {
    const device = new FakeDevice()
    device.endpoints = [device.endpoints[0], device.endpoints[0]] as never
    expect(codeOf(await openUsbBulk(SAM_USB, library(device)))).toBe('PORT_OPEN')
  })

  it('tells two readers of a kind apart by where they are plugged in', async () => {
    const device = new FakeDevice()
    device.answers.push(quiet())
    expect(usbPath(device)).toBe('usb:1-2.4')
    expect(codeOf(await openUsbBulk({ ...SAM_USB, path: 'usb:1-3' }, library(device)))).toBe('PORT_NOT_FOUND')
    const line = unwrap(await openUsbBulk({ ...SAM_USB, path: 'usb:1-2.4' }, library(device)))
    expect(line.path).toBe('usb:1-2.4')
    await line.close()
  })

  it('lists what is attached, with null for what a device does not say', async () => {
    expect(unwrap(await listUsbDevices(library(new FakeDevice())))).toEqual([
      {
        path: 'usb:1-2.4',
        vendorId: 0x0400,
        productId: 0xc35a,
        manufacturer: 'SAM',
        product: null,
        serialNumber: null,
      },
    ])
  })

  it.each([
    ['the package is not installed', "Cannot find package 'usb' imported from …"],
    ['the system has no USB', 'getDevices error: /sys/bus/usb/devices/ not found (errno 2)\nmore'],
  ])('says in one line that %s', async (_, said) => {
    const load = async () => {
      throw new Error(said)
    }
    const refused = await openUsbBulk(SAM_USB, load)
    expect(codeOf(refused)).toBe('PORT_USB_UNAVAILABLE')
    expect(refused.ok || refused.fault.message).not.toContain('\n')
    expect(codeOf(await listUsbDevices(load))).toBe('PORT_USB_UNAVAILABLE')
  })
})

describe('the usb package itself', () => {
  it('loads and lists, or says that it cannot', async () => {
    expect([null, 'PORT_USB_UNAVAILABLE']).toContain(codeOf(await listUsbDevices()))
  })

  it('refuses a device that is not there', async () => {
    const expected = (await listUsbDevices()).ok ? 'PORT_NOT_FOUND' : 'PORT_USB_UNAVAILABLE'
    expect(codeOf(await openUsbBulk({ vendorId: 0xffff, productId: 0xffff }))).toBe(expected)
  })
})
