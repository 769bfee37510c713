import type { ClassAttendance } from '../attendance/attendance-share.ts'
import { classHours } from '../attendance/class-hours.ts'
import type { EvidenceTotals } from '../attendance/evidence.ts'
import { summariseEvidence } from '../attendance/evidence-summary.ts'
import type { HoursDocument, PersonHours } from '../attendance/hours.ts'
import { readPackFile } from '../attendance/shipped-packs.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { Ledger } from '../ledger/ledger.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { systemClock } from '../station/clock.ts'
import { stationExists } from '../station/data-folder.ts'
import { packFolder } from '../station/setup.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'

export const usage =
  'shidao hours --class ID [--pack FILE] [--data DIR] [--json]   verified hours, each with its reasons'

/** Only reads, also beside a running station. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    pack: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  if (values.class === undefined) throw new Fault('USAGE_CLASS', 'hours takes --class ID')
  const dir = values.data ?? defaultDataFolder()
  const pack = values.pack === undefined ? {} : { pack: unwrap(readPackFile(values.pack)) }
  const ledger = openForReading(dir)
  try {
    const rules = { ...pack, packFolders: [packFolder(dir)] }
    const { hours } = unwrap(classHours(ledger.events(), values.class, rules))
    printAnswer(values.json, hours, hoursLines(hours))
    return EXIT.yes
  } finally {
    ledger.close()
  }
}

function openForReading(dir: string): Ledger {
  if (!stationExists(dir)) throw new Fault('STATION_NOT_FOUND', `${dir} holds no station`)
  const clock = systemClock()
  const { signer, keys } = loadStationKey(dir)
  return Ledger.open({ dir, signer, keys, now: () => clock.now(), readonly: true })
}

function hoursLines(hours: HoursDocument): string[] {
  const people = hours.people.flatMap(({ person, lessons, creditedMs, sessions, attendance, byEvidence }) => [
    `${person}  ${lessons} lessons  ${clockSpan(creditedMs)}${attendanceText(attendance)}${proofText(byEvidence)}`,
    ...sessions.map(
      ({ id, state, creditedMs: ms, reasons }) =>
        `  ${id.padEnd(12)} ${state.padEnd(10)} ${clockSpan(ms)}  ${reasons.map(({ rule }) => rule).join(', ')}`,
    ),
  ])
  const seats = hours.attendance === undefined ? [] : [classText(hours.attendance)]
  const mark = hours.simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []
  return [
    ...mark,
    `class ${hours.class}  pack ${hours.pack.id} ${hours.pack.sha256.slice(0, 16)}`,
    ...seats,
    ...people,
  ]
}

function attendanceText(attendance: PersonHours['attendance']): string {
  if (attendance === undefined || attendance.plannedMs === 0) return ''
  const percent = Math.floor((attendance.creditedMs * 100) / attendance.plannedMs)
  const verdict = attendance.met === false ? `, below ${attendance.least} %` : ''
  return `  ${percent} % of the timetable${verdict}`
}

function classText({ seats, taken, card }: ClassAttendance): string {
  return `  seats taken: ${taken} of ${seats}; card: ${card ?? 'no rule'}`
}

/** Hours by how they were proven, in words; nothing for somebody without any. */
function proofText(totals: EvidenceTotals): string {
  const { face, witnessed, manual, noFace, simulated } = summariseEvidence(totals)
  const parts = { ...face, witnessed, manual, 'no face': noFace, simulated }
  const said = Object.entries(parts).flatMap(([name, ms]) => (ms > 0 ? [`${name} ${clockSpan(ms)}`] : []))
  return said.length === 0 ? '' : `  (${said.join(', ')})`
}

/** `h:mm:ss`, cut down to whole seconds for reading only. */
function clockSpan(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
