import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { HidPort } from '../transport/hid-port.ts'

/** What a simulated HID device is made of: how it takes what the host sends. */
export interface SimulatedHidFirmware {
  /** An output report, number 0 in front. */
  output?(report: Uint8Array): void
  /** A feature report, number 0 in front. */
  setFeature?(report: Uint8Array): void
  /** The feature report to give, number 0 in front. */
  getFeature?(bytes: number): Uint8Array
}

/** Something that happens to one input report on its way to the host, counted from 1. */
export interface SimulatedReportFault {
  readonly kind: 'lost' | 'doubled' | 'unplugged'
  readonly report: number
}

/** Sends the input reports of one answer, with or without something happening to them. */
export type DeliverReports = (reports: readonly Uint8Array[], emit: (report: Uint8Array) => void) => void

export const deliverAtOnce: DeliverReports = (reports, emit) => {
  for (const report of reports) emit(report)
}

/** A HID device in memory: the host's port at one end, `firmware` at the other. Simulated. */
export class SimulatedHidDevice implements HidPort {
  readonly path: string
  firmware: SimulatedHidFirmware = {}
  readonly #faults: readonly SimulatedReportFault[]
  readonly #onReport: ((report: Uint8Array) => void)[] = []
  readonly #onClose: ((fault: Fault | null) => void)[] = []
  #reports = 0
  #ended: Fault | null = null

  constructor(name: string, faults: readonly SimulatedReportFault[] = []) {
    this.path = `simulated:${name}`
    this.#faults = faults
  }

  /** An input report on its way to the host. */
  emit(report: Uint8Array): void {
    this.#reports++
    const kinds = this.#faults.filter((fault) => fault.report === this.#reports).map(({ kind }) => kind)
    if (kinds.includes('unplugged')) this.unplug()
    if (this.#ended !== null || kinds.includes('lost')) return
    for (let i = kinds.includes('doubled') ? 0 : 1; i < 2; i++)
      for (const listener of this.#onReport) listener(Uint8Array.from(report))
  }

  /** As if somebody pulled the cable. */
  unplug(): void {
    const fault = new Fault('PORT_LOST', `${this.path} went away`)
    this.#end(fault, fault)
  }

  async sendReports(reports: readonly Uint8Array[]): Promise<Result<void>> {
    return this.#ifThere(() => {
      for (const report of reports) this.firmware.output?.(report)
    })
  }

  async exchangeFeatures(
    reports: readonly Uint8Array[],
    next: (fetched: readonly Uint8Array[]) => number | null,
  ): Promise<Result<readonly Uint8Array[]>> {
    return this.#ifThere(() => {
      for (const report of reports) this.firmware.setFeature?.(report)
      const fetched: Uint8Array[] = []
      for (let bytes = next(fetched); bytes !== null; bytes = next(fetched))
        fetched.push(this.firmware.getFeature?.(bytes) ?? new Uint8Array(bytes))
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
    this.#end(new Fault('PORT_CLOSED', `${this.path} was closed`), null)
  }

  #ifThere<T>(work: () => T): Result<T> {
    if (this.#ended !== null) return failed(this.#ended)
    const value = work()
    return this.#ended === null ? ok(value) : failed(this.#ended)
  }

  #end(ended: Fault, told: Fault | null): void {
    if (this.#ended !== null) return
    this.#ended = ended
    for (const listener of this.#onClose.splice(0)) listener(told)
  }
}
