import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import {
  noticeText,
  noticeTextWithCardFacts,
  noticeTextWithFramesAndCardFacts,
} from '../../../src/common/notice.ts'
import type { DuplicateThreshold } from '../../../src/face/duplicate-threshold.ts'
import { keptCardFacts } from '../../../src/station/card-facts.ts'
import { DuplicateWatch } from '../../../src/station/duplicates/watch.ts'
import { noticeVersion } from '../../../src/station/station.ts'
import { DoorRig, trainee } from '../door-rig.ts'

const model = { name: 'scripted', sha256: '1'.repeat(64) }
const threshold = { model, threshold: 0.9, targetFmr: 1e-5, extrapolated: true } as DuplicateThreshold
const SECOND = '7'.repeat(64)

let rig: DoorRig
let watch: DuplicateWatch
afterEach(() => rig.stop())

function open(cardFacts = false) {
  rig = new DoorRig({ answerMs: 300 }, (data, own) => {
    watch = new DuplicateWatch({
      ...own,
      data,
      threshold,
      noticeVersion: SECOND,
      onFault: (fault) => {
        throw fault
      },
    })
    return { duplicates: watch, cardFacts }
  })
  rig.door.start()
}

const question = (notice: string) =>
  new Promise<void>((resolve) => {
    const look = ({ screen, noticeVersion }: { screen: string; noticeVersion: string }): void => {
      if (screen === 'consent' && noticeVersion === notice) resolve()
    }
    rig.door.subscribe(look)
    look(rig.door.snapshot())
  })
const consents = () =>
  rig
    .events()
    .flatMap(({ type, data }) => (type === 'consent' ? [[data.purpose, data.granted, data.notice]] : []))
const keptNames = () => rig.data.side.list(rig.person).map(({ name }) => name)

test('the second question comes once, with its own notice, and a yes to it makes a template', async () => {
  open()
  const passed = rig.pass()
  await question('3'.repeat(64))
  await rig.door.command({ type: 'consent', granted: true })
  await question(SECOND)
  expect(await rig.door.command({ type: 'consent', granted: true, purpose: 'duplicates' })).toBeNull()
  expect((await passed).verdict).toBe('verified')
  await watch.settled()
  expect(consents()).toEqual([
    ['face', true, '3'.repeat(64)],
    ['duplicates', true, SECOND],
  ])
  expect(keptNames()).toContain('template/live/11111111')
  await rig.door.command({ type: 'direction', direction: 'out' })
  expect((await rig.pass()).verdict).toBe('verified')
  expect(consents()).toHaveLength(2)
})

test('a second tap on the first yes agrees to nothing, and silence is a no that costs nobody the check', async () => {
  open()
  const passed = rig.pass()
  await question('3'.repeat(64))
  await rig.door.command({ type: 'consent', granted: true })
  await question(SECOND)
  expect(await rig.door.command({ type: 'consent', granted: true })).toMatchObject({
    code: 'STATION_NOT_NOW',
  })
  expect((await passed).verdict).toBe('verified')
  await watch.settled()
  expect(consents()[1]).toEqual(['duplicates', false, SECOND])
  expect(keptNames()).not.toContain('template/live/11111111')
  expect(rig.door.snapshot().noticeVersion).toBe('3'.repeat(64))
})

test('somebody who refused the face check is not asked the second question', async () => {
  open()
  rig.consent(false)
  await rig.pass()
  expect(consents()).toEqual([['face', false, '3'.repeat(64)]])
  expect(rig.screens).not.toContain('consent')
})

test('issue date and ethnicity of a card are kept only where the site chose to and the notice said so', async () => {
  open(true)
  rig.append({
    type: 'consent',
    data: { person: rig.person, purpose: 'face', granted: true, notice: '8'.repeat(64) },
  })
  await rig.pass()
  expect(keptCardFacts(rig.data.side, rig.person)).toBeNull()
  rig.consent()
  await rig.door.command({ type: 'direction', direction: 'out' })
  await rig.pass()
  const { validFrom, ethnicity } = trainee
  expect(keptCardFacts(rig.data.side, rig.person)).toEqual({ validFrom, ethnicity })
  rig.data.side.destroy(rig.person, 'biometric')
  expect(keptCardFacts(rig.data.side, rig.person)).toBeNull()
})

test('nothing of a card is kept where the site did not choose to', async () => {
  open()
  rig.consent()
  await rig.pass()
  expect(keptNames()).not.toContain('card-facts')
})

test('the station records the version of the notice that fits what it keeps', () => {
  open()
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
  const keepFrames = { megabytes: 1, days: 1 }
  expect(noticeVersion({ keepFrames: null })).toBe(hashOf(noticeText['zh-CN']))
  expect(noticeVersion({ keepFrames: null, cardFacts: true })).toBe(hashOf(noticeTextWithCardFacts['zh-CN']))
  expect(noticeVersion({ keepFrames, cardFacts: true })).toBe(
    hashOf(noticeTextWithFramesAndCardFacts['zh-CN']),
  )
})
