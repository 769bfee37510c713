import { readFileSync, statSync } from 'node:fs'
import { parseCivilDate } from '../attendance/civil-date.ts'
import { personFacts } from '../attendance/claim-facts.ts'
import { parseCertificates, parseFactFile, parseHistory, parseOnlineHours } from '../attendance/fact-files.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import {
  type FactSource,
  recordCertificates,
  recordClassFacts,
  recordHistory,
  recordOnlineHours,
  recordPersonFacts,
} from '../station/claim-records.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { Staff } from '../station/staff.ts'
import { EXIT, printAnswer } from './command.ts'
import { secret } from './staff.ts'

export interface ImportWords {
  readonly action: string
  readonly file: string | undefined
  readonly classId: string | undefined
  readonly source: string | undefined
  readonly asOf: string | undefined
  readonly by: string | undefined
  readonly json: boolean
}

/** Imports one file of facts, signed by `by`. The whole file is read and checked before anything is kept. */
export async function importFacts(dir: string, words: ImportWords): Promise<number> {
  const { action, file, classId, source, asOf, by } = words
  const known = ['facts', 'certificates', 'history', 'online']
  if (!known.includes(action)) throw new Fault('USAGE_CLAIMS', `claims imports ${known.join(', ')}`)
  if (file === undefined || source === undefined || by === undefined) {
    throw new Fault('USAGE_CLAIMS', `claims ${action} takes FILE, --source and --by`)
  }
  if (action === 'history' && (asOf === undefined || parseCivilDate(asOf) !== asOf)) {
    throw new Fault('USAGE_CLAIMS', 'claims history takes --as-of YYYY-MM-DD')
  }
  if (action !== 'history' && classId === undefined) {
    throw new Fault('USAGE_CLAIMS', `claims ${action} takes --class ID`)
  }
  const bytes = readSmall(file)
  const data = openStation(dir, { clock: systemClock() })
  try {
    const from = { source, by: { actor: by, pin: await secret('SHIDAO_PIN', 'PIN: ') } }
    const people = record(data, bytes, { action, classId: classId ?? '', asOf: asOf ?? '' }, from)
    printAnswer(words.json, { imported: action, people }, [`${action}: ${people} people`])
    return EXIT.yes
  } finally {
    data.close()
  }
}

function record(
  data: StationData,
  bytes: Uint8Array,
  { action, classId, asOf }: { readonly action: string; readonly classId: string; readonly asOf: string },
  from: FactSource,
): number {
  const staff = new Staff(data)
  switch (action) {
    case 'certificates':
      return unwrap(recordCertificates(data, staff, classId, unwrap(parseCertificates(bytes)), from))
    case 'history':
      return unwrap(recordHistory(data, staff, asOf, unwrap(parseHistory(bytes)), from))
    case 'online':
      return unwrap(recordOnlineHours(data, staff, classId, unwrap(parseOnlineHours(bytes)), from))
    default: {
      const facts = unwrap(parseFactFile(bytes))
      if (facts.class !== undefined) unwrap(recordClassFacts(data, staff, classId, facts.class, from.by))
      const people = new Map(facts.people.map(({ number, ...rest }) => [number, personFacts.parse(rest)]))
      return people.size === 0 ? 0 : unwrap(recordPersonFacts(data, staff, classId, people, from))
    }
  }
}

/** Facts of 5,000 people are under 4 MiB. */
const LARGEST = 4 * 1024 * 1024

function readSmall(path: string): Uint8Array {
  try {
    if (statSync(path).size <= LARGEST) return readFileSync(path)
  } catch (cause) {
    throw new Fault('CLAIM_FILE', `${path} cannot be read`, { cause })
  }
  throw new Fault('CLAIM_FILE', `${path} is over 4 MiB`)
}
