import { describe, expect, test } from 'vitest'
import type { FaultCode } from '../../src/common/fault.ts'
import { unwrap } from '../../src/common/result.ts'
import { replayDraw } from '../../src/inspect/replay.ts'
import { CLASS, NONCE, otherKey, person, VisitStory } from './visit-story.ts'

type DrawDocument = {
  checkpoint: string
  events: string[]
  nodes: string[]
  roster: { person: string; stratum: string }[]
}

describe('the file of a draw', () => {
  test('replays to the same people in the same order, with the station’s public key and nothing else', () => {
    const story = new VisitStory(12, 3)
    const { commitment } = story.commit(4)
    const file = story.draw(5, { seen: commitment })
    const replayed = unwrap(replayDraw(file, { key: story.signer.key }))
    expect(replayed).toMatchObject({
      ...{ class: CLASS, k: 5, n: 12, commitment, nonce: NONCE, commitmentSeen: true, trust: 'key' },
      strata: [
        { name: 'on-site', weight: 4, people: 3 },
        { name: 'other', weight: 1, people: 9 },
      ],
    })
    expect(replayed.order).toHaveLength(5)
    expect(replayed.committed.index).toBeLessThan(replayed.drawn.index)
  })

  test('inside a visit is signed by the inspector', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    story.commit()
    expect(unwrap(replayDraw(story.draw(2, { visit })))).toMatchObject({ visit, commitmentSeen: false })
  })

  test('signed by somebody else than the inspector of the visit is refused', () => {
    const story = new VisitStory(6)
    const visit = story.open()
    story.commit()
    story.byInspector = (act, body) => story.bySupervisor(act, body)
    expect(codeOf(story.draw(2, { visit }))).toBe('INSPECT_DRAW_EDITED')
  })

  test.each<[string, FaultCode, (document: DrawDocument) => void]>([
    [
      'another order',
      'INSPECT_DRAW_EDITED',
      ({ events }) => edit(events, -1, ({ data }) => data.order.reverse()),
    ],
    [
      'another nonce',
      'INSPECT_DRAW_EDITED',
      ({ events }) => edit(events, -1, ({ data }) => (data.nonce = 'cd'.repeat(16))),
    ],
    [
      'another commitment',
      'INSPECT_DRAW_EDITED',
      ({ events }) => edit(events, -2, ({ data }) => (data.commitment = '0'.repeat(64))),
    ],
    ['a smaller k', 'INSPECT_DRAW_EDITED', ({ events }) => edit(events, -1, ({ data }) => (data.k = 1))],
    ['somebody left out of the roster', 'INSPECT_DRAW_EDITED', ({ roster }) => void roster.pop()],
    [
      'somebody put in another’s place',
      'INSPECT_DRAW_EDITED',
      ({ roster }) => (roster[0]!.person = person(99)),
    ],
    ['a person who is more likely', 'INSPECT_DRAW_EDITED', ({ roster }) => (roster[0]!.stratum = 'on-site')],
    ['an event left out', 'INSPECT_DRAW_FORMAT', ({ events }) => void events.shift()],
    ['a node left out', 'INSPECT_DRAW_EDITED', ({ nodes }) => void nodes.pop()],
    [
      'a checkpoint of another tree',
      'INSPECT_DRAW_KEY',
      (document) => (document.checkpoint = document.checkpoint.replace(/\n[0-9]+\n/, '\n99\n')),
    ],
  ])('with %s is refused', (_what, code, change) => {
    const story = new VisitStory(8)
    story.commit()
    const document = JSON.parse(new TextDecoder().decode(story.draw(3)))
    change(document)
    expect(codeOf(new TextEncoder().encode(JSON.stringify(document)))).toBe(code)
  })

  test('changed in any byte is refused or says exactly the same', () => {
    const story = new VisitStory(5)
    story.commit()
    const file = story.draw(2)
    const truth = JSON.stringify(unwrap(replayDraw(file)))
    for (let at = 0; at < file.length; at += 3) {
      const changed = Uint8Array.from(file)
      changed[at]! ^= 1 + (at % 7)
      const replayed = replayDraw(changed)
      if (replayed.ok) expect(JSON.stringify(replayed.value)).toBe(truth)
    }
  })

  test('of a station with another key than the known one is refused', () => {
    const story = new VisitStory(5)
    story.commit()
    expect(replayDraw(story.draw(2), { key: otherKey() })).toMatchObject({
      fault: { code: 'INSPECT_DRAW_KEY' },
    })
  })

  test('in which the station signed a false order is refused', () => {
    const story = new VisitStory(8)
    const { draw } = story.commit()
    const plan = story.plans.get(draw)!
    const order = [person(0), person(1)]
    const data = {
      visit: null,
      class: CLASS,
      draw,
      k: 2,
      nonce: NONCE,
      commitmentSeen: false,
      plan,
      order,
      act: null,
    }
    story.ledger.append({ type: 'visit.drawn', data })
    expect(codeOf(story.fileOf(draw))).toBe('INSPECT_ORDER_FALSE')
  })

  test('in which the station revealed another plan than the one it committed to is refused', () => {
    const story = new VisitStory(8)
    const { draw } = story.commit()
    const plan = story.plans.get(draw)!.replace('55', '66')
    const data = {
      visit: null,
      class: CLASS,
      draw,
      k: 1,
      nonce: NONCE,
      commitmentSeen: false,
      plan,
      order: [person(0)],
      act: null,
    }
    story.ledger.append({ type: 'visit.drawn', data })
    expect(codeOf(story.fileOf(draw))).toBe('INSPECT_COMMITMENT_MISMATCH')
  })
})

