import { describe, expect, test } from 'vitest'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours, type PersonHours } from '../../src/attendance/hours.ts'
import type { RulePack } from '../../src/attendance/rule-pack.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { ClassStory, MINUTE, MORNING, packWith, person, session } from './class-story.ts'

function hoursOf(story: ClassStory, pack: RulePack = defaultPack()) {
  return unwrap(computeHours(projectHistory(story.events), 'c1', pack))
}

function first(story: ClassStory, pack?: RulePack): PersonHours {
  return hoursOf(story, pack).people[0]!
}

function said(hours: PersonHours, at = 0): string[] {
  return hours.sessions[at]!.reasons.map(({ rule }) => rule)
}

describe('pairing', () => {
  test('a sign-in before the start and a sign-out after the end credit the session and no more', () => {
    const hours = first(new ClassStory().sign('in', -20).sign('out', 200))
    expect(hours).toMatchObject({ creditedMs: 180 * MINUTE, lessons: 4 })
    expect(hours.sessions[0]).toMatchObject({ id: 'am', state: 'present', reasons: [] })
  })

  test('a sign-in without a sign-out credits nothing and says so', () => {
    const hours = first(new ClassStory().sign('in', -5).passes(181))
    expect(hours.creditedMs).toBe(0)
    expect(hours.sessions[0]!.state).toBe('incomplete')
    expect(said(hours)).toEqual(['sign-in-without-sign-out'])
  })

  test('after a forgotten sign-out the time counts from the second sign-in, never from the first', () => {
    const hours = first(new ClassStory().sign('in', 0).sign('in', 90).sign('out', 180))
    expect(hours.creditedMs).toBe(90 * MINUTE)
    expect(said(hours)).toContain('sign-in-without-sign-out')
  })

  test('two sign-outs in a row are not taken for a sign-out and a sign-in', () => {
    const hours = first(new ClassStory().sign('in', 0).sign('out', 90).sign('out', 180))
    expect(hours.creditedMs).toBe(90 * MINUTE)
    expect(said(hours)).toContain('sign-out-without-sign-in')
  })

  test('a double tap within a minute is one sign-in, at the first time', () => {
    const hours = first(new ClassStory().sign('in', 0).sign('in', 0.5).sign('out', 180))
    expect(hours.creditedMs).toBe(180 * MINUTE)
    expect(said(hours)).toEqual([])
  })

  test('a sign-out of one session does not close the sign-in of another', () => {
    const pm = { id: 'pm', start: MORNING + 240 * MINUTE, end: MORNING + 420 * MINUTE }
    const story = new ClassStory({ sessions: [session, pm] })
      .sign('in', 0)
      .sign('out', 420, { session: 'pm' })
    expect(first(story).sessions.map(({ state }) => state)).toEqual(['incomplete', 'incomplete'])
  })

  test('somebody who goes out and comes back is not credited for the time outside', () => {
    const story = new ClassStory().sign('in', 0).sign('out', 60).sign('in', 70).sign('out', 180)
    expect(first(story).creditedMs).toBe(170 * MINUTE)
  })

  test('a sign-out minutes after the sign-in is punch and leave and credits nothing', () => {
    const hours = first(new ClassStory().sign('in', 0).sign('out', 4).passes(180))
    expect(hours).toMatchObject({ creditedMs: 0, lessons: 0 })
    expect(said(hours)).toContain('short-stay')
  })
})

describe('lateness and leaving early', () => {
  test('somebody late within the grace loses the minutes and not the lesson', () => {
    const hours = first(new ClassStory().sign('in', 10).sign('out', 180))
    expect(hours.creditedMs).toBe(170 * MINUTE)
    expect(hours.sessions[0]!.state).toBe('late')
  })

  test('somebody later than the grace loses that lesson and keeps the others', () => {
    const hours = first(new ClassStory().sign('in', 16).sign('out', 180))
    expect(hours.creditedMs).toBe(135 * MINUTE)
    expect(hours.sessions[0]!.reasons).toContainEqual({
      rule: 'lesson-lost-late',
      clause: expect.stringContaining('迟到超过15分钟'),
      inputs: { lesson: 1, lateMs: 16 * MINUTE, graceMs: 15 * MINUTE },
    })
  })

  test('somebody who leaves in the middle of the third lesson keeps two', () => {
    const hours = first(new ClassStory().sign('in', 0).sign('out', 110).passes(180))
    expect(hours).toMatchObject({ creditedMs: 90 * MINUTE, lessons: 2 })
    expect(hours.sessions[0]!.state).toBe('left-early')
    expect(said(hours)).toContain('lesson-lost-left-early')
  })

  test('a pack without a grace rule credits every minute', () => {
    const pack = packWith({ lateGraceMinutes: 'none', earlyLeaveGraceMinutes: 'none' })
    expect(first(new ClassStory().sign('in', 40).sign('out', 150).passes(180), pack).creditedMs).toBe(
      110 * MINUTE,
    )
  })
})

