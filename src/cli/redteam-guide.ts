import { resolve } from 'node:path'
import { PRESENTED, type Presented } from '../face/liveness/redteam/instruments.ts'
import { missing, type Presentation, type RedteamSetting } from '../face/liveness/redteam/log.ts'
import type { RedteamSession, Said } from './redteam-session.ts'
import { GUIDANCE, NOTES, QUESTIONS } from './redteam-words.ts'

/** The operator: reads what is said and answers; null when they are gone (end of input). */
export interface Operator {
  say(line: string): void
  ask(question: string): Promise<string | null>
}

/** What is asked once, before the first film, unless it was `given`. What isn't answered is null. */
export async function askSetting(operator: Operator, given: RedteamSetting): Promise<RedteamSetting> {
  for (const line of NOTES.opening) operator.say(line)
  const asked = async (name: keyof RedteamSetting) =>
    given[name] ?? saidOr(await operator.ask(`${QUESTIONS[name]}: `), null)
  return {
    operator: await asked('operator'),
    camera: await asked('camera'),
    distance: await asked('distance'),
    light: await asked('light'),
  }
}

/**
 * Goes through everything that the log still lacks: says how to present it, takes each film, says what came of it. Ends when
 * all is there, or when the operator stops (`q`) or goes away; each film is in the log by then.
 */
export async function guide(session: RedteamSession, operator: Operator): Promise<void> {
  for (const presented of PRESENTED) {
    if (missing(session.log, presented) === 0) continue
    explain(operator, presented)
    const end = await presentAll(session, operator, presented)
    if (end === 'stopped') return
  }
}

/** Asks what a file shows whose name doesn't say it; null to leave it out. */
export async function askWhatItIs(operator: Operator, file: string): Promise<Said | null> {
  const choice = PRESENTED.map((presented, place) => `${place + 1} ${GUIDANCE[presented].name}`).join('  ')
  operator.say(file)
  const answer = await operator.ask(`${QUESTIONS.instrument}  ${choice}: `)
  const presented = PRESENTED[Number(answer?.trim() || Number.NaN) - 1]
  if (presented === undefined) return null
  return { presented, ...(await askDetails(operator, presented, null)) }
}

function explain(operator: Operator, presented: Presented): void {
  const { name, prepare, present } = GUIDANCE[presented]
  operator.say('')
  operator.say(`== ${name} ==`)
  for (const line of [...prepare, ...present]) operator.say(line)
}

async function presentAll(
  session: RedteamSession,
  operator: Operator,
  presented: Presented,
): Promise<'done' | 'stopped'> {
  let before = session.log.presentations.findLast((one) => one.presented === presented) ?? null
  for (let left = missing(session.log, presented); left > 0; left = missing(session.log, presented)) {
    operator.say('')
    operator.say(`${GUIDANCE[presented].name}: 还差 ${left} 次 still ${left}`)
    const details = await askDetails(operator, presented, before)
    const answer = await operator.ask(`${QUESTIONS.file}: `)
    if (answer === null || answer.trim() === 'q') return 'stopped'
    const file = unquoted(answer.trim())
    if (file === '') return 'done'
    const added = await session.add(resolve(file), { presented, ...details })
    if (added.ok) before = added.value
    operator.say(added.ok ? resultLine(added.value) : `! ${added.fault.code} ${added.fault.message}`)
  }
  return 'done'
}

/** Enter alone means: as before. */
async function askDetails(
  operator: Operator,
  presented: Presented,
  before: Pick<Presentation, 'device' | 'person'> | null,
): Promise<Pick<Presentation, 'device' | 'person'>> {
  const asked = async (question: string, last: string | null) =>
    saidOr(await operator.ask(`${question}${last === null ? '' : ` [${last}]`}: `), last)
  return {
    device: await asked(GUIDANCE[presented].device, before?.device ?? null),
    person: await asked(QUESTIONS.person, before?.person ?? null),
  }
}

function resultLine({ verdict, score, frames }: Presentation): string {
  return `→ ${verdict}${score === null ? '' : ` ${score.toFixed(3)}`}, ${frames} frames`
}

function saidOr<Otherwise>(answer: string | null, otherwise: Otherwise): string | Otherwise {
  const said = (answer ?? '').trim().slice(0, 200)
  return said === '' ? otherwise : said
}

/** A file that is dragged into a terminal comes in quotes. */
function unquoted(path: string): string {
  return path.replace(/^(['"])(.*)\1$/, '$2')
}
