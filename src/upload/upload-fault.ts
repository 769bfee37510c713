import { Fault } from '../common/fault.ts'

export type UploadFaultCode =
  /** No connection, or it broke before the answer was complete. */
  | 'UPLOAD_UNREACHABLE'
  | 'UPLOAD_TIMEOUT'
  /** The certificate isn't one that this station trusts. */
  | 'UPLOAD_TLS'
  /** Something answered that isn't a collector, or not what was asked. */
  | 'UPLOAD_ANSWER'
  | 'UPLOAD_SERVER'
  | 'UPLOAD_BUSY'
  | 'UPLOAD_REFUSED'
  | 'UPLOAD_NOT_ENROLLED'
  | 'UPLOAD_UNCONFIRMED'
  /** The receipt is not signed by the collector whose key was pinned. */
  | 'UPLOAD_COSIGNATURE'
  /** Alarm: the collector holds another history under this station's name. */
  | 'UPLOAD_FORK'
  /** Alarm: the collector holds more than this station does; its ledger is an old copy. */
  | 'UPLOAD_ROLLBACK'
  /** The collector holds less than it gave a receipt for; everything is sent again. */
  | 'UPLOAD_COLLECTOR_LOST'
  /** The ledger or this program failed, not the collector. */
  | 'UPLOAD_FAILED'
  | 'UPLOAD_STOPPED'
  /** Configuration. */
  | 'UPLOAD_URL'
  | 'UPLOAD_INSECURE'
  | 'UPLOAD_KEY'

/** Why nothing was sent this time. The ledger is untouched by it; what waits goes on waiting. */
export class UploadFault extends Fault {
  override readonly code: UploadFaultCode
  /** How long the collector asked to be left alone, ms. */
  readonly retryAfterMs: number | null

  constructor(
    code: UploadFaultCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | null } = {},
  ) {
    super(code, message, { cause: options.cause })
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? null
  }

  /** A collector was there and understood what was asked, whatever it answered. */
  get answered(): boolean {
    return !silent.has(this.code)
  }
}

const silent: ReadonlySet<UploadFaultCode> = new Set([
  'UPLOAD_UNREACHABLE',
  'UPLOAD_TIMEOUT',
  'UPLOAD_TLS',
  'UPLOAD_ANSWER',
  'UPLOAD_SERVER',
  'UPLOAD_BUSY',
  'UPLOAD_FAILED',
  'UPLOAD_STOPPED',
])
