import type { FaultCode } from '../../common/fault.ts'
import type { VendorPrototypes } from './prototypes.ts'

/* What the station's process and a vendor library's process say to each other (structured clone, one call at a time). */

/** What goes into a call, by argument name: numbers by value, bytes for inputs and files. */
export type CallValues = Readonly<Record<string, number | Uint8Array>>

export interface VendorAnswer {
  /** What the function returned. */
  readonly result: number
  /** Every output, cut to the length that the library reported, by argument name. */
  readonly outputs: Readonly<Record<string, Uint8Array>>
  /** Reported lengths by the name of their output, as they came: one that exceeds the room is the library's error. */
  readonly lengths: Readonly<Record<string, number>>
  /** The file that the function produces, null if it is not there or too large. */
  readonly file: Uint8Array | null
}

export type BridgeRequest =
  | { readonly type: 'load'; readonly library: string; readonly prototypes: VendorPrototypes }
  | {
      readonly type: 'call'
      readonly function: string
      readonly values: CallValues
      readonly timeoutMs: number
    }

/** Faults cross the border as code and sentence. */
export type BridgeReply =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly answer: VendorAnswer }
  | { readonly type: 'fault'; readonly code: FaultCode; readonly message: string }
