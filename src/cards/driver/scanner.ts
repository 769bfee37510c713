import type { Fault } from '../../common/fault.ts'
import { ok, type Result } from '../../common/result.ts'
import { IDLE_MS, ScanAssembler, type ScanFinding } from '../codec/scan-text.ts'
import type { ReaderIdentity } from '../reader.ts'
import { whilePresent } from '../transport/presence.ts'
import { openSerial } from '../transport/serial.ts'
import type { Transport } from '../transport/transport.ts'

/** A QR or barcode scanner that sends by itself whatever it reads. */
export interface Scanner {
  readonly identity: ReaderIdentity
  /** The port is a pseudo-terminal: a program is behind it, no hardware. */
  readonly simulated: boolean
  /** One listener; a later call replaces it. The text may be personal: it goes into no log. */
  onScan(listener: (finding: ScanFinding) => void): void
  /** One listener, called once: null after `close`, `PORT_LOST` when the scanner went away. */
  onClose(listener: (fault: Fault | null) => void): void
  /** Ends it; safe to call twice. */
  close(): Promise<void>
}

export interface SerialScannerOptions {
  /** `/dev/ttyACM0`, `COM5`. */
  readonly port: string
  /** 9600 is what scanners on a serial line are delivered with; USB ones take any. */
  readonly baudRate?: number
}

/** Opens a serial scanner (RS-232, TTL or USB CDC-ACM). Faults: `PORT_…`. Whether a scanner is there shows only a scan. */
export async function openSerialScanner(options: SerialScannerOptions): Promise<Result<Scanner>> {
  const opened = await openSerial(options.port, options.baudRate ?? DEFAULT_BAUD_RATE)
  return opened.ok ? ok(scannerOn(whilePresent(opened.value))) : opened
}

/** A scanner at the other end of a transport that is open. */
export function scannerOn(transport: Transport): Scanner {
  const assembler = new ScanAssembler()
  let onScan: (finding: ScanFinding) => void = () => {}
  let onClose: (fault: Fault | null) => void = () => {}
  let silence: NodeJS.Timeout | undefined
  const tell = (findings: readonly ScanFinding[]): void => {
    for (const finding of findings) onScan(finding)
  }
  transport.onData((chunk) => {
    clearTimeout(silence)
    tell(assembler.push(chunk, performance.now()))
    silence = setTimeout(() => tell(assembler.settle(performance.now())), IDLE_MS + TIMER_SLACK_MS)
  })
  transport.onClose((fault) => {
    clearTimeout(silence)
    onClose(fault)
  })
  return {
    identity: { profile: 'scanner-serial', port: transport.path, samId: null },
    simulated: PSEUDO_TERMINAL.test(transport.path),
    onScan(listener) {
      onScan = listener
    },
    onClose(listener) {
      onClose = listener
    },
    close: () => transport.close(),
  }
}

const DEFAULT_BAUD_RATE = 9_600
/** A timer may fire a little before its time by another clock; then nothing would settle. */
const TIMER_SLACK_MS = 5
const PSEUDO_TERMINAL = /^\/dev\/(pts\/|ttys\d)/
