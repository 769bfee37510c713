import { afterEach, expect, test } from 'vitest'
import { classHours } from '../../../src/attendance/class-hours.ts'
import { Fault } from '../../../src/common/fault.ts'
import { failed, ok, unwrap } from '../../../src/common/result.ts'
import type { DuplicateThreshold } from '../../../src/face/duplicate-threshold.ts'
import { falseAct } from '../../../src/inspect/acts.ts'
import { decodeEvent } from '../../../src/ledger/event.ts'
import { ClassRoll } from '../../../src/station/class-roll.ts'
import { keptLiveTemplate, type TemplateSource } from '../../../src/station/duplicates/live-template.ts'
import { identityReviews, resolveReview } from '../../../src/station/duplicates/review.ts'
import { DuplicateWatch } from '../../../src/station/duplicates/watch.ts'
import { withdrawFromDuplicates } from '../../../src/station/duplicates/withdraw.ts'
import { destroyFaceData } from '../../../src/station/erasure.ts'
import { Recorder } from '../../../src/station/recorder.ts'
import { addToRoster, packFolder } from '../../../src/station/setup.ts'
import { Staff } from '../../../src/station/staff.ts'
import { DoorRig } from '../door-rig.ts'

/* Simulated people 模拟 with made-up templates: a frame's one byte is the angle of its embedding, in degrees. */

const model = { name: 'scripted', sha256: '1'.repeat(64) }
const threshold: DuplicateThreshold = {
  model,
  threshold: 0.9,
  targetFmr: 1e-5,
  extrapolated: true,
  population: 'none',
  measured: [],
  genuine: { pairs: 0, share: 0, interval95: [0, 1] },
}
const NOTICE = '7'.repeat(64)

let rig: DoorRig
afterEach(() => rig.stop())

function setUp() {
  rig = new DoorRig()
  const staff = new Staff(rig.data)
  const rows = ['990000199001010014', '990000199101010017'].map((number, i) => {
    return { name: `模拟学员${i}`, number, portrait: null }
  })
  const [second = '', third = ''] = unwrap(
    addToRoster(rig.data, staff, 'c', rows, { reason: 'test', by: rig.supervisor }),
  )
  const people = [rig.person, second, third] as const
  const roll = new ClassRoll()
  const recorder = new Recorder(rig.data, roll)
  const watch = new DuplicateWatch({
    data: rig.data,
    roll,
    recorder,
    threshold,
    noticeVersion: NOTICE,
    onFault: (fault) => {
      throw fault
    },
  })
  const consent = (person: string, purpose: 'face' | 'duplicates', granted = true) =>
    recorder.append({ type: 'consent', data: { person, purpose, granted, notice: NOTICE } })
  const agree = (...agreeing: string[]) => {
    for (const person of agreeing)
      for (const purpose of ['face', 'duplicates'] as const) consent(person, purpose)
  }
  /** A verified look of this person, who shows a face at this angle. */
  const look = async (person: string, degrees: number, source = engine) => {
    watch.observe('c', person, { frames: [{ jpeg: Uint8Array.of(degrees), score: 0.8 }] }, source)
    await watch.settled()
  }
  return { staff, people, roll, recorder, watch, consent, agree, look }
}

const engine: TemplateSource = {
  info: { model },
  template: async (jpeg) => {
    const angle = (jpeg[0]! * Math.PI) / 180
    const template = { model, embedding: Float32Array.of(Math.cos(angle), Math.sin(angle)) }
    return ok({ template, quality: {} as never, box: {} as never, sha256: '4'.repeat(64) })
  },
}
const reviews = () => identityReviews(rig.events())
const templateOf = (person: string) => keptLiveTemplate(rig.data.side, person, model)

test('one face under two names is one work item with both ids, score and threshold, and the hours know nothing of it', async () => {
  const { people, agree, look } = setUp()
  agree(...people)
  const hours = () => {
    const found = classHours(rig.data.ledger.events(), 'c', { packFolders: [packFolder(rig.dir)] })
    // All but the time of the newest record.
    return unwrap(found).hours.people.map(({ sessions, ...credit }) => {
      return { ...credit, states: sessions.map(({ state }) => state) }
    })
  }
  const before = hours()
  await look(people[0], 0)
  await look(people[1], 10)
  await look(people[2], 90)
  const [review, ...others] = reviews()
  expect(others).toEqual([])
  expect(review).toMatchObject({ class: 'c', threshold: 0.9, model, decision: null })
  expect([...review!.people].sort()).toEqual([people[0], people[1]].sort())
  expect(review!.score).toBeCloseTo(Math.cos(Math.PI / 18), 6)
  expect(hours()).toEqual(before)
})

test('a template is made of nobody who did not agree to exactly this', async () => {
  const { people, agree, consent, look } = setUp()
  agree(people[0])
  consent(people[1], 'face')
  consent(people[2], 'duplicates')
  for (const person of people) await look(person, 0)
  expect(people.map((person) => templateOf(person) !== null)).toEqual([true, false, false])
  expect(reviews()).toEqual([])
})

test('the sealed file holds no template that can be read without the person’s key', async () => {
  const { people, agree, look, staff } = setUp()
  agree(...people)
  await look(people[0], 0)
  expect(templateOf(people[0])).not.toBeNull()
  unwrap(destroyFaceData(rig.data, staff, people[0], { reason: 'test', by: rig.supervisor }))
  expect(templateOf(people[0])).toBeNull()
  await look(people[1], 0)
  expect(reviews()).toEqual([])
})

