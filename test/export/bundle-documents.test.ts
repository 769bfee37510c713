import { describe, expect, test } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { type BundleMatter, bundleMatter } from '../../src/export/bundle/matter.ts'
import { bundleReport } from '../../src/export/bundle/report.ts'
import { ClassStory, MINUTE, MORNING, person, session } from '../attendance/class-story.ts'

const ACTOR = '0'.repeat(32)
const act = { statement: '{}', signatures: [{ actor: ACTOR, signature: '0'.repeat(128) }] }
const seat = { class: 'c1', session: session.id }
const id = (digit: string) => digit.repeat(32)

function matterOf(story: ClassStory): BundleMatter {
  const { events } = story
  const tree = { origin: events[0]!.origin, size: events.length, root: '0'.repeat(64) }
  return unwrap(bundleMatter(events, 'c1', defaultPack(), tree))
}

describe('the index of acts by hand', () => {
  test('says how a session would count without a correction', () => {
    const story = new ClassStory().sign('in', 0)
    const add = { direction: 'out' as const, at: MORNING + 180 * MINUTE }
    const data = { ...seat, person: person(0), add, void: null, reason: '断电', overCap: true, act }
    story.append({ type: 'attendance.corrected', data }).passes(200)
    const { corrections } = matterOf(story)
    expect(corrections.acts.at(-1)).toMatchObject({
      ...{ kind: 'correction', reason: '断电', overCap: true, by: [{ actor: ACTOR, role: null }] },
      effects: [
        {
          ...{ person: person(0), session: 'am' },
          before: { state: 'incomplete', creditedMs: 0 },
          after: { state: 'corrected', creditedMs: 180 * MINUTE },
        },
      ],
    })
  })

  test('says so for a leave, a paper sheet and a doubt that two people settled, each person by itself', () => {
    const story = new ClassStory({ people: 3 })
    story.sign('in', 0, { person: person(0), outcome: 'doubtful' })
    const record = story.events.length - 1
    story.sign('out', 180, { person: person(0) })
    const settled = { class: 'c1', record, person: person(0), decision: 'accept' as const, reason: 'r', act }
    story.append({ type: 'doubtful.resolved', data: settled })
    const leave = { kind: 'sick' as const, reason: '病', overCap: false, act }
    story.append({
      type: 'leave.granted',
      data: { class: 'c1', person: person(1), sessions: ['am'], ...leave },
    })
    const entries = [{ person: person(2), in: MORNING, out: MORNING + 90 * MINUTE }]
    story.append({
      type: 'paper.entered',
      data: { ...seat, sheet: 'a'.repeat(64), entries, reason: '停电', act },
    })
    const { acts } = matterOf(story.passes(200)).corrections
    const effects = acts.flatMap(({ kind, effects }) =>
      effects.map(({ person: of, before, after }) => [kind, of, before.state, after.state]),
    )
    expect(effects).toEqual([
      ['doubt', person(0), 'doubtful', 'present'],
      ['leave', person(1), 'absent', 'leave'],
      ['paper', person(2), 'absent', 'corrected'],
    ])
  })

  test('has no effect to tell of an act that changed nothing', () => {
    const story = new ClassStory().sign('in', 0).sign('out', 180)
    const data = {
      person: person(0),
      sessions: ['am'],
      kind: 'sick' as const,
      reason: 'r',
      overCap: false,
      act,
    }
    story.append({ type: 'leave.granted', data: { class: 'c1', ...data } })
    expect(matterOf(story.passes(200)).corrections.acts.at(-1)).toMatchObject({ kind: 'leave', effects: [] })
  })

  test('lists every record that counts nothing, each with its own rule and leaf', () => {
    const story = new ClassStory({ people: 2 }).sign('in', 0, { person: person(0) })
    story.sign('in', 1, { person: person(1), outcome: 'doubtful' }).sign('out', 180, { person: person(1) })
    const { excluded } = matterOf(story.passes(200)).corrections
    expect(excluded.map(({ leaves, rule }) => [leaves, rule])).toEqual([
      [[3], 'sign-in-without-sign-out'],
      [[4, 5], 'doubtful'],
    ])
  })
})

