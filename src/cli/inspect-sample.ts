import { randomBytes } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { type Result, unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import {
  type CommittedSample,
  commitSample,
  drawSample,
  replaySample,
  type Sample,
  sampleCommitment,
} from '../inspect/sample.ts'
import { formatCommitted, formatSample, parseCommitted, parseSample } from '../inspect/sample-file.ts'
import { readSampleLists } from '../inspect/sample-lists.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { need } from './desk.ts'
import { readSmall } from './inspect-desk.ts'

interface Values {
  readonly [option: string]: string | boolean | undefined
  readonly json: boolean
  readonly commit: boolean
}

/**
 * `inspect sample` (双随机): commits to lists (`--commit`), draws with a nonce from a commitment (`--committed`) or from
 * lists at once, or draws again (`--replay`). Needs no station and no network.
 */
export async function sample(words: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = readOptions(words, {
    ...{ institutions: text, inspectors: text, count: text, 'per-inspector': text },
    ...{ committed: text, nonce: text, commitment: text, replay: text, out: text },
    commit: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  })
  if (values.replay !== undefined) return replay(values)
  const out = need(values.out, '--out FILE')
  const plan =
    values.committed === undefined ? fromLists(values) : unwrap(parseCommitted(readSmall(values.committed)))
  if (values.commit) return commit(plan, out, values)
  const nonce = need(values.nonce, '--nonce HEX, 16 to 64 random bytes').toLowerCase()
  const drawn = unwrap(drawSample(plan, nonce, values.commitment?.toLowerCase() ?? null))
  writeWholeFile(out, formatSample(drawn))
  printAnswer(values.json, answerOf(drawn, { file: out }), sampleLines(drawn))
  return EXIT.yes
}

function commit(plan: CommittedSample, out: string, { json }: Values): number {
  const commitment = sampleCommitment(plan)
  writeWholeFile(out, formatCommitted(plan))
  const { institutions, inspectors } = plan
  const answer = { commitment, file: out, institutions: institutions.length, inspectors: inspectors.length }
  printAnswer(json, answer, [
    `commitment ${commitment}`,
    `publish it now, keep ${out} closed, and let somebody else throw the nonce`,
  ])
  return EXIT.yes
}

function replay(values: Values): number {
  const commitment = typeof values.commitment === 'string' ? values.commitment.toLowerCase() : null
  const read = parseSample(readSmall(String(values.replay)))
  const replayed: Result<Sample> = read.ok ? replaySample(read.value, commitment) : read
  if (!replayed.ok) {
    const { code, message } = replayed.fault
    printAnswer(values.json, { ok: false, problem: { code, detail: message } }, ['NOT OK'])
    process.stderr.write(`${code} ${message}\n`)
    return EXIT.no
  }
  const known = commitment !== null
  printAnswer(values.json, answerOf(replayed.value, { ok: true, commitmentKnown: known, problem: null }), [
    'OK: the same institutions with the same inspectors',
    ...sampleLines(replayed.value),
    ...(known
      ? []
      : ['give --commitment as it was published: else lists and seed may have been chosen after the nonce']),
  ])
  return EXIT.yes
}

function fromLists(values: Values): CommittedSample {
  const file = (option: 'institutions' | 'inspectors') => {
    const path = values[option]
    return readSmall(need(typeof path === 'string' ? path : undefined, `--${option} FILE`))
  }
  const lists = unwrap(readSampleLists(file('institutions'), file('inspectors')))
  const count = number(values.count, '--count')
  const perInspector =
    values['per-inspector'] === undefined ? count : number(values['per-inspector'], '--per-inspector')
  return unwrap(commitSample(lists, { count, perInspector, seed: randomBytes(32).toString('hex') }))
}

function number(text: string | boolean | undefined, option: string): number {
  const value = positiveInteger(String(text ?? ''), option)
  if (value > 2000) throw new Fault('USAGE_NUMBER', `${option} takes 1 to 2000`)
  return value
}

function answerOf({ commitment, nonce, commitmentSeen, sample: drawn }: Sample, more: object) {
  return { ...more, commitment, nonce, commitmentSeen, sample: drawn }
}

function sampleLines({
  institutions,
  inspectors,
  commitment,
  commitmentSeen,
  sample: drawn,
}: Sample): string[] {
  const names = new Map(institutions.map(({ id, name }) => [id, name]))
  const inspectorNames = new Map(inspectors.map(({ id, name }) => [id, name]))
  return [
    ...drawn.map(({ institution, inspectors: pair }, at) => {
      const who = pair.map((id) => `${id} ${inspectorNames.get(id) ?? ''}`).join(', ')
      return `${at + 1}  ${institution} ${names.get(institution) ?? ''}: ${who}`
    }),
    `commitment ${commitment}`,
    ...(commitmentSeen ? [] : ['no commitment was named with the nonce: nothing shows which came first']),
  ]
}
