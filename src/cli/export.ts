import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Fault, type FaultCode } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { exportRecord } from '../desk/export-desk.ts'
import { type AskedExport, exportRequest } from '../desk/export-request.ts'
import { exportSource } from '../desk/export-source.ts'
import { exportClass } from '../export/class-export.ts'
import type { Progress } from '../export/table.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { ClassRoll } from '../station/class-roll.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import type { ExportAnswers } from '../station/export-work.ts'
import { Recorder } from '../station/recorder.ts'
import { stationSocketPath } from '../station/socket-path.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import { performDeskWork } from './desk.ts'
import { secret } from './staff.ts'
import { stationAnswers } from './station-process.ts'

export const usage = `shidao export --class ID --kind attendance|signin|hours|allowance|claims|roster|teacher --format xlsx|csv|pdf|json --out FILE [--person ID] [--masked] [--progress] [--data DIR] [--json]
shidao export [--class ID] --kind monthly|quarterly|annual [--period 2026-03|2026-Q1|2026] --format xlsx|csv|pdf|json --out FILE   plan against actual, by class, area and group
shidao export --class ID --kind bundle --out FILE [--auditor age1… | --passphrase] [--data DIR] [--json]   a zip that "shidao verify" checks anywhere: masked,
                 with a part of names, numbers and e-files that only this auditor (more than one: --auditor again) or passphrase opens`

/**
 * Exports one class, or one period of all classes. Nothing leaves a station unrecorded: the bytes are written aside,
 * the `export` event with their sha256 is appended, and only then does the file get its name. A station that runs makes
 * the file itself, in its folder `exports`, and it is copied from there; nobody's PIN is needed, because whoever may
 * open the station's socket is the user whose folder it is. `EXPORT_STATION_RUNNING` where something has the ledger
 * open and no station answers.
 */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    kind: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    person: { type: 'string' },
    period: { type: 'string' },
    masked: { type: 'boolean', default: false },
    auditor: { type: 'string', multiple: true },
    passphrase: { type: 'boolean', default: false },
    progress: { type: 'boolean', default: false },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { out, masked } = values
  if (out === undefined) throw new Fault('USAGE_EXPORT', 'export takes --class ID, --kind and --out FILE')
  const { class: classId = null, kind = null, person = null, period = null } = values
  const seal = await sealOf(values)
  const asked = { class: classId, kind, format: values.format ?? null, masked, person, period, seal }
  const request = unwrap(exportRequest(asked))
  if (isFolder(out)) throw new Fault('EXPORT_WRITE', `${out} is a folder; --out takes a file`)
  const dir = values.data ?? defaultDataFolder()
  const onProgress = values.progress ? progressOn(process.stderr) : () => {}
  const runs = await stationAnswers(stationSocketPath(dir))
  const left = await (runs ? throughStation : byItself)(dir, asked, out, onProgress)
  const answer = { class: classId, kind: request.kind, format: request.format, file: out, ...left }
  const mark = left.simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []
  printAnswer(values.json, answer, [...mark, `${out}  ${left.bytes} bytes`, `sha256 ${left.sha256}`])
  return EXIT.yes
}

/** What became of an export. `event` is the leaf of its record. */
interface Left {
  readonly bytes: number
  readonly sha256: string
  readonly simulated: boolean
  readonly event: number
}

type Leave = (dir: string, asked: AskedExport, out: string, onProgress: Progress) => Promise<Left>

const byItself: Leave = async (dir, asked, out, onProgress) => {
  const data = openForRecording(dir)
  try {
    const request = unwrap(exportRequest(asked))
    const bytes = unwrap(
      await exportClass(exportSource(data, asked.masked), asked.class, request, onProgress),
    )
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    let event = -1
    writeWholeFile(out, bytes, () => {
      data.ledger.keepCheckpoint('export')
      const recorder = new Recorder(data, new ClassRoll())
      event = recorder.append({ type: 'export', data: { ...exportRecord(asked, request), sha256 } })
    })
    return { bytes: bytes.length, sha256, simulated: data.key.simulated, event }
  } finally {
    data.close()
  }
}

const throughStation: Leave = async (dir, asked, out, onProgress) => {
  const { class: classId, kind, format, ...rest } = asked
  const order = { class: classId, kind: kind ?? '', format: (format ?? 'zip') as 'zip', ...rest, by: null }
  const { job } = (await performDeskWork(dir, { act: 'export.start', ...order })) as Answers['export.start']
  for (;;) {
    const state = (await performDeskWork(dir, { act: 'export.state', job })) as Answers['export.state']
    if (state.total > 0) onProgress(state.done, state.total)
    if (state.code !== null) {
      throw new Fault(state.code as FaultCode, state.message ?? 'the station could not make this export')
    }
    if (state.file === null || state.event === null) {
      await pause(POLL_MS)
      continue
    }
    const { name, sha256 } = state.file
    const bytes = await readPieces(dir, name)
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new Fault('EXPORT_WRITE', 'the station’s file is not what it recorded')
    }
    writeWholeFile(out, bytes)
    return { bytes: bytes.length, sha256, simulated: state.simulated, event: state.event }
  }
}

async function readPieces(dir: string, name: string): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  let offset = 0
  for (;;) {
    const piece = (await performDeskWork(dir, { act: 'files.read', name, offset })) as Answers['files.read']
    const bytes = Buffer.from(piece.base64, 'base64')
    pieces.push(bytes)
    offset += bytes.length
    if (offset >= piece.total || bytes.length === 0) return Buffer.concat(pieces)
  }
}

/** To whom a bundle is sealed, beside what everybody may read; null where nobody is named. */
async function sealOf({
  auditor,
  passphrase,
}: {
  readonly auditor?: string[] | undefined
  readonly passphrase: boolean
}): Promise<AskedExport['seal']> {
  if (auditor !== undefined && passphrase)
    throw new Fault('USAGE_EXPORT', 'a bundle is sealed either by --auditor or by --passphrase')
  if (auditor !== undefined) return { auditors: auditor }
  return passphrase ? { passphrase: await secret('SHIDAO_PASSPHRASE', 'Passphrase for the auditor: ') } : null
}

type Answers = ExportAnswers

const POLL_MS = 200

/** A line for every tenth and the last step, on a stream of its own: the answer stays parseable. */
function progressOn(stream: NodeJS.WritableStream): Progress {
  let told = 0
  return (done, total) => {
    const tenth = Math.floor((done * 10) / total)
    if (tenth <= told) return
    told = tenth
    stream.write(`export: ${done} of ${total}\n`)
  }
}

function openForRecording(dir: string): StationData {
  try {
    return openStation(dir, { clock: systemClock() })
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'LEDGER_LOCKED') throw thrown
    const message = 'the ledger is open elsewhere and no station answers, so the export cannot be recorded'
    throw new Fault('EXPORT_STATION_RUNNING', message, { cause: thrown })
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
