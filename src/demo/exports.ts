import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { unwrap } from '../common/result.ts'
import { type ExportRequest, exportClass } from '../export/class-export.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { personIdentity } from '../station/setup.ts'
import { CLASS_ID } from './scenario.ts'
import type { SimulatedSite } from './site.ts'

const requests: readonly [string, ExportRequest][] = [
  ['attendance.xlsx', { kind: 'attendance', format: 'xlsx', edition: 'full' }],
  ['attendance.csv', { kind: 'attendance', format: 'csv', edition: 'full' }],
  ['bundle.zip', { kind: 'bundle', format: 'zip' }],
]

/** Exports the class in every form, each recorded as `shidao export` records it. Gives the paths. */
export async function exportDemo({ data }: SimulatedSite, folder: string): Promise<string[]> {
  mkdirSync(folder)
  const { ledger } = data
  const source = {
    ledger,
    packFolders: [],
    nameOf: (person: string) => personIdentity(data, person),
    signer: data.key.signer,
  }
  const files: string[] = []
  for (const [name, request] of requests) {
    const bytes = unwrap(await exportClass(source, CLASS_ID, request))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { kind, format } = request
    const file = join(folder, name)
    writeWholeFile(file, bytes, () => {
      ledger.append({ type: 'export', data: { class: CLASS_ID, kind, format, sha256 } })
    })
    files.push(file)
  }
  return files
}
