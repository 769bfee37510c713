import { Fault } from '../common/fault.ts'

/** Every reason why a request is refused, with its HTTP status. 400, 403, 404, 409 and 422 as in C2SP tlog-witness. */
export const refusalStatus = {
  COLLECTOR_REQUEST: 400,
  COLLECTOR_SIGNATURE: 403,
  COLLECTOR_UNCONFIRMED: 403,
  COLLECTOR_SIMULATED: 403,
  COLLECTOR_UNKNOWN_STATION: 404,
  COLLECTOR_PATH: 404,
  COLLECTOR_METHOD: 405,
  COLLECTOR_SIZE: 409,
  COLLECTOR_ROLLBACK: 409,
  COLLECTOR_ORIGIN_TAKEN: 409,
  COLLECTOR_TOO_LARGE: 413,
  COLLECTOR_ENCODING: 415,
  COLLECTOR_FORK: 422,
  COLLECTOR_PROOF: 422,
  COLLECTOR_EVENT: 422,
  COLLECTOR_FAILED: 500,
  COLLECTOR_PENDING_FULL: 503,
} as const

export type RefusalCode = keyof typeof refusalStatus

/** What a station learns besides the code: where the collector's copy of its tree stands. */
export interface Standing {
  readonly size: number
  /** RFC 6962 root at `size`, hex. */
  readonly root: string
  /** The newest checkpoint that the collector cosigned, null before the first. */
  readonly note: string | null
}

/** A request that is answered with `{code, message}` and, where it helps the station to go on, its standing. */
export class Refusal extends Fault {
  override readonly code: RefusalCode
  readonly standing: Standing | null

  constructor(code: RefusalCode, message: string, standing: Standing | null = null) {
    super(code, message)
    this.code = code
    this.standing = standing
  }
}
