import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { civilDate } from '../common/civil-time.ts'
import { asFault, Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { ExportRequest } from '../export/class-export.ts'
import { giveName } from '../export/write-file.ts'
import type { EventData, SignedAct } from '../ledger/event.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { ExportAnswers, ExportWork } from '../station/export-work.ts'
import { ExportFiles } from './export-files.ts'
import { type MadeExport, makeExport } from './export-job.ts'
import { ALL_CLASSES, type AskedExport, exportRequest } from './export-request.ts'

type State = ExportAnswers['export.state']
type Order = Extract<ExportWork, { readonly act: 'export.start' }>

/**
 * Exports beside a running door, and the files that they leave; see `ExportAnswers` for what each request gives. One
 * export at a time. As with `shidao export` nothing leaves unrecorded: the bytes are durable under another name, the
 * `export` event is appended, and only then does the file get its name.
 * Faults: `EXPORT_BUSY`, `EXPORT_JOB_UNKNOWN`, those of `exportRequest`, `Staff.sign` and `ExportFiles`.
 */
export function openExportDesk(parts: DeskParts): (work: ExportWork) => Promise<Result<unknown>> {
  const files = new ExportFiles(parts.data.dir)
  files.clear()
  const states: State[] = []

  const start = (order: Order): Result<ExportAnswers['export.start']> => {
    if (states.at(-1)?.state === 'running') {
      return failed(new Fault('EXPORT_BUSY', 'an export goes on; wait for its end'))
    }
    const request = exportRequest(order)
    if (!request.ok) return request
    const act = askedBy(parts, order, request.value)
    if (!act.ok) return act
    files.prepare()
    const job = states.length + 1
    const tell = (change: Partial<State>) => {
      const known = states[job - 1] ?? {
        job,
        ...BEGUN,
        folder: files.folder,
        simulated: parts.data.key.simulated,
      }
      states[job - 1] = { ...known, ...change }
    }
    tell({})
    void run(parts, files, order, request.value, act.value, tell)
    return ok({ job })
  }

  return async (work) => {
    switch (work.act) {
      case 'export.start':
        return start(work)
      case 'export.state': {
        const state = states[work.job - 1]
        return state === undefined ? failed(new Fault('EXPORT_JOB_UNKNOWN', 'no such export')) : ok(state)
      }
      case 'files.list':
        return ok(await files.list())
      case 'files.read':
        return files.read(work.name, work.offset)
    }
  }
}

/** What the record of an export says of it. A bundle has no masked edition. */
export function exportRecord(
  { class: classId, seal }: Pick<AskedExport, 'class' | 'seal'>,
  request: ExportRequest,
): Pick<EventData['export'], 'class' | 'kind' | 'format' | 'edition' | 'sealedFor'> {
  const { kind, format } = request
  return {
    ...{ class: classId ?? ALL_CLASSES, kind, format },
    ...(request.kind === 'bundle' ? {} : { edition: request.edition }),
    ...(seal === null ? {} : { sealedFor: 'auditors' in seal ? [...seal.auditors] : ['passphrase'] }),
  }
}

const BEGUN = {
  state: 'running',
  done: 0,
  total: 0,
  file: null,
  event: null,
  code: null,
  message: null,
} as const

/** Signed when it is asked for, not at its end: nobody's PIN is kept that long. */
function askedBy(
  { staff }: DeskParts,
  { by, ...asked }: Order,
  request: ExportRequest,
): Result<SignedAct | null> {
  if (by === null) return ok(null)
  return staff.sign({ act: 'export', ...exportRecord(asked, request) }, [by])
}

/** Never rejects: what went wrong is in the state. */
async function run(
  parts: DeskParts,
  files: ExportFiles,
  asked: Order,
  request: ExportRequest,
  act: SignedAct | null,
  tell: (change: Partial<State>) => void,
): Promise<void> {
  const { dir, clock } = parts.data
  let made: MadeExport | null = null
  try {
    const out = files.freePath(request.kind, asked.class, civilDate(clock.now().wall), request.format)
    made = await makeExport({ dir, classId: asked.class, request, out }, (done, total) =>
      tell({ done, total }),
    )
    const { bytes, sha256, temporary } = made
    const signed = act === null ? {} : { act }
    const record = { ...exportRecord(asked, request), sha256, ...signed }
    const event = parts.recorder.append({ type: 'export', data: record })
    parts.data.ledger.keepCheckpoint('export')
    giveName(temporary, out)
    const name = basename(out)
    files.grant(name)
    tell({ state: 'done', file: { name, bytes, sha256 }, event })
  } catch (thrown) {
    if (made !== null) rmSync(made.temporary, { force: true })
    const { code, message } = asFault(thrown)
    tell({ state: 'failed', code, message })
  }
}
