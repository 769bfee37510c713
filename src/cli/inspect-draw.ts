import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { ask, classOf, folderOf, inspectorAtHand, visitOptions, visitPin } from './inspect-desk.ts'

/** `inspect commit`: what the inspector is shown before they name their nonce. */
export async function commit(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    'on-site-weight': { type: 'string', default: '1' },
  })
  const classId = classOf(values)
  const onSiteWeight = positiveInteger(values['on-site-weight'], '--on-site-weight')
  if (onSiteWeight > 16) throw new Fault('USAGE_NUMBER', '--on-site-weight takes 1 to 16')
  const dir = folderOf(values)
  const pin = await pinOrNone(dir, classId, values.key)
  const committed = await ask(dir, { act: 'visit.commit', class: classId, pin, onSiteWeight })
  const { commitment, n, strata } = committed
  printAnswer(values.json, { class: classId, n, commitment, strata }, [
    `commitment ${commitment}`,
    `${n} people: ${strata.map(({ name, people, weight }) => `${people} ${name}, weight ${weight}`).join('; ')}`,
    'name it with your nonce: --commitment; then nobody can say that it was made afterwards',
  ])
  return EXIT.yes
}

/**
 * `inspect draw`: reveals a commitment that stands, or one that is made now where there is none. With `--key` it belongs to
 * the inspector's visit; without, to nobody's.
 */
export async function draw(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    k: { type: 'string', short: 'k' },
    nonce: { type: 'string' },
    commitment: { type: 'string' },
    out: { type: 'string' },
  })
  const classId = classOf(values)
  const dir = folderOf(values)
  const k = wholeNumber(values.k)
  const { nonce, commitment = null } = values
  if (nonce === undefined) throw new Fault('USAGE_INSPECT', 'a draw takes --nonce HEX, 16 to 64 random bytes')
  const pin = await pinOrNone(dir, classId, values.key)
  const drawn = await ask(dir, {
    ...{ act: 'visit.draw', class: classId, pin, k, nonce },
    commitment: commitment?.toLowerCase() ?? null,
  })
  const { file: kept, fileCode, event, ...answer } = drawn
  const path = join(dir, 'visits', kept.name)
  const file = fileCode === undefined ? keptAt(path, values.out) : null
  const { n, power, order, strata, commitmentSeen, visit, simulated } = answer
  const document = {
    ...{ class: classId, k, n, power, commitment: answer.commitment, nonce: answer.nonce, order, file },
    ...{ strata, commitmentSeen, visit, simulated, event },
  }
  printAnswer(values.json, document, [
    ...(simulated ? ['SIMULATED 模拟: nobody of these exists'] : []),
    `${k} of ${n}, commitment ${answer.commitment}`,
    ...order.map((person, i) => `${i + 1}  ${person}`),
    ...powerLines(power, k, n),
    ...(commitmentSeen ? [] : ['no commitment was named with the nonce: nothing shows which came first']),
    ...(file === null ? [] : [file]),
  ])
  if (fileCode === undefined) return EXIT.yes
  process.stderr.write(`${fileCode} drawn and recorded, but its file cannot be written to ${path}\n`)
  return EXIT.no
}

/** "5 of 50 misses 5 false seats 58 times in 100". */
export function powerLines(power: Readonly<Record<string, number>>, k: number, n: number): string[] {
  return Object.entries(power).map(([seats, found]) => {
    const missed = Math.round((1 - found) * 100)
    const more = found < 0.5 ? ', more often than not' : ''
    return `${k} of ${n} misses ${seats} false seat${seats === '1' ? '' : 's'} ${missed} times in 100${more}`
  })
}

async function pinOrNone(dir: string, classId: string, file: string | undefined): Promise<string | null> {
  return file === undefined ? null : visitPin(dir, classId, await inspectorAtHand(file))
}

/** The station keeps the file among those of visits; it is in the ledger already, so a copy that fails loses nothing. */
function keptAt(kept: string, out: string | undefined): string {
  if (out === undefined) return kept
  try {
    copyFileSync(kept, out)
    return out
  } catch (cause) {
    throw new Fault('EXPORT_WRITE', `drawn and kept as ${kept}, but it cannot be copied to ${out}`, { cause })
  }
}

/** Zero is a number: why it can't be drawn is answered in words. */
function wholeNumber(text: string | undefined): number {
  if (text !== undefined && /^(0|[1-9][0-9]{0,5}|1000000)$/.test(text)) return Number(text)
  throw new Fault('USAGE_NUMBER', '-k takes a whole number up to a million')
}
