import type { Fault } from '../../common/fault.ts'
import type { Result } from '../../common/result.ts'

/**
 * All that framings see of a HID device. Beside it stand one adapter (node-hid) and the simulated devices.
 *
 * Reports to the device begin with their number, 0 where the device numbers none; reports from it come without one,
 * as hidapi gives them; feature reports have it both ways. A failure ends the port and arrives at `onClose`; the
 * promise of the call that met it gives the same fault.
 */
export interface HidPort {
  /** `/dev/hidraw0`, a Windows device path; `simulated:…` for a simulated device. */
  readonly path: string
  /** Sends the reports of one message; no other message gets between them. */
  sendReports(reports: readonly Uint8Array[]): Promise<Result<void>>
  /** Sends the feature reports of one message, then fetches answers in the same turn, as `next` says. */
  exchangeFeatures(
    reports: readonly Uint8Array[],
    /** The size of the next report to fetch, its number included, given those fetched so far; null ends it. */
    next: (fetched: readonly Uint8Array[]) => number | null,
  ): Promise<Result<readonly Uint8Array[]>>
  /** Adds a listener for input reports; several may share a device. */
  onReport(listener: (report: Uint8Array) => void): void
  /** Adds a listener, called once: null after `close`, `PORT_LOST` when the device went away. */
  onClose(listener: (fault: Fault | null) => void): void
  /** Ends the port; safe to call twice. */
  close(): Promise<void>
}
