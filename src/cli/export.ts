import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { maskName, maskNumber } from '../cards/mask.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import type { NameOf } from '../export/attendance-table.ts'
import { type ExportRequest, exportClass } from '../export/class-export.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { ClassRoll } from '../station/class-roll.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { Recorder } from '../station/recorder.ts'
import { packFolder, personIdentity } from '../station/setup.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'

export const usage = `shidao export --class ID --kind attendance --format xlsx|csv|json --out FILE [--masked] [--data DIR] [--json]
shidao export --class ID --kind bundle --out FILE [--data DIR] [--json]   a zip that "shidao verify" checks anywhere`

/** Kinds of the contract that are not made yet. */
const later = new Set('signin hours allowance claims roster teacher monthly quarterly annual'.split(' '))

/**
 * Exports one class. Nothing leaves a station unrecorded: the bytes are written aside, the `export` event with
 * their sha256 is appended, and only then does the file get its name. So this needs the station's ledger for
 * itself, and a running station is `EXPORT_STATION_RUNNING`.
 */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    kind: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    masked: { type: 'boolean', default: false },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { class: classId, out } = values
  if (classId === undefined || out === undefined) {
    throw new Fault('USAGE_EXPORT', 'export takes --class ID, --kind and --out FILE')
  }
  const request = exportRequest(values.kind, values.format, values.masked)
  if (isFolder(out)) throw new Fault('EXPORT_WRITE', `${out} is a folder; --out takes a file`)
  const data = openForRecording(values.data ?? defaultDataFolder())
  try {
    const bytes = unwrap(await exportClass(exportSource(data, values.masked), classId, request))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { kind, format } = request
    let event = -1
    writeWholeFile(out, bytes, () => {
      data.ledger.keepCheckpoint('export')
      event = new Recorder(data, new ClassRoll()).append({
        type: 'export',
        data: { class: classId, kind, format, sha256 },
      })
    })
    const { simulated } = data.key
    const answer = { class: classId, kind, format, file: out, bytes: bytes.length, sha256, simulated, event }
    const mark = simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []
    printAnswer(values.json, answer, [...mark, `${out}  ${bytes.length} bytes`, `sha256 ${sha256}`])
    return EXIT.yes
  } finally {
    data.close()
  }
}

function exportRequest(kind: string | undefined, format: string | undefined, masked: boolean): ExportRequest {
  if (kind === 'bundle') return { kind, format: 'zip' }
  if (kind === 'attendance') {
    if (format === 'xlsx' || format === 'csv' || format === 'json') {
      return { kind, format, edition: masked ? 'masked' : 'full' }
    }
    throw new Fault('EXPORT_FORMAT_UNSUPPORTED', '--kind attendance takes --format xlsx, csv or json')
  }
  if (kind !== undefined && later.has(kind)) {
    throw new Fault(
      'EXPORT_KIND_UNSUPPORTED',
      `--kind ${kind} is not made yet; there is attendance and bundle`,
    )
  }
  throw new Fault('USAGE_EXPORT', 'export takes --kind attendance or --kind bundle')
}

function openForRecording(dir: string): StationData {
  try {
    return openStation(dir, { clock: systemClock() })
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'LEDGER_LOCKED') throw thrown
    const message = 'the station is running, and an export has to be recorded; stop the station first'
    throw new Fault('EXPORT_STATION_RUNNING', message, { cause: thrown })
  }
}

function exportSource(data: StationData, masked: boolean) {
  const nameOf: NameOf = (person) => {
    const identity = personIdentity(data, person)
    if (identity === null || !masked) return identity
    return { name: maskName(identity.name), number: maskNumber(identity.number) }
  }
  const { ledger, key, dir } = data
  return { ledger, vkey: key.vkey, packFolders: [packFolder(dir)], nameOf }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