describe('a draw is refused in words', () => {
  test.each<[string, FaultCode, (story: VisitStory) => void]>([
    ['of nobody', 'INSPECT_K_ZERO', (story) => story.draw(0)],
    ['of more people than there are', 'INSPECT_K_TOO_LARGE', (story) => story.draw(9)],
    ['with a short nonce', 'INSPECT_NONCE', (story) => story.draw(2, { nonce: 'ab'.repeat(15) })],
    ['with a nonce that is no hex', 'INSPECT_NONCE', (story) => story.draw(2, { nonce: 'xy'.repeat(16) })],
    ['of a class that isn’t here', 'ROSTER_CLASS_UNKNOWN', (story) => story.draw(2, { class: 'c9' })],
    [
      'from a commitment that isn’t here',
      'INSPECT_COMMITMENT_UNKNOWN',
      (story) => story.draw(2, { seen: '0'.repeat(64) }),
    ],
    [
      'with a nonce that was used',
      'INSPECT_NONCE_REUSED',
      (story) => {
        story.draw(2)
        story.commit(1, 2)
        story.draw(2)
      },
    ],
    [
      'after the station lost its plan',
      'INSPECT_COMMITMENT_LOST',
      (story) => {
        story.plans.clear()
        story.draw(2)
      },
    ],
    [
      'after the station changed its plan',
      'INSPECT_COMMITMENT_MISMATCH',
      (story) => {
        for (const [draw, plan] of story.plans) story.plans.set(draw, plan.replace('55', '66'))
        story.draw(2)
      },
    ],
    [
      'after the roster was changed',
      'INSPECT_ROSTER_CHANGED',
      (story) => {
        story.seat([50])
        story.draw(2)
      },
    ],
  ])('%s', (_what, code, act) => {
    const story = new VisitStory(8)
    story.commit()
    expect(() => act(story)).toThrow(expect.objectContaining({ code }))
  })

  test('of a class of one, and of an empty one, which leave nothing to commit to', () => {
    expect(() => new VisitStory(1).commit()).toThrow(
      expect.objectContaining({ code: 'INSPECT_CLASS_OF_ONE' }),
    )
    expect(() => new VisitStory(0).commit()).toThrow(expect.objectContaining({ code: 'INSPECT_CLASS_EMPTY' }))
  })

  test('and the loss of a commitment is on record, with the nonce spent', () => {
    const story = new VisitStory(8)
    const { draw } = story.commit()
    story.plans.clear()
    expect(() => story.draw(2)).toThrow()
    expect(story.events.at(-1)).toMatchObject({
      type: 'draw.voided',
      data: { draw, reason: 'lost', nonce: NONCE },
    })
    story.commit(1, 2)
    expect(() => story.draw(2)).toThrow(expect.objectContaining({ code: 'INSPECT_NONCE_REUSED' }))
    story.draw(2, { nonce: 'cd'.repeat(16) })
  })
})

function codeOf(bytes: Uint8Array): FaultCode | null {
  const replayed = replayDraw(bytes)
  return replayed.ok ? null : replayed.fault.code
}

// biome-ignore lint/suspicious/noExplicitAny: forgers don't keep to types
function edit(events: string[], at: number, change: (event: any) => void): void {
  const index = events.length + at
  const event = JSON.parse(events[index]!)
  change(event)
  events[index] = JSON.stringify(event)
}
