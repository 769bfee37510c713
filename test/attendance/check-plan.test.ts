import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  momentsOf,
  planCommitment,
  planText,
  readPlan,
  replayChecks,
} from '../../src/attendance/check-plan.ts'
import type { EventInput } from '../../src/ledger/event.ts'
import { ClassStory, MINUTE, MORNING, session } from './class-story.ts'

const seed = '7'.repeat(64)
const check = 'c'.repeat(32)
const windowMs = 10 * MINUTE
const text = planText('c1', session, { count: 2, windowMs, seed })
const moments = momentsOf(readPlan(text)!)

function committed(commitment = planCommitment(text)): EventInput {
  return {
    type: 'check.committed',
    data: { class: 'c1', session: 'am', check, commitment, count: 2, windowMs },
  }
}

function story(change: { commitAt?: number; late?: number; plan?: string; skip?: boolean } = {}) {
  const { commitAt = MORNING - MINUTE, late = 0, plan = text, skip = false } = change
  const events = new ClassStory().append(committed(), { wall: commitAt })
  for (const [number, moment] of moments.entries()) {
    if (skip && number === 1) continue
    const data = { class: 'c1', session: 'am', check, number, until: moment + late + windowMs }
    events.append({ type: 'check.called', data }, { wall: moment + late })
  }
  const revealed = { class: 'c1', session: 'am', check, plan }
  return events.append({ type: 'check.revealed', data: revealed }, { wall: session.end }).events
}

describe('checks that were committed before a session', () => {
  test('replay as kept when they were called at the moments of their seed', () => {
    expect(replayChecks(story())).toMatchObject([{ state: 'kept', problems: [], moments }])
  })

  test.each([
    ['committed after the session began', story({ commitAt: MORNING + MINUTE })],
    ['called at a moment that somebody chose', story({ late: windowMs + 1 })],
    ['not called at one of the moments', story({ skip: true })],
    ['revealed with another seed', story({ plan: text.replace(seed, '8'.repeat(64)) })],
    ['revealed with nonsense', story({ plan: '{}' })],
  ])('replay as broken when %s', (_name, events) => {
    expect(replayChecks(events)).toMatchObject([{ state: 'broken' }])
  })

  test('are pending until the plan is revealed', () => {
    const events = new ClassStory().append(committed()).events
    expect(replayChecks(events)).toMatchObject([{ state: 'pending', moments: [] }])
  })

  test('have moments that rise and whose window ends inside the session, whatever the seed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 1, max: 20 }),
        (bytes, count) => {
          const drawn = planText('c1', session, { count, windowMs, seed: Buffer.from(bytes).toString('hex') })
          const times = momentsOf(readPlan(drawn)!)
          const sorted = times.every((time, n) => n === 0 || time >= (times[n - 1] ?? 0))
          return sorted && times.every((time) => time >= session.start && time + windowMs <= session.end)
        },
      ),
    )
  })
})
