import { shippedCalendar } from '../attendance/workdays.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { foldVisits } from '../inspect/visit.ts'
import { allFindings, openFinding, REPORT_WORKDAYS, type VisitFinding } from '../inspect/visit-findings.ts'
import type { EventData } from '../ledger/event.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { need, twoSigners } from './desk.ts'
import { hashOfFile, inspectorAtHand } from './inspect-desk.ts'
import { openForProof } from './log-prove.ts'
import { eventsOf, signed, withStation } from './stopped-station.ts'

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
  const text = need(values.answer, '--answer TEXT')
  const signers = await twoSigners(values, 'inspect answer')
  return withStation(values.data, async (data) => {
    const { visit, class: classId, id } = findingAtHand(eventsOf(data), values)
    const body: Omit<EventData['finding.answered'], 'act'> = {
      ...{ visit, class: classId, finding: id, answer: text, document: hashOfFile(values.document) },
    }
    const staff = new Staff(data)
    const isLed = staff
      .list()
      .some(({ actor, role }) => role === 'supervisor' && signers.some((signer) => signer.actor === actor))
    if (!isLed) throw new Fault('STATION_NOT_SUPERVISOR', 'one of the two has to be a supervisor')
    const act = unwrap(staff.sign({ act: 'finding.answer', ...body }, signers))
    const { index } = data.ledger.append({ type: 'finding.answered', data: { ...body, act } })
    printAnswer(values.json, { ...body, event: index }, [`${id} is answered, event ${index}`])
    return EXIT.yes
  })
}

/** `inspect settle`: the inspector of the visit closes a finding with their own key. */
export async function settle(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...findingOptions,
    outcome: { type: 'string' },
    note: { type: 'string' },
    key: { type: 'string' },
  })
  const outcome = (['upheld', 'explained', 'corrected'] as const).find((known) => known === values.outcome)
  if (outcome === undefined) throw new Fault('USAGE_INSPECT', '--outcome takes upheld, explained, corrected')
  const inspector = await inspectorAtHand(values.key)
  return withStation(values.data, async (data) => {
    const events = eventsOf(data)
    const { visit, class: classId, id } = findingAtHand(events, values)
    if (foldVisits(events).get(visit)?.inspector.actor !== inspector.key.actor)
      throw new Fault('INSPECT_INSPECTOR_OTHER', 'another inspector’s key opened this visit')
    const body = { visit, class: classId, finding: id, outcome, note: values.note ?? null }
    const act = signed(data, inspector, 'finding.close', body)
    const { index } = data.ledger.append({ type: 'finding.closed', data: { ...body, act } })
    printAnswer(values.json, { ...body, event: index }, [`${id} is closed as ${outcome}, event ${index}`])
    return EXIT.yes
  })
}

const findingOptions = {
  visit: { type: 'string' },
  finding: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

function findingAtHand(
  events: ReturnType<typeof eventsOf>,
  values: { readonly visit?: string | undefined; readonly finding?: string | undefined },
): VisitFinding {
  const visit = need(values.visit, '--visit ID')
  const finding = need(values.finding, '--finding ID')
  return unwrap(openFinding(events, visit, finding, shippedCalendar()))
}

function isOverdue({ state, due }: VisitFinding, today: string): boolean {
  return state === 'open' && due !== null && due < today
}
