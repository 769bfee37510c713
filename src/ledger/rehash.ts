import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Fault } from '../common/fault.ts'
import type { LogVerification } from './verification.ts'

/** The whole ledger, verified in a process of its own beside the station that goes on recording. */
export interface Rehash {
  /**
   * What was found. Rejects with `LEDGER_REHASH` if the process ended without an answer, and with the fault of
   * `verifyLog` that it met.
   */
  readonly finished: Promise<RehashFinding>
  /** Ends it; `finished` rejects with `LEDGER_REHASH`. Harmless when it is over. */
  stop(): void
}

export interface RehashFinding {
  readonly verification: LogVerification
  readonly ms: number
  /** Most memory that the process had, bytes. */
  readonly peakBytes: number
}

/** What the process sends: its finding, or the fault that it met. */
export type RehashAnswer = RehashFinding | { readonly fault: { code: string; message: string } }

/** `background` runs it behind everything else that wants the processor. */
export function startRehash(dir: string, { background }: { readonly background: boolean }): Rehash {
  const program = fileURLToPath(new URL('./rehash-process.ts', import.meta.url))
  const child = fork(program, [dir], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // A row is garbage as soon as it is checked: a small nursery finds that out before it costs memory.
    execArgv: [...process.execArgv, '--max-semi-space-size=4'],
  })
  if (background) lowerPriority(child)
  return { finished: answerOf(child), stop: () => void child.kill('SIGKILL') }
}

function answerOf(child: ChildProcess): Promise<RehashFinding> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer: RehashAnswer) => {
      if (!('fault' in answer)) resolve(answer)
      else reject(new Fault(answer.fault.code as Fault['code'], answer.fault.message))
    })
    const ended = () =>
      reject(new Fault('LEDGER_REHASH', 'the ledger could not be verified in the background'))
    child.once('error', ended)
    child.once('exit', ended)
  })
}

function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // Not allowed here: it then competes with the station, which waits for people most of the time.
  }
}