test('withdrawing this purpose removes the template, keeps the face check, and ends comparing', async () => {
  const { people, agree, look, staff, recorder, roll } = setUp()
  agree(...people)
  await look(people[0], 0)
  expect(unwrap(withdrawFromDuplicates(rig.data, staff, people[0], rig.supervisor))).toBe(1)
  recorder.catchUp()
  expect(templateOf(people[0])).toBeNull()
  expect(roll.consent(people[0])).toBe(true)
  await look(people[0], 0)
  await look(people[1], 0)
  expect(templateOf(people[0])).toBeNull()
  expect(reviews()).toEqual([])
})

test('a wrong PIN withdraws nothing', async () => {
  const { people, agree, look, staff } = setUp()
  agree(people[0])
  await look(people[0], 0)
  const by = { ...rig.supervisor, pin: '000000' }
  expect(withdrawFromDuplicates(rig.data, staff, people[0], by)).toMatchObject({
    fault: { code: 'LEDGER_PIN' },
  })
  expect(templateOf(people[0])).not.toBeNull()
})

test('a pair is raised once, also by a later run and a search of the whole class', async () => {
  const { people, agree, look, watch, roll, recorder } = setUp()
  agree(...people)
  await look(people[0], 0)
  await look(people[1], 5)
  await look(people[0], 1)
  expect(reviews()).toHaveLength(1)
  const onFault = () => undefined
  const later = new DuplicateWatch({
    data: rig.data,
    roll,
    recorder,
    threshold,
    noticeVersion: NOTICE,
    onFault,
  })
  expect(later.searchClass('c')).toEqual({ people: 2, pairs: 1, raised: 0 })
  expect(watch.searchClass('elsewhere')).toEqual({ people: 0, pairs: 0, raised: 0 })
  expect(reviews()).toHaveLength(1)
})

test('somebody who left the class is compared no more', async () => {
  const { people, agree, look, recorder } = setUp()
  agree(...people)
  await look(people[0], 0)
  const act = {
    statement: '{"act":"roster.change"}',
    signatures: [{ actor: 'a'.repeat(32), signature: 'b'.repeat(128) }],
  }
  recorder.append({
    type: 'roster.changed',
    data: { class: 'c', added: [], removed: [people[0]], reason: 'test', act },
  })
  await look(people[1], 0)
  expect(reviews()).toEqual([])
})

test('another model than the threshold’s makes no template, and an engine without a face none either', async () => {
  const { people, agree, look } = setUp()
  agree(...people)
  await look(people[0], 0, { ...engine, info: { model: { name: 'other', sha256: '2'.repeat(64) } } })
  await look(people[0], 0, { ...engine, template: async () => failed(new Fault('FACE_NONE', 'no face')) })
  expect(rig.data.side.list(people[0]).filter(({ name }) => name.startsWith('template/'))).toEqual([])
})

test('two different people decide, one alone or twice the same cannot, and what is decided stays', async () => {
  const { people, agree, look, staff } = setUp()
  agree(...people)
  await look(people[0], 0)
  await look(people[1], 0)
  const { index } = reviews()[0]!
  const by = [rig.supervisor, rig.teacher] as const
  const decide = (
    decision: 'cannot-tell' | 'different-people',
    signers: typeof by | readonly [(typeof by)[0], (typeof by)[0]] = by,
  ) => resolveReview(rig.data, staff, { review: index, decision }, signers)
  expect(decide('cannot-tell', [rig.supervisor, rig.supervisor])).toMatchObject({
    fault: { code: 'STATION_SAME_SIGNER' },
  })
  unwrap(decide('cannot-tell'))
  unwrap(decide('different-people'))
  expect(reviews()[0]!.decision).toBe('different-people')
  expect(rig.last('identity.resolved').act.signatures).toHaveLength(2)
  expect(decide('cannot-tell')).toMatchObject({ fault: { code: 'STATION_REVIEW_RESOLVED' } })
  expect(resolveReview(rig.data, staff, { review: 0, decision: 'same-person' }, by)).toMatchObject({
    fault: { code: 'STATION_REVIEW_UNKNOWN' },
  })
})

test('a bundle with a decision verifies, one that names other people than were signed for does not', async () => {
  const { people, agree, look, staff } = setUp()
  agree(...people)
  await look(people[0], 0)
  await look(people[1], 0)
  const { index } = reviews()[0]!
  const resolution = { review: index, decision: 'same-person' } as const
  unwrap(resolveReview(rig.data, staff, resolution, [rig.supervisor, rig.teacher]))
  const events = rig.events()
  expect(falseAct(events)).toBeNull()
  const forged = events.map((event) =>
    event.type === 'identity.resolved'
      ? { ...event, data: { ...event.data, decision: 'different-people' as const } }
      : event,
  )
  expect(falseAct(forged)).toMatchObject({ index: events.length - 1 })
  const alone = events.map((event) =>
    event.type === 'identity.resolved'
      ? {
          ...event,
          data: { ...event.data, act: { ...event.data.act, signatures: [event.data.act.signatures[0]!] } },
        }
      : event,
  )
  expect(falseAct(alone)).toMatchObject({ index: events.length - 1 })
})

test('a consent of an old ledger, for the face alone, still reads', () => {
  setUp()
  const old = rig.events().find(({ type }) => type === 'station.key')!
  const data = { person: rig.person, purpose: 'face', granted: true, notice: NOTICE }
  const bytes = new TextEncoder().encode(JSON.stringify({ ...old, type: 'consent', data }))
  expect(decodeEvent(bytes).ok).toBe(true)
})
