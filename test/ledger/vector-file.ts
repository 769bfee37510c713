import { bundlePolicy } from '../../src/export/bundle-policy.ts'
import type { VectorLedger } from './vector-ledger.ts'

export interface VectorFile {
  readonly name: string
  readonly kind:
    | 'checkpoint'
    | 'gm-checkpoint'
    | 'receipt'
    | 'consistency'
    | 'tlog-proof'
    | 'event-proof'
    | 'bundle'
    | 'certificate'
    | 'visit'
  readonly valid: boolean
  /** Why it is not valid, for people. */
  readonly forged: string | null
  readonly bytes: Uint8Array
}

export function valid(kind: VectorFile['kind'], name: string, content: string | Uint8Array): VectorFile {
  return { name, kind, valid: true, forged: null, bytes: Buffer.from(content) }
}

export function forged(
  kind: VectorFile['kind'],
  name: string,
  why: string,
  content: string | Uint8Array,
): VectorFile {
  return { name, kind, valid: false, forged: why, bytes: Buffer.from(content) }
}

export function policyOf({ recorded }: VectorLedger): string {
  return bundlePolicy(recorded.map(({ event }) => event))
}
