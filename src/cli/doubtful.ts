import { civilDate, civilTime } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import type { Finding } from '../station/doubt-findings.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readWords } from './command.ts'
import { need, performDeskWork, twoSigners } from './desk.ts'

export const usage = `shidao doubtful list --class ID [--data DIR] [--json]          doubtful records that two people still have to look at
shidao doubtful resolve --class ID --record N --decision accept|refuse --reason TEXT --by ACTOR --second ACTOR [--data DIR]`

/** The doubtful lane (存疑). PINs: SHIDAO_PIN, SHIDAO_SECOND_PIN, or asked for. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    class: { type: 'string' },
    record: { type: 'string' },
    decision: { type: 'string' },
    reason: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const dir = values.data ?? defaultDataFolder()
  const id = need(values.class, '--class ID')
  const [action = 'list'] = positionals
  if (action === 'resolve') {
    const { decision } = values
    if (decision !== 'accept' && decision !== 'refuse') {
      throw new Fault('USAGE_VALUE', '--decision is accept or refuse')
    }
    const record = positiveInteger(need(values.record, '--record N'), '--record')
    const reason = need(values.reason, '--reason')
    const signers = await twoSigners(values, 'doubtful resolve')
    await performDeskWork(dir, { act: 'doubt.resolve', class: id, record, decision, reason, signers })
  } else if (action !== 'list') throw new Fault('USAGE_DOUBTFUL', 'doubtful takes: list, or resolve')
  const listed = await performDeskWork(dir, { act: 'list', of: 'doubts', class: id })
  const { doubts } = listed as { doubts: readonly Listed[] }
  const lines = doubts.flatMap(({ record, name, direction, at, dueAt, overdue, findings }) => [
    `${record}  ${name ?? '–'}  ${direction}  ${moment(at)}  until ${moment(dueAt)}${overdue ? '  OVERDUE' : ''}`,
    ...findings.map((finding) => `    ${findingLine(finding)}`),
  ])
  printAnswer(values.json, listed, lines.length === 0 ? ['nothing is doubtful'] : lines)
  return EXIT.yes
}

interface Listed {
  readonly record: number
  readonly name: string | null
  readonly direction: string
  readonly at: number
  readonly dueAt: number
  readonly overdue: boolean
  readonly findings: readonly Finding[]
}

/** `face-below 0.41 needs 0.47`, `prompt-timed-out turn-left`; the office screen has the sentences. */
function findingLine({ code, score, threshold, prompt, name }: Finding): string {
  const needs = score === undefined ? [] : [score.toFixed(2), 'needs', (threshold ?? 0).toFixed(2)]
  return [code, ...needs, prompt, name].filter((word) => word !== undefined).join(' ')
}

function moment(wall: number): string {
  return `${civilDate(wall)} ${civilTime(wall)}`
}
