import { projectHistory } from '../attendance/history.ts'
import { defaultPack } from '../attendance/shipped-packs.ts'
import type { Session } from '../attendance/timetable.ts'
import { civilDate, civilTime, parseCivil } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { openClass } from '../station/setup.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import { secret } from './staff.ts'

export const usage = `shidao class [--data DIR] [--json]                             classes of this station
shidao class open ID --title TITLE --session 2026-03-02T08:30/2026-03-02T11:30 [--session …] --by ACTOR [--data DIR]   the PIN is asked for, or SHIDAO_PIN`

/** Lists classes, or opens one with its timetable; times are China's. The timetable of a known class is replaced. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(words, {
    data: { type: 'string' },
    title: { type: 'string' },
    session: { type: 'string', multiple: true, default: [] },
    by: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [action, id] = positionals
  const sessions = values.session.map(parseSession)
  if (action !== undefined && (action !== 'open' || id === undefined))
    throw new Fault('USAGE_CLASS', 'class takes: open ID')
  const data = openStation(values.data ?? defaultDataFolder(), { clock: systemClock() })
  try {
    if (id !== undefined) {
      const { title, by } = values
      if (title === undefined || by === undefined || sessions.length === 0) {
        throw new Fault('USAGE_CLASS', 'class open takes --title, --by and at least one --session')
      }
      const signer = { actor: by, pin: await secret('SHIDAO_PIN', 'PIN: ') }
      unwrap(openClass(data, new Staff(data), { id, title, sessions, pack: defaultPack() }, signer))
    }
    printClasses(data, values.json)
    return EXIT.yes
  } finally {
    data.close()
  }
}

function parseSession(text: string): Session {
  const [from = '', to = '', ...rest] = text.split('/')
  const start = parseCivil(from)
  const end = parseCivil(to)
  if (start === null || end === null || end <= start || rest.length > 0) {
    throw new Fault('USAGE_SESSION', `"${text}" is no session; write 2026-03-02T08:30/2026-03-02T11:30`)
  }
  return { id: from, start, end }
}

function printClasses({ ledger }: StationData, json: boolean): void {
  const events = [...ledger.events()].map(({ event }) => event)
  const classes = [...projectHistory(events).classes.values()].map(
    ({ id, title, sessions, seats, pack }) => ({
      id,
      title,
      pack: pack.id,
      people: seats.size,
      sessions,
    }),
  )
  const lines = classes.flatMap(({ id, title, people, sessions }) => [
    `${id}  ${title}  ${people} people`,
    ...sessions.map(({ start, end }) => `  ${civilDate(start)} ${civilTime(start)}–${civilTime(end)}`),
  ])
  printAnswer(json, { classes }, lines)
}
