import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import { checkProblem, drawOutcome, foldVisits, nextVisit, openVisit } from '../../src/inspect/visit.ts'
import { visitFacts } from '../../src/inspect/visit-facts.ts'
import { sinceFault, sinceLastVisit } from '../../src/inspect/visit-opening.ts'
import { ContentsCheck } from '../../src/ledger/contents.ts'
import type { EventData } from '../../src/ledger/event.ts'
import { CLASS, person, START, VisitStory } from './visit-story.ts'

type Checked = Omit<EventData['visit.checked'], 'act' | 'visit' | 'class' | 'person'>
const seen: Checked = { result: 'seen', by: 'card', reason: null, photograph: null, note: null }

function check(story: VisitStory, visit: string, who: string, said: Partial<Checked> = {}): void {
  const body = { visit, class: CLASS, person: who, ...seen, ...said }
  const act = story.byInspector('visit.check', body)
  story.ledger.append({ type: 'visit.checked', data: { ...body, act } })
}

function close(
  story: VisitStory,
  visit: string,
  institution: EventData['visit.closed']['institution'],
): void {
  const body = { visit, class: CLASS, institution, note: null }
  const statement = JSON.stringify({ act: 'visit.close', ...body, origin: story.ledger.origin })
  const others = institution.signed ? [story.supervisor.sign(statement)] : []
  const act = story.byInspector('visit.close', body, others)
  story.ledger.append({ type: 'visit.closed', data: { ...body, act } })
}

function visitOf(story: VisitStory, visit: string) {
  return foldVisits(story.events).get(visit)!
}

/** What both verifiers say of the acts. */
function actsProblem(story: VisitStory): string | null {
  const contents = new ContentsCheck()
  for (const event of story.events) contents.visit(event)
  return contents.problem?.detail ?? falseAct(story.events)?.detail ?? null
}

describe('a visit', () => {
  test('is folded from its events, and every act of it verifies', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    story.commit()
    story.draw(3, { visit })
    const [first, second] = visitOf(story, visit).draws[0]!.order as [string, string, string]
    check(story, visit, first)
    check(story, visit, second, { result: 'not-seen', by: null })
    check(story, visit, second, { result: 'cannot-verify', by: null, reason: 'card left at home' })
    expect(visitOf(story, visit)).toMatchObject({ standing: 'no-list', closed: null })
    expect(drawOutcome(visitOf(story, visit))).toMatchObject({
      seen: [first],
      notSeen: [],
      cannotVerify: [second],
    })
    expect(drawOutcome(visitOf(story, visit)).left).toHaveLength(1)
    close(story, visit, { signed: true, actor: story.supervisor.actor })
    expect(visitOf(story, visit).closed).toMatchObject({ institution: { signed: true } })
    expect(actsProblem(story)).toBeNull()
  })

  test('is still open after a power cut, because it is nothing but its events', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    check(story, visit, person(0))
    const upToHere = story.events
    expect(openVisit(foldVisits(upToHere), CLASS)?.visit).toBe(visit)
    expect(openVisit(foldVisits(upToHere), CLASS)?.checks).toHaveLength(1)
  })

  test('closes when the institution refuses to sign, and says so', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    close(story, visit, { signed: false, reason: 'refused' })
    expect(visitOf(story, visit).closed?.institution).toEqual({ signed: false, reason: 'refused' })
    expect(openVisit(foldVisits(story.events), CLASS)).toBeNull()
    expect(actsProblem(story)).toBeNull()
  })

  test('that says the institution signed while only the inspector did is false', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    const body = {
      visit,
      class: CLASS,
      institution: { signed: true, actor: story.supervisor.actor } as const,
      note: null,
    }
    story.ledger.append({
      type: 'visit.closed',
      data: { ...body, act: story.byInspector('visit.close', body) },
    })
    expect(actsProblem(story)).toMatch(/nobody signed for the institution/)
  })

  test('in which somebody of the institution signs a check is false', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    story.byInspector = (act, body) => story.bySupervisor(act, body)
    check(story, visit, person(0))
    expect(actsProblem(story)).toMatch(/the inspector of the visit didn’t sign it/)
  })

  test('whose check says another result than the inspector signed is false', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    const body = { visit, class: CLASS, person: person(0), ...seen }
    const act = story.byInspector('visit.check', { ...body, result: 'not-seen' })
    story.ledger.append({ type: 'visit.checked', data: { ...body, act } })
    expect(actsProblem(story)).toMatch(/what was signed is not what is recorded/)
  })

  test('opened under an id that isn’t the key’s is false', () => {
    const story = new VisitStory(6)
    Object.assign(story.inspector, { actor: 'e'.repeat(32) })
    story.open()
    expect(actsProblem(story)).toMatch(/not enrolled/)
  })

  test('takes nothing more once it is closed, nothing before it is open, and nothing of another class', () => {
    const story = new VisitStory(6)
    const id = story.open()
    check(story, id, person(0))
    const checked = story.events.at(-1)!
    if (checked.type !== 'visit.checked') throw new Error('a check was recorded')
    const visit = visitOf(story, id)
    expect(nextVisit(null, checked)).toMatchObject({ fault: { code: 'INSPECT_VISIT_UNKNOWN' } })
    expect(nextVisit({ ...visit, class: 'c2' }, checked)).toMatchObject({
      fault: { code: 'INSPECT_VISIT_CLASS' },
    })
    close(story, id, { signed: false, reason: 'nobody-there' })
    expect(nextVisit(visitOf(story, id), checked)).toMatchObject({ fault: { code: 'INSPECT_VISIT_CLOSED' } })
    check(story, id, person(1))
    expect(visitOf(story, id).checks).toHaveLength(1)
  })

  test('records nobody as seen by nothing, and nobody as unverifiable without a reason', () => {
    expect(checkProblem(seen)).toBeNull()
    expect(checkProblem({ ...seen, by: null })?.code).toBe('INSPECT_CHECK')
    expect(checkProblem({ result: 'not-seen', by: 'face', reason: null })?.code).toBe('INSPECT_CHECK')
    expect(checkProblem({ result: 'cannot-verify', by: null, reason: null })?.code).toBe('INSPECT_CHECK')
  })
})

