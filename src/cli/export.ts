import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { maskName, maskNumber } from '../cards/mask.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import {
  type ExportRequest,
  type ExportSource,
  exportClass,
  reportFormats,
  reportKinds,
} from '../export/class-export.ts'
import { periodKinds } from '../export/period.ts'
import type { NameOf } from '../export/report-context.ts'
import { parseRecipient } from '../export/sealed/age-keys.ts'
import type { Progress } from '../export/table.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { openRecordFrom, unsealFrom } from '../station/claim-records.ts'
import { catalogueTexts } from '../station/class-catalogue.ts'
import { ClassRoll } from '../station/class-roll.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { Recorder } from '../station/recorder.ts'
import { packFolder, personIdentity } from '../station/setup.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import { secret } from './staff.ts'

export const usage = `shidao export --class ID --kind attendance|signin|hours|allowance|claims|roster|teacher --format xlsx|csv|pdf|json --out FILE [--person ID] [--masked] [--progress] [--data DIR] [--json]
shidao export [--class ID] --kind monthly|quarterly|annual [--period 2026-03|2026-Q1|2026] --format xlsx|csv|pdf|json --out FILE   plan against actual, by class, area and group
shidao export --class ID --kind bundle --out FILE [--auditor age1… | --passphrase] [--data DIR] [--json]   a zip that "shidao verify" checks anywhere: masked,
                 with a part of names, numbers and e-files that only this auditor (more than one: --auditor again) or passphrase opens`

/**
 * Exports one class, or one period of all classes. Nothing leaves a station unrecorded: the bytes are written aside,
 * the `export` event with their sha256 is appended, and only then does the file get its name. So this needs the
 * station's ledger for itself, and a running station is `EXPORT_STATION_RUNNING`.
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
  const { out } = values
  const request = await sealedRequest(exportRequest(values), values)
  const classId = values.class ?? null
  if (out === undefined || (classId === null && !isPeriod(request.kind))) {
    throw new Fault('USAGE_EXPORT', 'export takes --class ID, --kind and --out FILE')
  }
  if (isFolder(out)) throw new Fault('EXPORT_WRITE', `${out} is a folder; --out takes a file`)
  const data = openForRecording(values.data ?? defaultDataFolder())
  try {
    const onProgress = values.progress ? progressOn(process.stderr) : undefined
    const source = exportSource(data, values.masked)
    const bytes = unwrap(await exportClass(source, classId, request, onProgress))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { kind, format } = request
    const sealedFor = openers(values)
    let event = -1
    writeWholeFile(out, bytes, () => {
      data.ledger.keepCheckpoint('export')
      event = new Recorder(data, new ClassRoll()).append({
        type: 'export',
        data: { class: classId ?? ALL_CLASSES, kind, format, sha256, ...sealedFor },
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

/** What the record of an export says in place of one class. */
const ALL_CLASSES = '*'

function exportRequest(values: {
  readonly kind?: string | undefined
  readonly format?: string | undefined
  readonly person?: string | undefined
  readonly period?: string | undefined
  readonly masked: boolean
}): ExportRequest {
  if (values.kind === 'bundle') return { kind: 'bundle', format: 'zip' }
  const kind = reportKinds.find((known) => known === values.kind)
  if (kind === undefined) {
    throw new Fault('USAGE_EXPORT', `export takes --kind ${[...reportKinds, 'bundle'].join('|')}`)
  }
  const format = reportFormats.find((known) => known === values.format)
  if (format === undefined) {
    throw new Fault('EXPORT_FORMAT_UNSUPPORTED', `--kind ${kind} takes --format ${reportFormats.join(', ')}`)
  }
  const { person, period } = values
  if (person !== undefined && kind !== 'hours')
    throw new Fault('USAGE_EXPORT', '--person goes with --kind hours')
  if (period !== undefined && !isPeriod(kind)) {
    throw new Fault('USAGE_EXPORT', `--period goes with --kind ${periodKinds.join('|')}`)
  }
  return {
    ...{ kind, format, edition: values.masked ? 'masked' : 'full' },
    ...(person === undefined ? {} : { person }),
    ...(period === undefined ? {} : { period }),
  }
}

/** To whom a bundle is sealed, beside what everybody may read. */
async function sealedRequest(
  request: ExportRequest,
  { auditor, passphrase }: { readonly auditor?: string[] | undefined; readonly passphrase: boolean },
): Promise<ExportRequest> {
  if (auditor === undefined && !passphrase) return request
  if (request.kind !== 'bundle' || (auditor !== undefined && passphrase))
    throw new Fault('USAGE_EXPORT', 'either --auditor or --passphrase goes with --kind bundle')
  if (auditor !== undefined)
    return { ...request, sealFor: { keys: auditor.map((text) => unwrap(parseRecipient(text))) } }
  const said = await secret('SHIDAO_PASSPHRASE', 'Passphrase for the auditor: ')
  if ([...said].length < SHORTEST_PASSPHRASE)
    throw new Fault('EXPORT_PASSPHRASE', `a passphrase has at least ${SHORTEST_PASSPHRASE} characters`)
  return { ...request, sealFor: { passphrase: said } }
}

/** What the record of an export says of who can open it. */
function openers({
  auditor,
  passphrase,
}: {
  readonly auditor?: string[] | undefined
  readonly passphrase: boolean
}): { readonly sealedFor?: string[] } {
  if (auditor !== undefined) return { sealedFor: auditor.map((text) => text.trim()) }
  return passphrase ? { sealedFor: ['passphrase'] } : {}
}

/** Whoever has the file can try passphrases for as long as they like. */
const SHORTEST_PASSPHRASE = 16

function isPeriod(kind: ExportRequest['kind']): boolean {
  return periodKinds.some((known) => known === kind)
}

/** A line for every tenth and the last step, on a stream of its own: the answer stays parseable. */
function progressOn(stream: NodeJS.WritableStream): Progress {
  let told = 0
  return (done, total) => {
    const tenth = Math.floor((done * 10) / total)
    if (tenth === told) return
    told = tenth
    stream.write(`export: ${done} of ${total}\n`)
  }
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

function exportSource(data: StationData, masked: boolean): ExportSource {
  const nameOf: NameOf = (person) => {
    const identity = personIdentity(data, person)
    if (identity === null || !masked) return identity
    return { name: maskName(identity.name), number: maskNumber(identity.number) }
  }
  const names = new Map(new Staff(data).list().map(({ actor, name }) => [actor, name]))
  const actorName = (actor: string) => {
    const name = names.get(actor) ?? null
    return name === null || !masked ? name : maskName(name)
  }
  const { ledger, key, dir, side } = data
  return {
    ...{ ledger, signer: key.signer, packFolders: [packFolder(dir)] },
    ...{ nameOf, actorName, unseal: unsealFrom(side), openRecord: openRecordFrom(side) },
    catalogues: catalogueTexts(data),
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
