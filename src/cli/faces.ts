import { createHash } from 'node:crypto'
import { projectHistory } from '../attendance/history.ts'
import { Fault } from '../common/fault.ts'
import { noticeText } from '../common/notice.ts'
import { unwrap } from '../common/result.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { destroyFaceData } from '../station/erasure.ts'
import { applyRetention } from '../station/retention.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import { secret } from './staff.ts'

export const usage = `shidao faces withdraw --number NUMBER --by ACTOR [--data DIR]    a person withdraws consent: face data destroyed, equal lane from now on
shidao faces destroy --class ID --by ACTOR [--data DIR]          the objection period of a class is over: its face data destroyed
shidao faces retention [--data DIR]          what the rule pack's terms ended is destroyed; a station does it at its start`

/** Destroys face data by destroying its keys; every proof in the ledger still holds. The PIN is asked for, or SHIDAO_PIN. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(words, {
    number: { type: 'string' },
    class: { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [action] = positionals
  if (action === 'retention') return retention(values.data ?? defaultDataFolder(), values.json)
  const { number, class: classId, by } = values
  const wanted = action === 'withdraw' ? number : action === 'destroy' ? classId : undefined
  if (wanted === undefined || by === undefined) {
    throw new Fault(
      'USAGE_FACES',
      'faces takes: withdraw --number NUMBER --by ACTOR, destroy --class ID --by ACTOR, or retention',
    )
  }
  const data = openStation(values.data ?? defaultDataFolder(), { clock: systemClock() })
  try {
    const people = action === 'withdraw' ? [personOf(data, wanted)] : peopleOf(data, wanted)
    const signer = { actor: by, pin: await secret('SHIDAO_PIN', 'PIN: ') }
    const reason = action === 'withdraw' ? 'consent withdrawn' : `objection period of ${wanted} over`
    const staff = new Staff(data)
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

function recordWithdrawal({ ledger }: StationData, person: string): void {
  const notice = createHash('sha256').update(noticeText['zh-CN']).digest('hex')
  ledger.append({ type: 'consent', data: { person, purpose: 'face', granted: false, notice } })
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
