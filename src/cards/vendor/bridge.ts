import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { BridgeChild } from './bridge-child.ts'
import type { CallValues, VendorAnswer } from './bridge-protocol.ts'
import { LossRecord } from './loss-record.ts'
import type { VendorPrototypes } from './prototypes.ts'

export type { CallValues, VendorAnswer } from './bridge-protocol.ts'

/**
 * A vendor's library in a process of its own. Calls are made one after the other, in their order; the process starts
 * at the first one and again at the next one after it was lost.
 */
export interface VendorBridge {
  /** File name of the library, for messages. */
  readonly library: string
  /** Of the process that runs now; null when there is none. */
  readonly pid: number | null
  /** Starts the process and binds every function, without calling one. Faults as of `call`. */
  check(): Promise<Result<null>>
  /**
   * Calls a function of the prototypes.
   *
   * `CARD_VENDOR_MISSING` (no such file, or it doesn't load: wrong system or word size), `CARD_VENDOR_SYMBOL`,
   * `CARD_VENDOR_CRASHED`, `CARD_VENDOR_TIMEOUT`, `CARD_VENDOR_OVERRUN` (it wrote past its memory),
   * `CARD_VENDOR_VALUE`, `CARD_VENDOR_HELPER` (the process can't be started), `CARD_VENDOR_CLOSED`.
   */
  call(name: string, values?: CallValues, options?: { timeoutMs?: number }): Promise<Result<VendorAnswer>>
  close(): Promise<void>
}

export interface VendorBridgeOptions {
  /** File of the library; a relative one is taken from the current folder. */
  readonly library: string
  readonly prototypes: VendorPrototypes
  /** The Node that runs it; a 32-bit library on Windows needs a 32-bit one (22.18 or later). Absent: this one. */
  readonly execPath?: string | undefined
  /** Time for the process to start and load the library, ms. */
  readonly startTimeoutMs?: number
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

/**
 * A bridge to one library; nothing starts before the first call.
 *
 * These libraries crash, hang and write where they like: the call under way gets a fault, the station goes on. One
 * that does so again and again is left alone for a while, and calls get the fault of the last loss at once.
 */
export function openVendorBridge(options: VendorBridgeOptions): VendorBridge {
  const { prototypes, execPath = process.execPath, startTimeoutMs = 15_000 } = options
  const file = resolve(options.library)
  const losses = new LossRecord(options.now ?? (() => performance.now()))
  let child: BridgeChild | null = null
  let closed = false
  let queue: Promise<unknown> = Promise.resolve()

  async function running(): Promise<BridgeChild> {
    if (closed) throw new Fault('CARD_VENDOR_CLOSED', 'the vendor library is closed')
    if (child !== null && !child.lost) return child
    const resting = losses.resting()
    if (resting !== null) throw resting
    if (!existsSync(file))
      throw new Fault('CARD_VENDOR_MISSING', `the vendor library ${basename(file)} is not there`)
    child = await BridgeChild.start({
      file,
      prototypes,
      execPath,
      timeoutMs: startTimeoutMs,
      onLoss: (fault) => losses.add(fault),
    })
    return child
  }

  function inTurn<T>(work: (child: BridgeChild) => Promise<T>): Promise<Result<T>> {
    const turn = queue.then(async () => {
      try {
        return ok(await work(await running()))
      } catch (thrown) {
        return failed(thrown as Fault)
      }
    })
    queue = turn
    return turn
  }

  return {
    library: basename(file),
    get pid() {
      return child === null || child.lost ? null : child.pid
    },
    check: () => inTurn(async () => null),
    call: (name, values = {}, { timeoutMs = 5_000 } = {}) =>
      inTurn((current) => current.call({ type: 'call', function: name, values, timeoutMs })),
    async close() {
      closed = true
      await queue
      await child?.stop()
      child = null
    },
  }
}
