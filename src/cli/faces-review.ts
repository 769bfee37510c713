import { createHash } from 'node:crypto'
import { maskName, maskNumber } from '../cards/mask.ts'
import { civilDate, civilTime } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { duplicateNoticeText } from '../common/notice.ts'
import { unwrap } from '../common/result.ts'
import { duplicateThresholdOf } from '../face/duplicate-threshold.ts'
import { ClassRoll } from '../station/class-roll.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import {
  type IdentityReview,
  identityReviews,
  type ReviewDecision,
  resolveReview,
} from '../station/duplicates/review.ts'
import { DuplicateWatch } from '../station/duplicates/watch.ts'
import { Recorder } from '../station/recorder.ts'
import { personIdentity } from '../station/setup.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readWords } from './command.ts'
import { secret } from './staff.ts'

export const usage = `shidao faces review --class ID [--search] [--data DIR] [--json]   pairs of identities with one face, for people to decide
shidao faces review --class ID --resolve N --decision same|different|cannot-tell --by ACTOR --with ACTOR [--data DIR] [--json]   both PINs are asked for, or SHIDAO_PIN and SHIDAO_WITH_PIN`

const decisions: Readonly<Record<string, ReviewDecision>> = {
  same: 'same-person',
  different: 'different-people',
  'cannot-tell': 'cannot-tell',
}

/** Lists the work items of a class, compares everybody anew first (`--search`), or records what two people decided. */
export async function review(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    class: { type: 'string' },
    search: { type: 'boolean', default: false },
    resolve: { type: 'string' },
    decision: { type: 'string' },
    by: { type: 'string' },
    with: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { class: classId, search } = values
  if (classId === undefined || positionals.length > 0) {
    throw new Fault('USAGE_FACES', 'faces review takes --class ID')
  }
  const data = openStation(values.data ?? defaultDataFolder(), { clock: systemClock() })
  try {
    const roll = new ClassRoll()
    const recorder = new Recorder(data, roll)
    if (roll.known(classId) === null) {
      throw new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger`)
    }
    const searched = search ? searchAgain(data, roll, recorder, classId) : null
    if (values.resolve !== undefined) await resolve(data, classId, values)
    const reviews = identityReviews(allEvents(data)).filter((one) => one.class === classId)
    const items = reviews.map((item) => described(data, item))
    const open = items.filter(({ decision }) => decision === null || decision === 'cannot-tell').length
    const { simulated } = data.key
    const mark = simulated ? ['SIMULATED 模拟: nobody’s face'] : []
    const document = { class: classId, simulated, open, searched, reviews: items }
    printAnswer(values.json, document, [...mark, ...items.map(line), `${open} to decide`])
    return EXIT.yes
  } finally {
    data.close()
  }
}

/** By the model of the last start; without a measured threshold nothing can be compared. */
function searchAgain(data: StationData, roll: ClassRoll, recorder: Recorder, classId: string) {
  const thresholds = allEvents(data).flatMap((event) => {
    if (event.type !== 'station.start') return []
    const found = event.data.models.map((model) => duplicateThresholdOf(model)).filter((one) => one !== null)
    return [found[0] ?? null]
  })
  const threshold = thresholds.at(-1) ?? null
  if (threshold === null) {
    throw new Fault(
      'FACE_NOT_CALIBRATED',
      'no duplicate threshold was measured for the face engine of this station',
    )
  }
  const noticeVersion = createHash('sha256').update(duplicateNoticeText['zh-CN']).digest('hex')
  const onFault = (fault: Fault) => {
    throw fault
  }
  return new DuplicateWatch({ data, roll, recorder, threshold, noticeVersion, onFault }).searchClass(classId)
}

async function resolve(
  data: StationData,
  classId: string,
  values: {
    readonly resolve?: string | undefined
    readonly decision?: string | undefined
    readonly by?: string | undefined
    readonly with?: string | undefined
  },
): Promise<void> {
  const { by, with: second } = values
  const decision = decisions[values.decision ?? '']
  if (by === undefined || second === undefined || decision === undefined) {
    throw new Fault('USAGE_FACES', '--resolve takes --decision same|different|cannot-tell, --by and --with')
  }
  const index = positiveInteger(values.resolve ?? '', '--resolve')
  const found = identityReviews(allEvents(data)).find((one) => one.index === index)
  if (found?.class !== classId) {
    throw new Fault('STATION_REVIEW_UNKNOWN', `record ${index} is no identity review of this class`)
  }
  const first = { actor: by, pin: await secret('SHIDAO_PIN', 'first PIN: ') }
  const other = { actor: second, pin: await secret('SHIDAO_WITH_PIN', 'second PIN: ') }
  unwrap(resolveReview(data, new Staff(data), { review: index, decision }, [first, other]))
}

function described(data: StationData, item: IdentityReview) {
  const people = item.people.map((person) => {
    const identity = personIdentity(data, person)
    return {
      person,
      name: identity && maskName(identity.name),
      number: identity && maskNumber(identity.number),
    }
  })
  return { ...item, people, raised: new Date(item.raised).toISOString() }
}

function line({ index, people, score, threshold, raised, decision }: ReturnType<typeof described>): string {
  const at = Date.parse(raised)
  const who = people
    .map(({ person, name, number }) => `${name ?? person} ${number ?? ''}`.trim())
    .join('  ⇄  ')
  return `${index}  ${civilDate(at)} ${civilTime(at)}  ${score.toFixed(3)} ≥ ${threshold}  ${decision ?? 'open'}  ${who}`
}

function allEvents({ ledger }: StationData) {
  return [...ledger.events()].map(({ event }) => event)
}
