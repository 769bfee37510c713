import { setTimeout as sleepFor } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { HidPort } from './hid-port.ts'

/*
 * The adapter for node-hid. It loads on first use, because its binary needs libudev and libusb, which a machine may
 * lack. With a real device it has not been tried: tests drive it through a stand-in for the library, and through the
 * library itself only as far as loading, listing and being refused.
 */

/** What is used of node-hid. */
export interface NodeHid {
  /** Loads the binary, throws if it cannot. */
  getHidapiVersion(): string
  devicesAsync(): Promise<NodeHidDevice[]>
  readonly HIDAsync: { open(path: string): Promise<NodeHidHandle> }
}

export interface NodeHidDevice {
  readonly path?: string | undefined
  readonly vendorId: number
  readonly productId: number
  readonly manufacturer?: string | undefined
  readonly product?: string | undefined
  readonly serialNumber?: string | undefined
}

export interface NodeHidHandle {
  on(event: 'data', listener: (report: Buffer) => void): unknown
  on(event: 'error', listener: (cause: unknown) => void): unknown
  /** An empty report or none when nothing came in time. */
  read(timeoutMs: number): Promise<Buffer | undefined>
  write(report: Buffer): Promise<number>
  sendFeatureReport(report: Buffer): Promise<number>
  getFeatureReport(reportNumber: number, bytes: number): Promise<Buffer>
  close(): Promise<void>
}

/** node-hid, ready to use; `PORT_HID_UNAVAILABLE` if it or a library under it is missing. */
export async function loadNodeHid(load: () => Promise<NodeHid> = importNodeHid): Promise<Result<NodeHid>> {
  try {
    const nodeHid = await load()
    nodeHid.getHidapiVersion()
    return ok(nodeHid)
  } catch (cause) {
    const said = sentenceOf(cause)
    return failed(
      new Fault('PORT_HID_UNAVAILABLE', `HID devices cannot be used on this machine: ${said}`, { cause }),
    )
  }
}

export interface HidPortOptions {
  readonly load?: () => Promise<NodeHid>
  readonly sleep?: (ms: number) => Promise<unknown>
}

/**
 * Opens a HID device and throws away the reports that waited there.
 * `PORT_HID_UNAVAILABLE`, `PORT_NOT_FOUND`, `PORT_BUSY`, `PORT_DENIED`, or `PORT_OPEN` with what the system says.
 */
export async function openHidPort(path: string, options: HidPortOptions = {}): Promise<Result<HidPort>> {
  const nodeHid = await loadNodeHid(options.load)
  if (!nodeHid.ok) return nodeHid
  let handle: NodeHidHandle
  try {
    handle = await nodeHid.value.HIDAsync.open(path)
  } catch (cause) {
    return failed(openFault(path, cause))
  }
  try {
    await drain(handle)
  } catch (cause) {
    await handle.close().catch(() => {})
    return failed(lost(path, cause))
  }
  return ok(new NodeHidPort(path, handle, options.sleep ?? sleepFor))
}

/** Readers whose host asks again sooner have been seen to fail (Routon); the rule costs nothing elsewhere. */
export const HID_GAP_MS = 5

class NodeHidPort implements HidPort {
  readonly path: string
  readonly #handle: NodeHidHandle
  readonly #sleep: (ms: number) => Promise<unknown>
  readonly #onReport: ((report: Uint8Array) => void)[] = []
  readonly #onClose: ((fault: Fault | null) => void)[] = []
  // hidapi makes no promise about calls from two threads at once, and messages must not mix.
  #queue: Promise<unknown> = Promise.resolve()
  #ended: Fault | null = null

  constructor(path: string, handle: NodeHidHandle, sleep: (ms: number) => Promise<unknown>) {
    this.path = path
    this.#handle = handle
    this.#sleep = sleep
    handle.on('error', (cause) => this.#lose(cause))
    handle.on('data', (report) => {
      for (const listener of this.#onReport) listener(new Uint8Array(report))
    })
  }

  sendReports(reports: readonly Uint8Array[]): Promise<Result<void>> {
    return this.#inTurn(async () => {
      for (const report of reports) {
        await this.#handle.write(Buffer.from(report))
        await this.#sleep(HID_GAP_MS)
      }
    })
  }

  exchangeFeatures(
    reports: readonly Uint8Array[],
    next: (fetched: readonly Uint8Array[]) => number | null,
  ): Promise<Result<readonly Uint8Array[]>> {
    return this.#inTurn(async () => {
      for (const report of reports) {
        await this.#handle.sendFeatureReport(Buffer.from(report))
        await this.#sleep(HID_GAP_MS)
      }
      const fetched: Uint8Array[] = []
      for (let bytes = next(fetched); bytes !== null; bytes = next(fetched))
        fetched.push(new Uint8Array(await this.#handle.getFeatureReport(reports[0]?.[0] ?? 0, bytes)))
      return fetched
    })
  }

  onReport(listener: (report: Uint8Array) => void): void {
    this.#onReport.push(listener)
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose.push(listener)
  }

  async close(): Promise<void> {
    if (this.#ended === null) await this.#end(new Fault('PORT_CLOSED', `${this.path} was closed`), null)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<Result<T>> {
    const turn = this.#queue.then(async (): Promise<Result<T>> => {
      if (this.#ended !== null) return failed(this.#ended)
      try {
        return ok(await work())
      } catch (cause) {
        return failed(this.#lose(cause))
      }
    })
    this.#queue = turn
    return turn
  }

  #lose(cause: unknown): Fault {
    if (this.#ended !== null) return this.#ended
    const fault = lost(this.path, cause)
    void this.#end(fault, fault)
    return fault
  }

  async #end(ended: Fault, told: Fault | null): Promise<void> {
    this.#ended = ended
    await this.#handle.close().catch(() => {})
    for (const listener of this.#onClose.splice(0)) listener(told)
  }
}

/** What waited since another program, or our last life, left the device: bounded, as a scanner may never be quiet. */
async function drain(handle: NodeHidHandle): Promise<void> {
  for (let i = 0; i < STALE_REPORTS; i++) {
    const report = await handle.read(0)
    if (report === undefined || report.length === 0) return
  }
}

const STALE_REPORTS = 256

async function importNodeHid(): Promise<NodeHid> {
  return import('node-hid')
}

function lost(path: string, cause: unknown): Fault {
  return new Fault('PORT_LOST', `${path} went away`, { cause })
}

/** hidapi gives prose: `strerror` on Linux, IOKit and Win32 codes in hexadecimal on macOS and Windows. */
function openFault(path: string, cause: unknown): Fault {
  const said = sentenceOf(cause)
  if (/no such (file|device)|not found|0x0000000[23]\b/i.test(said))
    return new Fault('PORT_NOT_FOUND', `there is no HID device ${path}`, { cause })
  if (/permission denied|not permitted|0x00000005\b|0xe00002e2/i.test(said))
    return new Fault('PORT_DENIED', `this user may not open ${path} (on Linux: a udev rule is missing)`, {
      cause,
    })
  if (/busy|0x00000020\b|0xe00002c5/i.test(said))
    return new Fault('PORT_BUSY', `another program has ${path} open`, { cause })
  return new Fault('PORT_OPEN', `${path} cannot be opened as a HID device: ${said}`, { cause })
}

/** One line of what was thrown; hidapi throws strings too. */
function sentenceOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n')[0] ?? ''
}
