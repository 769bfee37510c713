import { computeClaims } from '../../src/attendance/claims.ts'
import { projectFacts } from '../../src/attendance/fact-history.ts'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours } from '../../src/attendance/hours.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { campaignCounts } from './campaign-counts.ts'
import { largeClass } from './large-class.ts'

/*
 * How long hours and claims of a large class take, from events that are read already:
 *   npx node test/campaigns/hours-speed.ts --trainees 1000 --days 30
 * Prints milliseconds; exits 1 above two seconds for 1,000 trainees and 30 days (hours and claims together).
 */
const { trainees, days } = campaignCounts({ trainees: 1000, days: 30 })

const { story, sessions } = largeClass(trainees, days)

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
