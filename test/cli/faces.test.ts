import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { main } from '../../src/cli/main.ts'
import { unwrap } from '../../src/common/result.ts'
import { duplicateThresholdOf } from '../../src/face/duplicate-threshold.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { keepCardFacts } from '../../src/station/card-facts.ts'
import { ClassRoll } from '../../src/station/class-roll.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { createStation, openStation, type StationData } from '../../src/station/data-folder.ts'
import { keepLiveTemplate, keptLiveTemplate } from '../../src/station/duplicates/live-template.ts'
import { Recorder } from '../../src/station/recorder.ts'
import { addToRoster, openClass } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'
import { lockedModels } from '../face/duplicate-model.ts'

/* A simulated station 模拟 with twelve made-up people; the first two have one face. */

const START = Date.parse('2026-03-02T08:30:00+08:00')
const folder = mkdtempSync(join(tmpdir(), 'shidao-faces-'))
const dir = join(folder, 'station')
const { model } = lockedModels.map(duplicateThresholdOf).find((one) => one !== null)!
const numbers = Array.from({ length: 12 }, (_, i) => numberOf(i))
let supervisor = ''
let teacher = ''
let people: readonly string[] = []
let printed = ''

beforeAll(() => {
  const data = createStation(dir, { simulated: true, clock: simulatedClock(START) })
  const staff = new Staff(data)
  const first = unwrap(staff.enrol({ name: '模拟督导', role: 'supervisor', pin: '246810' }, null))
  const by = { actor: first.actor, pin: '246810' }
  supervisor = first.actor
  teacher = unwrap(staff.enrol({ name: '模拟教师', role: 'teacher', pin: '135791' }, by)).actor
  const sessions = [{ id: 'am', start: START, end: START + 3 * 3600_000 }]
  unwrap(openClass(data, staff, { id: 'c', title: '模拟班', sessions, pack: defaultPack() }, by))
  const rows = numbers.map((number, i) => ({ name: `模拟学员${i}`, number, portrait: null }))
  people = unwrap(addToRoster(data, staff, 'c', rows, { reason: 'test', by }))
  const recorder = new Recorder(data, new ClassRoll())
  const start = { engine: 'arcface', models: [model], accept: 0.5, reject: 0.3, reader: null, camera: null }
  recorder.append({ type: 'station.start', data: { software: 's', node: 'n', ...start } })
  for (const [i, person] of people.entries()) {
    for (const purpose of ['face', 'duplicates'] as const) {
      recorder.append({ type: 'consent', data: { person, purpose, granted: true, notice: '3'.repeat(64) } })
    }
    keepLiveTemplate(data.side, person, { model, embedding: axis(Math.max(0, i - 1)) })
    keepCardFacts(data.side, person, { validFrom: '2014-03-01', ethnicity: '04' })
    recorder.append({ type: 'attendance', data: verified(person) })
  }
  data.close()
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

async function shidao(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  process.env.SHIDAO_PIN = '246810'
  process.env.SHIDAO_WITH_PIN = '135791'
  printed = ''
  let error = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    error += text
    return true
  })
  const code = await main([...words, '--data', dir])
  vi.restoreAllMocks()
  return { code, out: printed, error }
}

function withStation<T>(use: (data: StationData) => T): T {
  const data = openStation(dir, { clock: simulatedClock(START + 3600_000) })
  try {
    return use(data)
  } finally {
    data.close()
  }
}

const events = () => withStation(({ ledger }) => [...ledger.events()].map(({ event }) => event))

test('a search of the class raises the pair, the list masks it, and two people decide it', async () => {
  const searched = await shidao('faces', 'review', '--class', 'c', '--search', '--json')
  expect(searched.error).toBe('')
  const found = JSON.parse(searched.out)
  expect(found).toMatchObject({
    class: 'c',
    simulated: true,
    open: 1,
    searched: { people: 12, pairs: 66, raised: 1 },
  })
  const [item] = found.reviews
  expect(item.people.map(({ person }: { person: string }) => person).sort()).toEqual(
    [people[0], people[1]].sort(),
  )
  expect(searched.out).not.toContain(numbers[0])
  const decided = await shidao(
    ...['faces', 'review', '--class', 'c', '--resolve', `${item.index}`, '--decision', 'different'],
    ...['--by', supervisor, '--with', teacher, '--json'],
  )
  expect(JSON.parse(decided.out)).toMatchObject({ open: 0, reviews: [{ decision: 'different-people' }] })
  expect(events().at(-1)).toMatchObject({ type: 'identity.resolved', data: { review: item.index } })
})