describe('what may not count', () => {
  test('a doubtful record that nobody resolved credits nothing', () => {
    const story = new ClassStory()
      .sign('in', 0, { outcome: 'doubtful', reason: 'face-unsure' })
      .sign('out', 180)
    const hours = first(story)
    expect(hours.creditedMs).toBe(0)
    expect(hours.sessions[0]!.state).toBe('doubtful')
  })

  test('a certain sign-in right after a doubtful one counts', () => {
    const story = new ClassStory()
      .sign('in', -2, { outcome: 'doubtful', reason: 'face-unsure' })
      .sign('in', -1.5)
      .sign('out', 180)
    expect(first(story).creditedMs).toBe(180 * MINUTE)
  })

  test('simulated hardware never counts on a real ledger', () => {
    const hours = first(new ClassStory().sign('in', 0, { simulated: true }).sign('out', 180))
    expect(hours.creditedMs).toBe(0)
    expect(said(hours)).toContain('simulated')
  })

  test('a simulated clock never counts on a real ledger', () => {
    const story = new ClassStory().sign('in', 0, { time: { trust: 'simulated' } }).sign('out', 180)
    expect(first(story).creditedMs).toBe(0)
  })

  test('a ledger born simulated computes hours, all of them marked and all under simulated evidence', () => {
    const document = hoursOf(new ClassStory({ simulated: true }).sign('in', 0).sign('out', 180))
    expect(document.simulated).toBe(true)
    expect(document.people[0]!.byEvidence).toMatchObject({ simulated: 180 * MINUTE, official: 0 })
  })

  test('somebody taken off the roster before the session is excluded, whatever is recorded later', () => {
    const hours = first(new ClassStory().unseat(person(0)).sign('in', 0).sign('out', 180))
    expect(hours).toMatchObject({ creditedMs: 0 })
    expect(hours.sessions[0]!.state).toBe('excluded')
    expect(said(hours)).toEqual(['off-roster', 'off-roster'])
  })

  test('time in two overlapping sessions counts once', () => {
    const twin = { id: 'twin', start: MORNING + 90 * MINUTE, end: MORNING + 270 * MINUTE }
    const story = new ClassStory({ sessions: [session, twin] })
      .sign('in', 0)
      .sign('in', 0, { session: 'twin' })
      .sign('out', 270)
      .sign('out', 270, { session: 'twin' })
    const hours = first(story)
    expect(hours.creditedMs).toBe(270 * MINUTE)
    expect(said(hours, 1)).toContain('overlapping-session')
  })
})

test('somebody whose whole session counted in another one is not called absent from it', () => {
  const story = new ClassStory({ sessions: [session, { ...session, id: 'twin' }] })
  for (const id of ['am', 'twin']) story.sign('in', 0, { session: id })
  for (const id of ['am', 'twin']) story.sign('out', 180, { session: id })
  expect(first(story).sessions.map(({ state }) => state)).toEqual(['present', 'excluded'])
})

describe('watermark', () => {
  test('nobody is absent while the station has not recorded past the end', () => {
    const hours = first(new ClassStory().passes(179))
    expect(hours.sessions[0]!.state).toBe('pending')
    expect(said(hours)).toEqual(['watermark'])
  })

  test('after the end somebody without a record is absent', () => {
    expect(first(new ClassStory().passes(180)).sessions[0]!.state).toBe('absent')
  })

  test('a session that the station closed is over before its planned end', () => {
    const story = new ClassStory().passes(60)
    story.append({ type: 'session.closed', data: { class: 'c1', session: 'am' } })
    expect(first(story).sessions[0]!.state).toBe('absent')
  })

  test('somebody who joins the class after a session is not absent from it', () => {
    const story = new ClassStory({ people: 0 }).passes(181).seat(person(0))
    const hours = first(story)
    expect(hours.sessions[0]!.state).toBe('excluded')
    expect(said(hours)).toEqual(['not-enrolled'])
  })
})

