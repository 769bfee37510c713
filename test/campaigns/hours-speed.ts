import { computeClaims } from '../../src/attendance/claims.ts'
import { projectFacts } from '../../src/attendance/fact-history.ts'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours } from '../../src/attendance/hours.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { ClassStory, MINUTE, MORNING, person } from '../attendance/class-story.ts'
import { campaignCounts } from './campaign-counts.ts'

/*
 * How long hours and claims of a large class take, from events that are read already:
 *   npx node test/campaigns/hours-speed.ts --trainees 1000 --days 30
 * Prints milliseconds; exits 1 above two seconds for 1,000 trainees and 30 days (hours and claims together).
 */
const { trainees, days } = campaignCounts({ trainees: 1000, days: 30 })

const DAY_MINUTES = 24 * 60
const starts = Array.from({ length: days }, (_, day) => [day * DAY_MINUTES, day * DAY_MINUTES + 330]).flat()
const sessions = starts.map((minute, n) => {
  const start = MORNING + minute * MINUTE
  return { id: `s${n}`, start, end: start + 180 * MINUTE }
})
const story = new ClassStory({ sessions, people: trainees })
for (const [n, minute] of starts.entries()) {
  for (const [direction, at] of [['in', minute - 5] as const, ['out', minute + 181] as const]) {
    for (let who = 0; who < trainees; who++) {
      story.sign(direction, at, { person: person(who), session: `s${n}`, portrait: 'chip' })
    }
  }
}

const started = performance.now()
const history = projectHistory(story.events)
const projected = performance.now()
const pack = defaultPack()
const hours = unwrap(computeHours(history, 'c1', pack))
const counted = performance.now()
const { more, ...rest } = pack
if (more === null) throw new Error('the default pack has rules for claims')
const facts = projectFacts(story.events, () => null)
const claims = computeClaims({
  ...{ hours, hoursPack: pack, pack: { ...rest, more }, otherPacks: [], facts },
  ...{ timetable: sessions, on: '2026-12-31' },
})
const ended = performance.now()

const lessons = hours.people.reduce((sum, found) => sum + found.lessons, 0)
const ms = (from: number, until: number) => Math.round(until - from)
process.stdout.write(
  `${JSON.stringify({
    ...{ trainees, days, events: story.events.length, lessons, claims: claims.people.length },
    ms: {
      history: ms(started, projected),
      hours: ms(projected, counted),
      claims: ms(counted, ended),
      all: ms(started, ended),
    },
  })}\n`,
)
process.exit(trainees === 1000 && days === 30 && ended - started > 2000 ? 1 : 0)
