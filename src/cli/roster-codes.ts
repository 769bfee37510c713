import { maskName, maskNumber } from '../cards/mask.ts'
import { Fault } from '../common/fault.ts'
import { codeSheetPage } from '../export/code-sheet.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { Ledger } from '../ledger/ledger.ts'
import { SideRecords } from '../ledger/side-records.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { ClassRoll } from '../station/class-roll.ts'
import { systemClock } from '../station/clock.ts'
import { stationExists } from '../station/data-folder.ts'
import { enrolmentCode } from '../station/selection.ts'
import { personIdentity } from '../station/setup.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'

export const usage =
  'shidao roster codes --class ID --out FILE.html [--person ID …] [--reveal] [--data DIR] [--json]   codes to print and cut apart'

/**
 * Prints the enrolment codes of a class to one HTML page. Only reads, also beside a running station, and so leaves no
 * record: names are masked without `--reveal`, numbers always, and the codes themselves are random ids.
 */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    class: { type: 'string' },
    out: { type: 'string' },
    person: { type: 'string', multiple: true, default: [] },
    reveal: { type: 'boolean', default: false },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { class: classId, out, person: chosen, reveal } = values
  if (classId === undefined || out === undefined || positionals.length > 0) {
    throw new Fault('USAGE_ROSTER', 'roster codes takes --class ID and --out FILE')
  }
  const { title, simulated, people, erased } = readClass(values.data ?? defaultDataFolder(), classId, chosen)
  if (people.length === 0) throw new Fault('ROSTER_EMPTY', 'nobody on this roster has a name to print')
  const rows = people.map(({ person, name, number }) => ({
    person,
    name: reveal ? name : maskName(name),
    number: maskNumber(number),
  }))
  const printed = rows.map(({ person, ...row }) => ({ ...row, code: enrolmentCode(person, classId) }))
  const page = codeSheetPage({ classId, title, simulated, codes: printed })
  writeWholeFile(out, Buffer.from(page))
  printAnswer(values.json, { class: classId, file: out, simulated, people: rows, erased }, [
    ...(simulated ? ['SIMULATED 模拟: these codes are nobody’s'] : []),
    `${out}  ${rows.length} codes${erased > 0 ? `; ${erased} people were erased and have none` : ''}`,
  ])
  return EXIT.yes
}

interface PersonToPrint {
  readonly person: string
  readonly name: string
  readonly number: string
}

function readClass(dir: string, classId: string, chosen: readonly string[]) {
  if (!stationExists(dir)) throw new Fault('STATION_NOT_FOUND', `${dir} holds no station`)
  const key = loadStationKey(dir)
  const clock = systemClock()
  const roll = new ClassRoll()
  const ledger = Ledger.open({ dir, signer: key.signer, now: () => clock.now(), readonly: true })
  try {
    for (const { event } of ledger.events()) roll.apply(event)
  } finally {
    ledger.close()
  }
  const title = roll.title(classId)
  if (title === null) throw new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger`)
  const stranger = chosen.find((person) => !roll.isSeated(classId, person))
  if (stranger !== undefined) throw new Fault('ROSTER_PERSON_UNKNOWN', `nobody "${stranger}" in this class`)
  const wanted = roll.people(classId).filter((person) => chosen.length === 0 || chosen.includes(person))
  const side = SideRecords.openForReading(dir, key)
  try {
    const people = wanted.flatMap((person): PersonToPrint[] => {
      const identity = personIdentity({ side }, person)
      return identity === null ? [] : [{ person, ...identity }]
    })
    return { title, simulated: key.simulated, people, erased: wanted.length - people.length }
  } finally {
    side.close()
  }
}