describe('clock', () => {
  test('a wall clock that was set forward inside one boot makes nobody’s day longer', () => {
    const story = new ClassStory().sign('in', 0, { time: { boottime: 1000 } })
    story.sign('out', 180, { time: { boottime: 1000 + 20 * MINUTE } })
    const hours = first(story)
    expect(hours.creditedMs).toBe(0)
    expect(hours.sessions[0]).toMatchObject({
      state: 'doubtful',
      reasons: [{ rule: 'clock', inputs: { wallMs: 180 * MINUTE, boottimeMs: 20 * MINUTE } }],
    })
  })

  test('inside one boot the boot time measures, within the tolerance', () => {
    const story = new ClassStory().sign('in', 0, { time: { boottime: 1000 } })
    story.sign('out', 180, { time: { boottime: 1000 + 180 * MINUTE - 3000 } })
    expect(first(story).creditedMs).toBe(180 * MINUTE - 3000)
  })

  test('across a restart the wall clock measures', () => {
    const story = new ClassStory().sign('in', 0).sign('out', 180, { time: { boot: 'b2', boottime: 5 } })
    expect(first(story).creditedMs).toBe(180 * MINUTE)
  })

  test('a wall clock that ran backwards across a restart credits nothing', () => {
    const story = new ClassStory().sign('in', 100).sign('out', 20, { time: { boot: 'b2', boottime: 5 } })
    expect(said(first(story.passes(180)))).toContain('clock')
  })
})

describe('rounding', () => {
  const lessons = [0, 1, 2].map((n) => ({
    id: `s${n}`,
    start: MORNING + n * 60 * MINUTE,
    end: MORNING + (n * 60 + 45) * MINUTE,
  }))
  const story = () => {
    const told = new ClassStory({ sessions: lessons })
    for (const [n, { id }] of lessons.entries()) {
      told.sign('in', n * 60, { session: id }).sign('out', n * 60 + 45 - 1 / 60, { session: id })
    }
    return told.passes(180)
  }

  test.each([
    ['lesson', 0],
    ['session', 0],
    ['class', 2],
  ])('three lessons that miss a second each are at level %s %i lessons', (level, expected) => {
    const pack = packWith({ rounding: { level, mode: 'down' } })
    expect(first(story(), pack)).toMatchObject({ creditedMs: 3 * (45 * MINUTE - 1000), lessons: expected })
  })
})

describe('evidence', () => {
  test('a stay is proven no better than the weaker of its ends', () => {
    const hours = first(new ClassStory().sign('in', 0, { portrait: 'chip' }).sign('out', 180))
    expect(hours.byEvidence).toMatchObject({ chip: 0, official: 180 * MINUTE })
  })

  test('a witnessed sign-in is its own kind of evidence', () => {
    const witnessed = { outcome: 'witnessed', portrait: 'none', reason: 'consent-refused' } as const
    const hours = first(new ClassStory().sign('in', 0, witnessed).sign('out', 180, { portrait: 'chip' }))
    expect(hours.byEvidence).toMatchObject({ witnessed: 180 * MINUTE, manual: 0, none: 0 })
  })

  test('what two people entered or accepted afterwards is evidence by hand, not a supervisor’s at the door', () => {
    const act = { statement: '{}', signatures: [] }
    const seat = { class: 'c1', session: 'am', person: person(0) }
    const add = { direction: 'out' as const, at: MORNING + 180 * MINUTE }
    const corrected = new ClassStory().sign('in', 0, { portrait: 'chip' }).append({
      type: 'attendance.corrected',
      data: { ...seat, add, void: null, reason: 'r', overCap: false, act },
    })
    const accepted = new ClassStory().sign('in', 0, { outcome: 'doubtful', portrait: 'chip' })
    const record = accepted.events.length - 1
    accepted.sign('out', 180, { portrait: 'chip' }).append({
      type: 'doubtful.resolved',
      data: { class: 'c1', record, person: person(0), decision: 'accept', reason: 'r', act },
    })
    for (const story of [corrected, accepted]) {
      expect(first(story.passes(200)).byEvidence).toMatchObject({
        manual: 180 * MINUTE,
        witnessed: 0,
        chip: 0,
      })
    }
  })
})

test('every reason names the pack’s value and either its document or that it is an own choice', () => {
  const story = new ClassStory({ people: 3 }).sign('in', 20).sign('out', 150)
  story.sign('out', 150, { person: person(1) }).passes(180)
  const reasons = hoursOf(story).people.flatMap(({ sessions }) => sessions.flatMap((found) => found.reasons))
  expect(reasons.length).toBeGreaterThan(5)
  for (const { clause } of reasons)
    expect(clause).toMatch(/^[a-zA-Z]+: (own choice of cn-default-2|.*考勤.*)$/)
})

test('an unknown class is a coded fault', () => {
  const hours = computeHours(projectHistory(new ClassStory().events), 'c9', defaultPack())
  expect(hours).toMatchObject({ ok: false, fault: { code: 'ROSTER_CLASS_UNKNOWN' } })
})
