import { createHash } from 'node:crypto'
import { asFault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { exportClass } from '../export/class-export.ts'
import { writeAside } from '../export/write-file.ts'
import { closeMemory } from '../station/closed-memory.ts'
import type { ExportAnswer, ExportOrder } from './export-job.ts'
import { exportSource, openBeside } from './export-source.ts'

/* The process of `startExport`: makes one export's bytes and writes them durably beside the name that they will get. */

process.once('message', (order: ExportOrder) => void answer(order))
// The station is gone: nobody would record this export, so it must not be made.
process.once('disconnect', () => process.exit())

async function answer(order: ExportOrder): Promise<void> {
  // As the station's own memory: it holds names here.
  await closeMemory()
  const made = await make(order)
  process.send?.(made, () => process.disconnect())
}

async function make({ dir, classId, request, out }: ExportOrder): Promise<ExportAnswer> {
  try {
    const bytes = await bytesOf({ dir, classId, request })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { type: 'made', temporary: writeAside(out, bytes), bytes: bytes.length, sha256 }
  } catch (thrown) {
    const { code, message } = asFault(thrown)
    return { type: 'fault', code, message }
  }
}

async function bytesOf({ dir, classId, request }: Omit<ExportOrder, 'out'>): Promise<Uint8Array> {
  const data = openBeside(dir)
  try {
    const masked = request.kind !== 'bundle' && request.edition === 'masked'
    return unwrap(await exportClass(exportSource(data, masked), classId, request, tellHundredths()))
  } finally {
    data.close()
  }
}

/** At most a hundred messages, whatever the number of steps. */
function tellHundredths(): (done: number, total: number) => void {
  let told = -1
  return (done, total) => {
    const hundredth = Math.floor((done * 100) / Math.max(total, 1))
    if (hundredth === told) return
    told = hundredth
    process.send?.({ type: 'progress', done, total } satisfies ExportAnswer)
  }
}