test('a decision needs a second person, and an item of this class', async () => {
  const alone = await shidao(
    'faces',
    'review',
    '--class',
    'c',
    '--resolve',
    '5',
    '--decision',
    'same',
    '--by',
    supervisor,
  )
  expect(alone).toMatchObject({ code: 2, out: '' })
  const other = await shidao(
    ...['faces', 'review', '--class', 'c', '--resolve', '5', '--decision', 'same'],
    ...['--by', supervisor, '--with', teacher],
  )
  expect(other).toMatchObject({ code: 1, out: '' })
  expect(other.error).toMatch(/^STATION_REVIEW_UNKNOWN /)
})

test('the fairness report is recorded with the sha256 of what it printed, and names nobody', async () => {
  const { code, out } = await shidao('faces', 'fairness', '--by', supervisor, '--json')
  expect(code).toBe(0)
  const report = JSON.parse(out)
  expect(report.overall.nonMatch).toMatchObject({ people: 12, checks: 12, falseNonMatches: 0 })
  // Two axes that are one: a pair that two people found different, if the test before ran; else it is open and left out.
  expect(report.overall.match.pairs + report.excludedPairs).toBe(66)
  const group = (dimension: string) =>
    report.dimensions.find((one: { dimension: string }) => one.dimension === dimension)
  expect(group('ethnicity').groups.map((one: { group: string }) => one.group)).toEqual(['藏'])
  expect(group('portraitAge').groups.map((one: { group: string }) => one.group)).toEqual(['10–14'])
  const last = events().at(-1)!
  expect(last).toMatchObject({ type: 'fairness.report', data: { people: 12, checks: 12 } })
  expect(last.type === 'fairness.report' && last.data.sha256).toBe(
    createHash('sha256').update(out).digest('hex'),
  )
  for (const text of [...numbers, ...people, '模拟学员']) expect(out).not.toContain(text)
})

test('the written report is the one whose sha256 is recorded', async () => {
  const file = join(folder, 'fairness.md')
  const { out } = await shidao('faces', 'fairness', '--by', supervisor, '--out', file)
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  expect(out).toContain(sha256)
  expect(events().at(-1)).toMatchObject({ type: 'fairness.report', data: { sha256 } })
  expect(readFileSync(file, 'utf8')).toContain('模拟')
})

test('somebody who is no supervisor gets no report, and nothing is recorded', async () => {
  const before = events().length
  const { code, out, error } = await shidao('faces', 'fairness', '--by', teacher)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(error).toMatch(/^STATION_NOT_SUPERVISOR /)
  expect(events().length).toBe(before)
})

test('withdrawing from comparing alone leaves the face check and removes the template', async () => {
  const words = ['--number', numbers[5]!, '--purpose', 'duplicates', '--by', supervisor, '--json']
  const { out } = await shidao('faces', 'withdraw', ...words)
  expect(JSON.parse(out)).toEqual({ action: 'withdraw', purpose: 'duplicates', removed: 1 })
  withStation(({ side }) => expect(keptLiveTemplate(side, people[5]!, model)).toBeNull())
  const consents = events().flatMap(({ type, data }) =>
    type === 'consent' && data.person === people[5] ? [data] : [],
  )
  expect(consents.at(-1)).toMatchObject({ purpose: 'duplicates', granted: false })
  expect(consents.findLast(({ purpose }) => purpose === 'face')).toMatchObject({ granted: true })
})

test('withdrawing from the face check takes the comparing with it', async () => {
  await shidao('faces', 'withdraw', '--number', numbers[6]!, '--by', supervisor)
  withStation(({ side }) => expect(keptLiveTemplate(side, people[6]!, model)).toBeNull())
  const last = events()
    .slice(-2)
    .map(({ type, data }) => type === 'consent' && [data.purpose, data.granted])
  expect(last).toEqual([
    ['face', false],
    ['duplicates', false],
  ])
})

test('a ledger with all of this still verifies', () => {
  const found = verifyLog(dir)
  expect(found).toMatchObject({ ok: true, problem: null })
})

/** Digit by digit a citizen number that nobody has: region 990000. */
function numberOf(i: number): string {
  const first = `99000019${60 + i}0101001`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(first[at]), 0)
  return `${first}${'10X98765432'[sum % 11]}`
}

/** Unit vector; people of different axes have nothing in common. */
function axis(i: number): Float32Array {
  return Float32Array.from({ length: 16 }, (_, at) => (at === i ? 1 : 0))
}

function verified(person: string) {
  return {
    class: 'c',
    session: 'am',
    person,
    direction: 'in' as const,
    outcome: 'verified' as const,
    reason: null,
    portrait: 'chip' as const,
    face: {
      engine: 'arcface',
      model,
      accept: 0.5,
      reject: 0.3,
      portrait: '2'.repeat(64),
      score: 0.8,
      frames: [],
      liveness: null,
    },
    act: null,
    reader: null,
    simulated: true,
  }
}
