import { fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Fault } from '../common/fault.ts'
import type { ExportRequest } from '../export/class-export.ts'

/** What the process of an export is asked for. `out` is the path that its file will have. */
export interface ExportOrder {
  readonly dir: string
  readonly classId: string | null
  readonly request: ExportRequest
  readonly out: string
}

/** Bytes that are durable beside the name that they will get, and not yet recorded. */
export interface MadeExport {
  readonly temporary: string
  readonly bytes: number
  readonly sha256: string
}

/** What that process sends: how far it is, then what it made, or the fault that it met. */
export type ExportAnswer =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | ({ readonly type: 'made' } & MadeExport)
  | { readonly type: 'fault'; readonly code: string; readonly message: string }

/**
 * Makes an export in a process of its own, which reads the ledger beside the station and gives way to it.
 * Rejects with the fault that it met, and with `EXPORT_ENDED` if it ended without an answer.
 */
export function makeExport(
  order: ExportOrder,
  onProgress: (done: number, total: number) => void,
): Promise<MadeExport> {
  const program = fileURLToPath(new URL('./export-process.ts', import.meta.url))
  const child = fork(program, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Whatever the environment asks of Node would be asked of the process that holds everybody's names.
    ...{ execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } },
    serialization: 'advanced',
  })
  giveWay(child.pid)
  child.send(order)
  return new Promise((resolve, reject) => {
    child.on('message', (answer: ExportAnswer) => {
      if (answer.type === 'progress') onProgress(answer.done, answer.total)
      else if (answer.type === 'made') resolve(answer)
      else reject(new Fault(answer.code as Fault['code'], answer.message))
    })
    const ended = () => reject(new Fault('EXPORT_ENDED', 'the export ended before its file was made'))
    child.once('error', ended)
    child.once('exit', ended)
  })
}

function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Not allowed here: it then competes with the station, which waits for people most of the time.
  }
}
