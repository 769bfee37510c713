import { parseCivilDate } from '../attendance/civil-date.ts'
import type { ClaimLine, ClaimsDocument } from '../attendance/claims.ts'
import { classClaims, readSources } from '../attendance/class-claims.ts'
import { readAnyPack } from '../attendance/shipped-packs.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { unsealFrom } from '../station/claim-records.ts'
import { packFolder } from '../station/setup.ts'
import { importFacts } from './claims-import.ts'
import { openForReading } from './claims-reading.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'

export const usage = `shidao claims --class ID [--pack FILE|NAME] [--on DATE] [--data DIR] [--json]   what may be claimed, each answer with rule, clause, inputs and what would change it
shidao claims facts|certificates|online FILE --class ID --source TEXT --by ACTOR [--data DIR]   facts (JSON), certificates and online hours (CSV)
shidao claims history FILE --as-of DATE --source TEXT --by ACTOR [--data DIR]                   earlier subsidies from elsewhere (CSV)`

/** Computes, or imports what the computation needs. Computing only reads, also beside a running station. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(2, words, {
    class: { type: 'string' },
    pack: { type: 'string' },
    on: { type: 'string' },
    source: { type: 'string' },
    'as-of': { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const dir = values.data ?? defaultDataFolder()
  const [action, file] = positionals
  if (action !== undefined) {
    const { class: classId, source, by } = values
    return importFacts(dir, { action, file, classId, source, by, asOf: values['as-of'], json: values.json })
  }
  if (values.class === undefined) throw new Fault('USAGE_CLASS', 'claims takes --class ID')
  if (values.on !== undefined && parseCivilDate(values.on) !== values.on) {
    throw new Fault('USAGE_DATE', '--on takes a date, YYYY-MM-DD')
  }
  const pack = values.pack === undefined ? {} : { pack: unwrap(readAnyPack(values.pack)) }
  const on = values.on === undefined ? {} : { on: values.on }
  const { ledger, side, close } = openForReading(dir)
  try {
    const sources = readSources([...ledger.events()], unsealFrom(side), [packFolder(dir)])
    const { claims } = unwrap(classClaims(sources, values.class, { ...pack, ...on }))
    printAnswer(values.json, claims, claimLines(claims))
    return EXIT.yes
  } finally {
    close()
  }
}

function claimLines(claims: ClaimsDocument): string[] {
  const mark = claims.simulated ? ['SIMULATED 模拟: none of this may be claimed'] : []
  const head = `class ${claims.class}  pack ${claims.pack.id}  on ${claims.on}`
  const plan = claims.findings.map(({ rule, answer, change }) =>
    `  class: ${rule} ${answer} ${says(change)}`.trimEnd(),
  )
  const total = `total ${yuan(claims.totalFen)} yuan, in advance ${yuan(claims.advanceFen)}`
  return [...mark, head, ...plan, ...claims.people.flatMap(personLines), total]
}

function personLines(line: ClaimLine): string[] {
  const amount = line.fen === null ? 'unknown' : `${yuan(line.fen)} yuan`
  const units = `${line.quantity ?? '?'} ${line.unit ?? 'units'}`
  const as = line.historyAsOf === null ? 'no history' : `history as of ${line.historyAsOf}`
  const missing = line.reasons.filter(({ change }) => change !== null)
  return [
    `${line.person}  ${line.item}  ${line.eligible}  ${units}  ${amount}  to ${line.payee ?? '?'}  (${as})`,
    ...missing.map(({ rule, clause, answer, change }) => `  ${answer}: ${rule}: ${says(change)} [${clause}]`),
  ]
}

/** Chinese first, as the tables have it. */
function says(change: ClaimLine['reasons'][number]['change']): string {
  return change === null ? '' : `${change.zh} (${change.en})`
}

/** Fen as yuan with two decimals. */
function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
