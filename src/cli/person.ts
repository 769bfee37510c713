import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { archive } from '../export/archive.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { personFile, recordPersonExport } from '../station/person-file.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { secret } from './staff.ts'

export const usage = `shidao person export --person ID | --number NUMBER --by ACTOR --out FILE.zip [--data DIR] [--json]
                 all that is held about a person, for that person: records, events, and a proof of them`

/** `shidao person …`. The PIN is asked for, or SHIDAO_PIN. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    person: { type: 'string' },
    number: { type: 'string' },
    by: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { by, out } = values
  const asked = (values.person === undefined) !== (values.number === undefined)
  if (positionals.join() !== 'export' || !asked || by === undefined || out === undefined) {
    throw new Fault(
      'USAGE_PERSON',
      'person takes export --person ID (32 hex) or --number NUMBER, --by ACTOR and --out FILE.zip',
    )
  }
  const data = openStation(values.data ?? defaultDataFolder(), { clock: systemClock() })
  try {
    const person = personOf(data, values)
    const files = personFile(data, person)
    const bytes = archive(files, 'deflated')
    const signer = { actor: by, pin: await secret('SHIDAO_PIN', 'PIN: ') }
    const sha256 = unwrap(recordPersonExport(data, new Staff(data), { person, bytes, by: signer }))
    writeWholeFile(out, bytes)
    printAnswer(values.json, { person, file: out, sha256, files: [...files.keys()] }, [
      `${files.size} files about ${person} in ${out}`,
      `sha256 ${sha256}; hand it to this person alone`,
    ])
    return EXIT.yes
  } finally {
    data.close()
  }
}

function personOf(
  { side }: StationData,
  { person, number }: { readonly person?: string | undefined; readonly number?: string | undefined },
): string {
  const found = person ?? side.personByNumber(number ?? '')
  if (found !== null && /^[0-9a-f]{32}$/.test(found)) return found
  throw new Fault('ROSTER_PERSON_UNKNOWN', 'nobody here has this number or id')
}