describe('spot checks', () => {
  test('tell who answered a random check in time, and whether its plan was opened', () => {
    const check = id('c')
    const story = new ClassStory().append({
      type: 'check.committed',
      data: { ...seat, check, commitment: 'd'.repeat(64), count: 1, windowMs: 60_000 },
    })
    story.sign('in', 0)
    const until = MORNING + 30 * MINUTE
    story.append({ type: 'check.called', data: { ...seat, check, number: 0, until } })
    const call = story.events.length - 1
    const answer = { ...seat, person: person(0), call, face: null, act, simulated: false }
    story.append({ type: 'check.answered', data: { ...answer, result: 'seen' } }, { wall: until })
    story.append({ type: 'check.answered', data: { ...answer, result: 'seen' } }, { wall: until + 1 })
    story.append({ type: 'check.revealed', data: { ...seat, check, plan: '{}' } }, { wall: until + 2 })
    const { checks } = matterOf(story).checks
    expect(checks).toMatchObject([{ planned: 1, revealed: story.events.length - 1, calls: [{ leaf: call }] }])
    expect(checks[0]?.calls[0]?.answers.map(({ inTime }) => inTime)).toEqual([true, false])
  })

  test('tell of an inspector’s visit who was drawn, seen and found, and how it ended', () => {
    const visit = id('a')
    const of = { visit, class: 'c1' }
    const story = new ClassStory({ people: 2 })
    const inspector = { actor: id('b'), publicKey: 'e'.repeat(64) }
    story.append({
      type: 'visit.opened',
      data: { ...of, inspector, standing: 'listed', list: null, since: null, act },
    })
    const draw = { draw: id('d'), k: 1, nonce: '0'.repeat(32), commitmentSeen: true, plan: '{}' }
    story.append({ type: 'visit.drawn', data: { ...of, ...draw, order: [person(1)], act } })
    story.append({ type: 'visit.headcount', data: { ...of, count: 1, act } })
    const seen = { by: null, reason: '请假', photograph: null, note: null, act }
    story.append({
      type: 'visit.checked',
      data: { ...of, person: person(1), result: 'not-seen', ...seen },
    })
    const institution = { signed: false as const, reason: 'refused' as const }
    story.append({ type: 'visit.closed', data: { ...of, institution, note: null, act } })
    expect(matterOf(story).checks.visits).toMatchObject([
      {
        ...{ visit, inspector: id('b'), standing: 'listed' },
        draws: [{ k: 1, order: [person(1)] }],
        headcounts: [{ count: 1 }],
        checked: [{ person: person(1), result: 'not-seen', reason: '请假' }],
        closed: { institutionSigned: false },
      },
    ])
  })
})

describe('the report', () => {
  const names = [{ person: person(0), name: '<b>张</b>', number: '110***X' }]

  test('shows names as text, loads and runs nothing', () => {
    const matter = matterOf(new ClassStory().sign('in', 0).sign('out', 180).passes(200))
    const page = bundleReport({ matter, names, totals: null, lines: null, actors: new Map() })
    expect(page).toContain('&#60;b&#62;张&#60;/b&#62;')
    expect(page).not.toMatch(/<(script|img|link|iframe|b)\b|\b(src|href)=|url\(/)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  test('says at its top when nothing of it is anybody’s attendance', () => {
    const page = (simulated: boolean) => {
      const matter = matterOf(new ClassStory({ simulated }).sign('in', 0).sign('out', 180).passes(200))
      return bundleReport({ matter, names, totals: null, lines: null, actors: new Map() })
    }
    expect(page(true)).toMatch(/<\/h1>\n<p class="mark">模拟数据，不作为考勤依据 SIMULATED/)
    expect(page(false)).not.toContain('SIMULATED')
  })
})
