import { setTimeout as sleep } from 'node:timers/promises'
import { openPty } from '../transport/pty.ts'
import type { Transport } from '../transport/transport.ts'

export interface ScannerSimulatorOptions {
  /** The line to send on; a new PTY if none is given. */
  readonly transport?: Transport
  /** What this scanner sends behind each code; some are set to send nothing. */
  readonly terminator?: '\r' | '\n' | '\r\n' | ''
}

export interface ScannerSimulator {
  /** What a driver opens. */
  readonly path: string
  /** Holds a code before the scanner. Text goes as UTF-8; bytes go as they are, for GBK and for damage. */
  scan(code: string | Uint8Array): void
  /** The same in pieces of `bytes`, `gapMs` apart, as a slow line brings them. */
  scanSlowly(code: string | Uint8Array, pieces: { bytes: number; gapMs: number }): Promise<void>
  /** Ends it; whoever has the port open loses it. */
  stop(): Promise<void>
}

/** A serial QR scanner in software. `PORT_PTY` where the system has no pseudo-terminal. */
export function startScannerSimulator(options: ScannerSimulatorOptions = {}): ScannerSimulator {
  const transport = options.transport ?? openPty()
  const whole = (code: string | Uint8Array): Uint8Array =>
    Buffer.concat([Buffer.from(code), Buffer.from(options.terminator ?? '\r')])
  return {
    path: transport.path,
    scan: (code) => transport.write(whole(code)),
    async scanSlowly(code, { bytes, gapMs }) {
      const line = whole(code)
      for (let at = 0; at < line.length; at += bytes) {
        if (at > 0) await sleep(gapMs)
        transport.write(line.subarray(at, at + bytes))
      }
    },
    stop: () => transport.close(),
  }
}
