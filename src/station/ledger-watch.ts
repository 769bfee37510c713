import { asFault, Fault } from '../common/fault.ts'
import type { EventData } from '../ledger/event.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Rehash, startRehash } from '../ledger/rehash.ts'

/** Where the verification of the whole ledger stands. */
export type LedgerHealth =
  | { readonly state: 'running' }
  | { readonly state: 'sound'; readonly size: number; readonly ms: number }
  | { readonly state: 'unknown' | 'damaged'; readonly fault: Fault }

export interface LedgerWatch {
  readonly health: LedgerHealth
  /** Resolves when the verification is over, whatever it found. */
  readonly finished: Promise<void>
  stop(): Promise<void>
}

/**
 * Opening a ledger checks its tree and its newest events; this re-hashes all the others, once, behind the running
 * station. Damage stops the ledger: nothing more is recorded on top of it, each attempt says why, and `onFault` is told.
 * Records about people that are gone are told, too, but don't stop anybody from signing in. `onVerified` is told what did
 * not stop the ledger, to be recorded.
 */
export function watchLedger(
  { dir, ledger }: { readonly dir: string; readonly ledger: Ledger },
  onFault: (fault: Fault) => void,
  onVerified: (finding: EventData['ledger.rehashed']) => void = () => {},
  start: (dir: string, how: { background: boolean }) => Rehash = startRehash,
): LedgerWatch {
  let health: LedgerHealth = { state: 'running' }
  let stopped = false
  const report = (finding: EventData['ledger.rehashed']) => {
    try {
      if (!stopped) onVerified(finding)
    } catch (thrown) {
      onFault(asFault(thrown))
    }
  }
  const rehash = start(dir, { background: true })
  const finished = rehash.finished.then(
    ({ verification: { problem, size }, ms }) => {
      const isUsable = problem === null || problem.code === 'side-data-missing'
      if (isUsable && size > 0) report({ size, problem: problem?.code ?? null, ms: Math.round(ms) })
      if (problem === null) {
        health = { state: 'sound', size, ms }
        return
      }
      const code = `LEDGER_${problem.code.replaceAll('-', '_').toUpperCase()}` as Fault['code']
      const fault = new Fault(code, `event ${problem.index ?? '?'}: ${problem.detail}`)
      health = { state: 'damaged', fault }
      if (!isUsable) ledger.stop(fault)
      onFault(fault)
    },
    (thrown: unknown) => {
      const fault = asFault(thrown)
      health = { state: 'unknown', fault }
      if (!stopped) onFault(fault)
    },
  )
  return {
    get health() {
      return health
    },
    finished,
    stop: async () => {
      stopped = true
      rehash.stop()
      await finished
    },
  }
}
