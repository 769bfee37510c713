import type { Fault } from '../../common/fault.ts'

/** The one thing a driver sees of a serial line, a PTY or a USB pipe: bytes out, bytes in, the end. */
export interface Transport {
  /** Where it is: `/dev/ttyUSB0`, `COM3`, `/dev/pts/4`. */
  readonly path: string
  /** Hands the bytes to the system, in order. A failure ends the transport and arrives at `onClose`. */
  write(bytes: Uint8Array): void
  /** One listener; a later call replaces it. Chunks come as the system cut them. */
  onData(listener: (chunk: Uint8Array) => void): void
  /** One listener, called once: null after `close`, a fault (`PORT_LOST`) when the device went away. */
  onClose(listener: (fault: Fault | null) => void): void
  /** Ends the transport; safe to call twice. */
  close(): Promise<void>
}

/** A transport with a speed. */
export interface SerialLine extends Transport {
  /** Bits per second, 8 data bits, no parity, one stop bit. `PORT_SPEED` if the system refuses. */
  setBaudRate(baudRate: number): Promise<void>
}
