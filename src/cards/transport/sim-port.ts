import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { HidPort } from './hid-port.ts'
import type { SimLink } from './sim-link.ts'
import { SIM_MESSAGE, type SimMessageKind } from './sim-message.ts'
import type { BulkPipe } from './usb-bulk.ts'

/** A simulated HID device of another process, as node-hid's adapter shows a real one. */
export function simHidPort(link: SimLink): HidPort {
  return new SimHidPort(link)
}

/** A simulated bulk USB device of another process, as the `usb` package's adapter shows a real one. */
export function simBulkPipe(link: SimLink): BulkPipe {
  return new SimBulkPipe(link)
}

class SimHidPort implements HidPort {
  readonly path: string
  readonly #link: SimLink
  #turn: Promise<unknown> = Promise.resolve()

  constructor(link: SimLink) {
    this.path = link.path
    this.#link = link
  }

  async sendReports(reports: readonly Uint8Array[]): Promise<Result<void>> {
    return sendAll(this.#link, SIM_MESSAGE.out, reports)
  }

  exchangeFeatures(
    reports: readonly Uint8Array[],
    next: (fetched: readonly Uint8Array[]) => number | null,
  ): Promise<Result<readonly Uint8Array[]>> {
    const turn = this.#turn.then(() => this.#exchange(reports, next))
    this.#turn = turn
    return turn
  }

  onReport(listener: (report: Uint8Array) => void): void {
    this.#link.onMessage(({ kind, body }) => {
      if (kind === SIM_MESSAGE.in) listener(body)
    })
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#link.onClose(listener)
  }

  close(): Promise<void> {
    return this.#link.close()
  }

  async #exchange(
    reports: readonly Uint8Array[],
    next: (fetched: readonly Uint8Array[]) => number | null,
  ): Promise<Result<readonly Uint8Array[]>> {
    const sent = sendAll(this.#link, SIM_MESSAGE.setFeature, reports)
    if (!sent.ok) return sent
    const fetched: Uint8Array[] = []
    for (let bytes = next(fetched); bytes !== null; bytes = next(fetched)) {
      const report = await this.#fetch(bytes)
      if (!report.ok) return report
      fetched.push(report.value)
    }
    return ok(fetched)
  }

  #fetch(bytes: number): Promise<Result<Uint8Array>> {
    return new Promise((resolve) => {
      this.#awaitFeature = resolve
      this.#listenOnce()
      const sent = sendAll(this.#link, SIM_MESSAGE.getFeature, [Uint8Array.of(bytes >> 8, bytes & 0xff)])
      if (!sent.ok) resolve(sent)
    })
  }

  #awaitFeature: (report: Result<Uint8Array>) => void = () => {}
  #listens = false

  #listenOnce(): void {
    if (this.#listens) return
    this.#listens = true
    this.#link.onMessage(({ kind, body }) => {
      if (kind === SIM_MESSAGE.feature) this.#awaitFeature(ok(body))
    })
    this.#link.onClose((fault) => this.#awaitFeature(failed(fault ?? closed(this.path))))
  }
}

class SimBulkPipe implements BulkPipe {
  readonly path: string
  readonly #link: SimLink
  readonly #waiting: Uint8Array[] = []
  #wake: () => void = () => {}

  constructor(link: SimLink) {
    this.path = link.path
    this.#link = link
    link.onMessage(({ kind, body }) => {
      if (kind !== SIM_MESSAGE.in) return
      this.#waiting.push(body)
      this.#wake()
    })
    link.onClose(() => this.#wake())
  }

  async send(bytes: Uint8Array): Promise<Result<void>> {
    return sendAll(this.#link, SIM_MESSAGE.out, [bytes])
  }

  async receive(timeoutMs: number): Promise<Result<Uint8Array | null>> {
    if (this.#waiting.length === 0 && this.#link.ended === null) await this.#wait(timeoutMs)
    const { ended } = this.#link
    return ended === null ? ok(this.#waiting.shift() ?? null) : failed(ended)
  }

  close(): Promise<void> {
    return this.#link.close()
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function sendAll(link: SimLink, kind: SimMessageKind, bodies: readonly Uint8Array[]): Result<void> {
  for (const body of bodies) link.send(kind, body)
  return link.ended === null ? ok(undefined) : failed(link.ended)
}

function closed(path: string): Fault {
  return new Fault('PORT_CLOSED', `${path} was closed`)
}
