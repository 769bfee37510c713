import { createHash } from 'node:crypto'
import { projectHistory } from '../attendance/history.ts'
import { Fault } from '../common/fault.ts'
import { noticeText } from '../common/notice.ts'
import { unwrap } from '../common/result.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { recordNoDuplicates, withdrawFromDuplicates } from '../station/duplicates/withdraw.ts'
import type { FaceCount } from '../station/enrolled-portraits.ts'
import { destroyFaceData } from '../station/erasure.ts'
import { applyRetention } from '../station/retention.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { firstSigner, need, performDeskWork } from './desk.ts'
import { fairness, usage as fairnessUsage } from './faces-fairness.ts'
import { review, usage as reviewUsage } from './faces-review.ts'
import { secret } from './staff.ts'

export const usage = `shidao faces withdraw --number NUMBER --by ACTOR [--data DIR]    a person withdraws consent: face data destroyed, equal lane from now on
shidao faces withdraw --number NUMBER --purpose duplicates --by ACTOR [--data DIR]   only to comparing inside the class: templates removed
shidao faces destroy --class ID --by ACTOR [--data DIR]          the objection period of a class is over: its face data destroyed
shidao faces retention [--data DIR]          what the rule pack's terms ended is destroyed; a station does it at its start
shidao faces count [--data DIR] [--json]                         people whose faces are kept, against the filing threshold
shidao faces reconcile --class ID --by ACTOR [--data DIR]        portraits enrolled on site, compared with official ones that came later
${reviewUsage}
${fairnessUsage}`

/** What is done with people's face data besides checks at the door. PINs are asked for, or SHIDAO_PIN. */
export async function run(words: readonly string[]): Promise<number> {
  const [action, ...rest] = words
  if (action === 'review') return review(rest)
  if (action === 'fairness') return fairness(rest)
  return erase(words)
}

/** Destroys face data by destroying its keys; every proof in the ledger still holds. */
async function erase(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    number: { type: 'string' },
    purpose: { type: 'string', default: 'face' },
    class: { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [action] = positionals
  if (action === 'retention') return retention(values.data ?? defaultDataFolder(), values.json)
  if (action === 'count') return countKept(values.data ?? defaultDataFolder(), values.json)
  if (action === 'reconcile') return reconcile(values)
  const { number, class: classId, by, purpose } = values
  const wanted = action === 'withdraw' ? number : action === 'destroy' ? classId : undefined
  if (wanted === undefined || by === undefined || (purpose !== 'face' && purpose !== 'duplicates')) {
    throw new Fault(
      'USAGE_FACES',
      'faces takes: withdraw --number NUMBER [--purpose duplicates] --by ACTOR, destroy --class ID --by ACTOR, retention, review, fairness',
    )
  }
  const data = openStation(values.data ?? defaultDataFolder(), { clock: systemClock() })
  try {
    const people = action === 'withdraw' ? [personOf(data, wanted)] : peopleOf(data, wanted)
    const signer = { actor: by, pin: await secret('SHIDAO_PIN', 'PIN: ') }
    const staff = new Staff(data)
    if (action === 'withdraw' && purpose === 'duplicates') {
      const removed = unwrap(withdrawFromDuplicates(data, staff, personOf(data, wanted), signer))
      printAnswer(values.json, { action, purpose, removed }, [`${removed} templates removed`])
      return EXIT.yes
    }
    const reason = action === 'withdraw' ? 'consent withdrawn' : `objection period of ${wanted} over`
    for (const [done, person] of people.entries()) {
      unwrap(destroyFaceData(data, staff, person, { reason, by: signer }))
      if (action === 'withdraw') recordWithdrawal(data, person)
      process.stderr.write(`${done + 1} of ${people.length}\n`)
    }
    const destroyed = people.length
    printAnswer(values.json, { action, destroyed }, [`face data of ${destroyed} people destroyed`])
    return EXIT.yes
  } finally {
    data.close()
  }
}

/** Exit 1 from the threshold on: then filing with the authority is due. */
async function countKept(dir: string, json: boolean): Promise<number> {
  const count = (await performDeskWork(dir, { act: 'list', of: 'faces', class: null })) as FaceCount
  const { people, filingAt, state } = count
  printAnswer(json, count, [`${people} of ${filingAt} faces: ${state}; ${count.clause}`])
  return state === 'filing' ? EXIT.no : EXIT.yes
}

async function reconcile(values: {
  readonly class?: string | undefined
  readonly by?: string | undefined
  readonly data?: string | undefined
  readonly json: boolean
}): Promise<number> {
  const classId = need(values.class, '--class ID')
  const by = await firstSigner(need(values.by, '--by ACTOR'))
  const dir = values.data ?? defaultDataFolder()
  const done = await performDeskWork(dir, { act: 'portraits.reconcile', class: classId, by })
  const { compared, waiting } = done as { compared: { person: string; verdict: string }[]; waiting: number }
  const lines = compared.map(({ person, verdict }) => `${person}  ${verdict}`)
  printAnswer(values.json, done, [...lines, `${waiting} people still have no official portrait`])
  return EXIT.yes
}

function retention(dir: string, json: boolean): number {
  const data = openStation(dir, { clock: systemClock() })
  try {
    const due = applyRetention(data)
    const lines = due.map(({ person, kind, reason }) => `${person}  ${kind}  ${reason}`)
    printAnswer(json, { action: 'retention', destroyed: due.length, due }, [
      ...lines,
      `${due.length} destroyed`,
    ])
    return EXIT.yes
  } finally {
    data.close()
  }
}

/** Who takes back the face check takes back what rests on it. */
function recordWithdrawal(data: StationData, person: string): void {
  const { ledger } = data
  const compared = [...ledger.events()].some(
    ({ event }) =>
      event.type === 'consent' && event.data.person === person && event.data.purpose === 'duplicates',
  )
  const notice = createHash('sha256').update(noticeText['zh-CN']).digest('hex')
  ledger.append({ type: 'consent', data: { person, purpose: 'face', granted: false, notice } })
  if (compared) recordNoDuplicates(data, person)
}

function personOf({ side }: StationData, number: string): string {
  const person = side.personByNumber(number)
  if (person === null) throw new Fault('ROSTER_PERSON_UNKNOWN', 'nobody here has this number')
  return person
}

function peopleOf({ ledger }: StationData, classId: string): string[] {
  const events = [...ledger.events()].map(({ event }) => event)
  const found = projectHistory(events).classes.get(classId)
  if (found === undefined) throw new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger`)
  return [...found.seats.keys()]
}
