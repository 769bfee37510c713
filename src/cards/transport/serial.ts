import { SerialPort } from 'serialport'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { SerialLine } from './transport.ts'

/**
 * Opens a serial port for this process alone, 8N1.
 * `PORT_NOT_FOUND`, `PORT_BUSY`, `PORT_DENIED`, or `PORT_OPEN` with what the system says.
 */
export async function openSerial(path: string, baudRate: number): Promise<Result<SerialLine>> {
  const port = new SerialPort({ path, baudRate, autoOpen: false })
  const refusal = await new Promise<Error | null>((resolve) => port.open(resolve))
  return refusal === null ? ok(new OpenSerialPort(path, port)) : failed(openFault(path, refusal))
}

class OpenSerialPort implements SerialLine {
  readonly path: string
  readonly #port: SerialPort
  #onData: (chunk: Uint8Array) => void = () => {}
  #onClose: (fault: Fault | null) => void = () => {}

  constructor(path: string, port: SerialPort) {
    this.path = path
    this.#port = port
    port.on('data', (chunk: Buffer) => this.#onData(chunk))
    port.on('error', (cause) => {
      this.#lost(cause)
      void this.close()
    })
    port.once('close', (cause: Error | null | undefined) => {
      if (cause instanceof Error) this.#lost(cause)
      else this.#ended(null)
    })
  }

  write(bytes: Uint8Array): void {
    this.#port.write(bytes)
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#onData = listener
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener
  }

  async setBaudRate(baudRate: number): Promise<void> {
    const refusal = await new Promise<Error | null>((resolve) => this.#port.update({ baudRate }, resolve))
    if (refusal !== null)
      throw new Fault('PORT_SPEED', `${this.path} does not run at ${baudRate} baud`, { cause: refusal })
  }

  async close(): Promise<void> {
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.close(() => resolve()))
  }

  #lost(cause: Error): void {
    this.#ended(new Fault('PORT_LOST', `${this.path} went away`, { cause }))
  }

  #ended(fault: Fault | null): void {
    const listener = this.#onClose
    this.#onClose = () => {}
    listener(fault)
  }
}

/**
 * The binding gives prose only: POSIX `strerror` on Linux and macOS, its own words on Windows, where "access denied"
 * is what a port says that somebody else has open.
 */
function openFault(path: string, cause: Error): Fault {
  const said = cause.message
  if (/no such (file|device)|file not found|not a directory/i.test(said))
    return new Fault('PORT_NOT_FOUND', `there is no port ${path}`, { cause })
  if (/cannot lock|busy|temporarily unavailable|access denied/i.test(said))
    return new Fault('PORT_BUSY', `another program has ${path} open`, { cause })
  if (/permission denied|operation not permitted/i.test(said))
    return new Fault('PORT_DENIED', `this user may not open ${path} (on Linux: group dialout)`, { cause })
  return new Fault('PORT_OPEN', `${path} cannot be opened as a serial port: ${said.split('\n')[0]}`, {
    cause,
  })
}
