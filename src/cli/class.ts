import { civilDate, civilTime } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import type { OfficeWork } from '../station/office-work.ts'
import * as joining from './class-join.ts'
import * as months from './class-month.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readWords } from './command.ts'
import { firstSigner, need, performDeskWork } from './desk.ts'
import { optionalFile, parseSession } from './session-option.ts'

export const usage = `shidao class [--data DIR] [--json]                             classes of this station
shidao class file ID --title TITLE --institution CODE --occupation CODE --level LEVEL --from DAY --to DAY [--minutes N]
             [--room ROOM] [--cumulative] [--commitment] --by ACTOR       announces a class; checked against the catalogues
shidao class open ID [--title TITLE] --session 2026-03-02T08:30/2026-03-02T11:30 [--session …] [--pack FILE] [--reason TEXT]
             [--room ROOM] --by ACTOR [--data DIR]   the PIN is asked for, or SHIDAO_PIN
shidao class teach|assess|close ID [--note TEXT] --by ACTOR     the stages after opening
${months.usage}
${joining.usage}`

const stages = { teach: 'teaching', assess: 'assessment', close: 'closed' } as const

const options = {
  data: { type: 'string' },
  title: { type: 'string' },
  institution: { type: 'string' },
  occupation: { type: 'string' },
  level: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  minutes: { type: 'string' },
  room: { type: 'string' },
  cumulative: { type: 'boolean', default: false },
  commitment: { type: 'boolean', default: false },
  session: { type: 'string', multiple: true, default: [] as string[] },
  pack: { type: 'string' },
  reason: { type: 'string' },
  note: { type: 'string', default: '-' },
  by: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Lists classes, or takes one a step further; times are China's. The timetable of a known class is replaced by `open`. */
export async function run(words: readonly string[]): Promise<number> {
  const [action] = words
  if (action === 'join') return joining.join(words.slice(1))
  if (action === 'month') return months.month(words.slice(1))
  if (action === 'opening') return joining.exportOpening(words.slice(1))
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, options)
  const [step, id, ...rest] = positionals
  const dir = values.data ?? defaultDataFolder()
  if (step !== undefined) {
    const isKnown = step === 'file' || step === 'open' || step in stages
    if (!isKnown || id === undefined || rest.length > 0) {
      throw new Fault(
        'USAGE_CLASS',
        'class takes: file, open, teach, assess or close with an ID; month; opening; join',
      )
    }
    const done = await performDeskWork(dir, await workOf(step, id, values))
    if (step === 'file') {
      const { unconfirmed } = done as { unconfirmed: readonly string[] }
      const note = unconfirmed.length === 0 ? 'confirmed' : `unconfirmed: ${unconfirmed.join(', ')}`
      process.stderr.write(`institution, occupation and level ${note}\n`)
    }
  }
  const listed = await performDeskWork(dir, { act: 'list', of: 'classes', class: null })
  const { classes } = listed as { classes: readonly ListedClass[] }
  const lines = classes.flatMap(({ id: name, title, stage, people, sessions }) => [
    `${name}  ${title}  ${stage}  ${people} people`,
    ...sessions.map(({ start, end }) => `  ${civilDate(start)} ${civilTime(start)}–${civilTime(end)}`),
  ])
  printAnswer(values.json, { classes }, lines)
  return EXIT.yes
}

interface ListedClass {
  readonly id: string
  readonly title: string
  readonly stage: string
  readonly people: number
  readonly sessions: readonly { readonly start: number; readonly end: number }[]
}

async function workOf(
  step: string,
  id: string,
  values: ReturnType<typeof readWords<typeof options>>['values'],
): Promise<OfficeWork> {
  const actor = need(values.by, '--by ACTOR')
  const where = values.room === undefined ? {} : { room: values.room }
  if (step === 'file') {
    const plan = {
      class: id,
      title: need(values.title, '--title'),
      institution: need(values.institution, '--institution'),
      occupation: need(values.occupation, '--occupation'),
      level: need(values.level, '--level'),
      from: need(values.from, '--from'),
      to: need(values.to, '--to'),
      mode: values.cumulative ? ('cumulative' as const) : ('timetable' as const),
      basis: values.commitment ? ('commitment' as const) : ('approval' as const),
      plannedMinutes: values.minutes === undefined ? null : positiveInteger(values.minutes, '--minutes'),
      ...where,
    }
    return { act: 'class.file', plan, by: await firstSigner(actor) }
  }
  if (step === 'open') {
    const sessions = values.session.map(parseSession)
    if (sessions.length === 0) throw new Fault('USAGE_CLASS', 'class open takes at least one --session')
    const pack = optionalFile(values.pack)
    const { title = null, reason = null } = values
    const plan = { class: id, title, sessions, pack, reason, ...where }
    return { act: 'class.open', ...plan, by: await firstSigner(actor) }
  }
  const stage = stages[step as keyof typeof stages]
  return { act: 'class.advance', class: id, stage, note: values.note, by: await firstSigner(actor) }
}