describe('a checkpoint from the last visit', () => {
  const against = (story: VisitStory, other = story) => ({
    ...{ size: other.ledger.size, key: story.signer.key },
    rootAt: (size: number) => other.ledger.rootAt(size),
  })

  test('is consistent with a ledger that only grew', () => {
    const story = new VisitStory(3)
    const kept = story.ledger.checkpoint()
    story.seat([7])
    expect(unwrap(sinceLastVisit(kept, against(story)))).toMatchObject({ finding: 'consistent' })
  })

  test('shows that a ledger was set back, and that one was rewritten', () => {
    const story = new VisitStory(3)
    story.seat([7])
    const kept = story.ledger.checkpoint()
    const shorter = { ...against(story), size: 4 }
    expect(sinceFault(unwrap(sinceLastVisit(kept, shorter)))?.code).toBe('INSPECT_ROLLED_BACK')
    const other = new VisitStory(3)
    other.seat([8])
    expect(sinceFault(unwrap(sinceLastVisit(kept, against(story, other))))?.code).toBe('INSPECT_REWRITTEN')
  })
})

test('facts at a glance are those of the events', () => {
  const story = new VisitStory(5, 2)
  const time = START + 60_000
  for (const [n, direction] of [
    [0, 'in'],
    [1, 'in'],
    [1, 'out'],
  ] as const) {
    story.ledger.append({
      type: 'attendance',
      data: {
        ...{
          class: CLASS,
          session: 'am',
          person: person(n),
          direction,
          outcome: 'doubtful',
          reason: 'face-unsure',
        },
        ...{ portrait: 'chip', face: null, act: null, reader: null, simulated: true },
      },
    })
  }
  story.ledger.append({ type: 'camera.changed', data: { before: null, after: 'a' } })
  story.ledger.append({ type: 'camera.changed', data: { before: 'a', after: 'b' } })
  const visit = story.open()
  const counted = { visit, class: CLASS, count: 4 }
  story.ledger.append({
    type: 'visit.headcount',
    data: { ...counted, act: story.byInspector('visit.count', counted) },
  })
  expect(visitFacts(story.events, CLASS, time)).toMatchObject({
    ...{
      title: '电工',
      filing: null,
      session: { id: 'am' },
      expected: 5,
      signedIn: 2,
      present: 1,
      headcount: 4,
    },
    ...{
      openDoubts: 3,
      manualActs: 0,
      enrolledOnSite: 2,
      untrustedTimes: 3,
      clockJumps: 0,
      cameraChanges: 1,
    },
    ...{ readerChanges: 0, receipt: null, simulated: true },
    portraits: { chip: 2, official: 3, enrolled: 0, none: 0 },
  })
  expect(visitFacts(story.events, 'c9', time)).toBeNull()
})
