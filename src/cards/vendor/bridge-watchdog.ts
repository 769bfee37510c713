import { rmSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

/*
 * A thread beside the vendor's library: while a call hangs, nothing else in that process can notice that the station
 * is gone. A call that outlives its limit by far ends the process from here, and no folder stays behind.
 */

export interface WatchdogData {
  /** [0] number of the call under way, 0 when there is none; [1] its limit in milliseconds. */
  readonly state: Int32Array<SharedArrayBuffer>
  readonly folder: string
}

const { state, folder } = workerData as WatchdogData

for (;;) {
  Atomics.wait(state, 0, 0)
  const call = Atomics.load(state, 0)
  if (call !== 0 && Atomics.wait(state, 0, call, Atomics.load(state, 1)) === 'timed-out') end()
}

function end(): never {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Windows keeps the folder itself while it is in use; what was in it is gone.
  }
  process.kill(process.pid, 'SIGKILL')
  throw new Error('ended')
}
