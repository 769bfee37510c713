import { shippedCalendar } from '../attendance/workdays.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { allFindings, isOverdue, REPORT_WORKDAYS } from '../inspect/visit-findings.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { need, twoSigners, withDesk } from './desk.ts'
import { ask, folderOf, hashOfFile, inspectorAtHand, originOf, signStatement } from './inspect-desk.ts'
import { openForProof } from './log-prove.ts'

/** `inspect findings`: what closed visits found and what became of it, with the day by which it is due. Only reads. */
export async function findings(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    visit: { type: 'string' },
    open: { type: 'boolean', default: false },
    workdays: { type: 'string', default: String(REPORT_WORKDAYS) },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const workdays = positiveInteger(values.workdays, '--workdays')
  const ledger = openForProof(values.data ?? defaultDataFolder())
  try {
    const events = [...ledger.events()].map(({ event }) => event)
    const today = civilDate(Date.now())
    const found = allFindings(events, shippedCalendar(), workdays).filter(
      (one) =>
        (values.class === undefined || one.class === values.class) &&
        (values.visit === undefined || one.visit === values.visit) &&
        (!values.open || one.state === 'open'),
    )
    const answer = found.map((one) => ({ ...one, overdue: isOverdue(one, today) }))
    printAnswer(values.json, { today, workdays, findings: answer }, [
      ...(answer.length === 0 ? ['no findings'] : []),
      ...answer.map(
        ({ id, kind, state, due, overdue, visit, person }) =>
          `${id}  ${kind}  ${state}${overdue ? ', OVERDUE' : ''}  due ${due ?? 'unknown'}  visit ${visit}${person === null ? '' : `  ${person}`}`,
      ),
    ])
    return EXIT.yes
  } finally {
    ledger.close()
  }
}

/** `inspect answer`: the institution answers a finding; two people sign, one of them a supervisor. */
export async function answer(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...findingOptions,
    answer: { type: 'string' },
    document: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
  })
  const named = findingOf(values)
  const text = need(values.answer, '--answer TEXT')
  const document = hashOfFile(values.document)
  const signers = await twoSigners(values, 'inspect answer')
  const work = { act: 'visit.answer', ...named, answer: text, document, signers } as const
  const { class: classId, event } = await ask(folderOf(values), work)
  const body = { ...named, class: classId, answer: text, document }
  printAnswer(values.json, { ...body, event }, [`${named.finding} is answered, event ${event}`])
  return EXIT.yes
}

/** `inspect settle`: the inspector of the visit closes a finding with their own key, which stays in this process. */
export async function settle(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...findingOptions,
    outcome: { type: 'string' },
    note: { type: 'string' },
    key: { type: 'string' },
  })
  const named = findingOf(values)
  const outcome = (['upheld', 'explained', 'corrected'] as const).find((known) => known === values.outcome)
  if (outcome === undefined) throw new Fault('USAGE_INSPECT', '--outcome takes upheld, explained, corrected')
  const inspector = await inspectorAtHand(values.key)
  const dir = folderOf(values)
  const origin = originOf(dir)
  const body = { ...named, outcome, note: values.note ?? null }
  const settled = await withDesk(dir, async (desk) => {
    const asked = await ask(desk, { act: 'visit.settle', ...body })
    if (asked.inspector.publicKey !== inspector.key.publicKey)
      throw new Fault('INSPECT_INSPECTOR_OTHER', 'another inspector’s key opened this visit')
    const expected = { act: 'finding.close', ...body, class: asked.class, origin }
    const proof = signStatement(asked.statement, inspector, expected)
    return { class: asked.class, ...(await ask(desk, { act: 'visit.settled', ...named, proof })) }
  })
  const line = `${named.finding} is closed as ${outcome}, event ${settled.event}`
  printAnswer(values.json, { ...body, ...settled }, [line])
  return EXIT.yes
}

const findingOptions = {
  visit: { type: 'string' },
  finding: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

function findingOf(values: { readonly visit?: string | undefined; readonly finding?: string | undefined }) {
  return { visit: need(values.visit, '--visit ID'), finding: need(values.finding, '--finding ID') }
}
