import { expect, test } from 'vitest'
import { projectHistory } from '../../src/attendance/history.ts'
import { manualUse } from '../../src/attendance/manual-cap.ts'
import { parseRulePack, type RulePack } from '../../src/attendance/rule-pack.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { ClassStory, MORNING, person } from './class-story.ts'

const act = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }
const day = 86_400_000

function capped(percent: number): RulePack {
  const file = JSON.parse(new TextDecoder().decode(defaultPack().bytes))
  const { missing: _none, ...rule } = file.lessons.manualMaximumPercent
  file.lessons.manualMaximumPercent = { ...rule, value: percent, kind: 'own-choice' }
  return unwrap(parseRulePack(new TextEncoder().encode(JSON.stringify(file))))
}

/** Forty people in one session, and corrections of that many of them. */
function use(corrections: number, at = MORNING, percent = 5) {
  const story = new ClassStory({ people: 40 })
  for (let n = 0; n < corrections; n++) {
    const seat = { class: 'c1', session: 'am', person: person(n) }
    const change = { add: null, void: 1, reason: 'r', overCap: false, act }
    story.append({ type: 'attendance.corrected', data: { ...seat, ...change } })
  }
  const history = projectHistory(story.events).classes.get('c1')!
  return manualUse(history, capped(percent), at)
}

test('a class’s month has a share of its places for manual acts, and an alarm beyond it', () => {
  expect(use(2)).toEqual({ month: '2026-03', used: 2, allowed: 2, alarm: false })
  expect(use(3)).toMatchObject({ used: 3, allowed: 2, alarm: true })
})

test('one act is always allowed, and another month counts for itself', () => {
  expect(use(1, MORNING, 1)).toMatchObject({ allowed: 1, alarm: false })
  expect(use(3, MORNING + 40 * day)).toMatchObject({ month: '2026-04', used: 0, alarm: false })
})
