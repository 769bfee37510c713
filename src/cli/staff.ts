import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import { systemClock } from '../station/clock.ts'
import { createStation, openStation, stationExists } from '../station/data-folder.ts'
import { Staff, type StaffRole } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'

export const usage = `shidao staff [--data DIR] [--json]                             people who act at this station
shidao staff add --name NAME --role supervisor|operator|teacher [--by ACTOR] [--data DIR]   PINs are asked for, or SHIDAO_PIN and SHIDAO_BY_PIN`

const roles = new Set<string>(['supervisor', 'operator', 'teacher', 'inspector'])

/** Lists or enrols the people who act. The first `add` in an empty folder births the station and its key. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    data: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string' },
    by: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const dir = values.data ?? defaultDataFolder()
  const clock = systemClock()
  const adding = positionals[0] === 'add'
  const data =
    adding && !stationExists(dir)
      ? createStation(dir, { simulated: false, clock })
      : openStation(dir, { clock })
  try {
    const staff = new Staff(data)
    if (adding) {
      const { name, role, by } = values
      if (name === undefined || role === undefined || !roles.has(role)) {
        throw new Fault(
          'USAGE_STAFF',
          'staff add takes --name and --role supervisor|operator|teacher|inspector',
        )
      }
      const pin = await secret('SHIDAO_PIN', `PIN of ${name}: `)
      const signer =
        by === undefined ? null : { actor: by, pin: await secret('SHIDAO_BY_PIN', 'PIN of the supervisor: ') }
      unwrap(staff.enrol({ name, role: role as StaffRole, pin }, signer))
    }
    const list = staff.list()
    const lines = list.map(({ actor, name, role }) => `${actor}  ${role.padEnd(10)}  ${name}`)
    printAnswer(values.json, { station: data.key.vkey, staff: list }, [
      `station ${data.key.vkey}`,
      `fingerprint ${keyFingerprint(data.key.vkey)}`,
      ...lines,
    ])
    return EXIT.yes
  } finally {
    data.close()
  }
}

/** From the environment for scripts, else asked without echo. A PIN on the command line would stay in its history. */
export async function secret(variable: string, question: string): Promise<string> {
  const given = process.env[variable]
  if (given !== undefined) return given
  if (!process.stdin.isTTY) throw new Fault('USAGE_PIN', `set ${variable} or run this at a terminal`)
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
