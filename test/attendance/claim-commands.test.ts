import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stationStory } from '../export/station-story.ts'

const ZHANG = '11010519491231002X'
const LI = '440308199901101512'

function shidao(words: string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
}

/** A morning that one of two trainees was there for, at a station that is not running any more. */
function stopped(simulated = false) {
  const story = stationStory({ simulated })
  const [zhang] = story.people
  story.sign(zhang, 'in', -5, { portrait: 'chip' })
  story.sign(zhang, 'out', 181, { portrait: 'chip' })
  story.data.close()
  const { dir } = story.data
  const env = { SHIDAO_PIN: story.supervisor.pin }
  const write = (name: string, content: string) => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const load = (kind: string, content: string, ...more: string[]) =>
    shidao(
      [
        'claims',
        kind,
        write(`${kind}.in`, content),
        '--source',
        '县人社局',
        '--by',
        story.supervisor.actor,
        '--data',
        dir,
        ...more,
      ],
      env,
    )
  const claims = (...more: string[]) => {
    const answer = shidao(['claims', '--class', 'c1', '--data', dir, '--json', ...more])
    return JSON.parse(answer.stdout || `{"failed": ${JSON.stringify(answer.stderr)}}`)
  }
  return { dir, story, load, claims, write, zhang }
}

const facts = JSON.stringify({
  class: { uplift: 'adopted', occupation: '电工', level: 'primary', items: ['living-allowance'] },
  people: [{ number: ZHANG, groups: ['poor-worker'] }],
})

describe('shidao claims', () => {
  test('answers from sealed facts: yes to the fen, and unknown for somebody of whom nothing is known', () => {
    const { load, claims, dir, zhang } = stopped()
    expect(load('facts', facts, '--class', 'c1')).toMatchObject({ status: 0, stdout: 'facts: 1 people\n' })
    const document = claims()
    expect(document).toMatchObject({
      class: 'c1',
      pack: { id: 'cn-default-2' },
      simulated: false,
      totalFen: 3_600,
    })
    expect(document.people).toMatchObject([
      { person: zhang, unit: 'day', fen: 3_600, payee: 'trainee', eligible: 'yes', historyAsOf: null },
      { unit: 'day', fen: 0, eligible: 'no' },
    ])
    expect(document.fenByEvidence).toMatchObject({ chip: 3_600, unproven: 0 })
    expect(readFileSync(join(dir, 'ledger.db')).includes('poor-worker')).toBe(false)
    const verified = shidao(['log', 'verify', dir, '--json'])
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true })
    const bundle = join(dir, 'class.zip')
    const words = ['export', '--class', 'c1', '--kind', 'bundle', '--format', 'zip', '--out', bundle]
    expect(shidao([...words, '--data', dir])).toMatchObject({ status: 0 })
    const checked = shidao(['verify', bundle, '--json'])
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, hours: 'recomputed' })
  })

  test('certificates, history and online hours come in by number and stay sealed', () => {
    const { load, claims, dir } = stopped()
    expect(
      load('facts', facts.replace('"living-allowance"', '"training-subsidy"'), '--class', 'c1').status,
    ).toBe(0)
    const certificates = `number,kind,certificate,occupation,level,issued\n${ZHANG},skill-level,S0001,电工,五级,20260301\n`
    expect(load('certificates', certificates, '--class', 'c1').status).toBe(0)
    const history = `number,item,on,occupation,level,region\n${ZHANG},none,,,,\n${LI},training-subsidy,2026-01-05,电工,初级,\n`
    expect(load('history', history, '--as-of', '2026-03-01').stdout).toBe('history: 2 people\n')
    expect(load('online', `number,minutes\n${ZHANG},90\n`, '--class', 'c1').status).toBe(0)
    const document = claims()
    expect(document.people.map((line: { historyAsOf: string }) => line.historyAsOf)).toEqual([
      '2026-03-01',
      '2026-03-01',
    ])
    const refused = document.people[1].reasons.filter(({ answer }: { answer: string }) => answer === 'no')
    expect(refused.map(({ rule }: { rule: string }) => rule)).toEqual([
      'certificates',
      'sameOccupationLevelOnce',
    ])
    expect(document.evidence).toMatchObject({ face: { chip: 180 * 60_000 }, imported: 90 * 60_000 })
    expect(document.people[0].evidence.imported).toBe(90 * 60_000)
    expect(readFileSync(join(dir, 'ledger.db')).includes('S0001')).toBe(false)
  })

  test('a row about somebody who is not here keeps nothing', () => {
    const { load, story } = stopped()
    const { status, stderr } = load(
      'history',
      'number,item,on,occupation,level,region\n1,none,,,,\n',
      '--as-of',
      '2026-03-01',
    )
    expect([status, stderr]).toEqual([1, 'CLAIM_PERSON_UNKNOWN row 1: nobody here has this number\n'])
    expect(story.people.length).toBe(2)
  })

  test.each([
    ['another header', 'number,kind\n'],
    [
      'a day that is none',
      `number,item,on,occupation,level,region\n${ZHANG},training-subsidy,2026-02-30,,,\n`,
    ],
    [
      'a level that nobody knows',
      `number,item,on,occupation,level,region\n${ZHANG},training-subsidy,2026-02-03,电工,超级,\n`.replace(
        'training-subsidy',
        '',
      ),
    ],
  ])('%s is refused with its line', (_name, content) => {
    const { load } = stopped()
    const { status, stderr } = load('history', content, '--as-of', '2026-03-01')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^CLAIM_FILE [^\n]*line[^\n]*\n$/)
  })

  test('a simulated station claims nothing and shows what it would', () => {
    const { load, claims } = stopped(true)
    load('facts', facts, '--class', 'c1')
    expect(claims()).toMatchObject({
      ...{ simulated: true, totalFen: 0 },
      people: [{ fen: 0, computedFen: 3_600, eligible: 'no' }, { fen: 0 }],
    })
  })

  test('a pack of the first format has no rules for claims', () => {
    const { dir } = stopped()
    const words = ['claims', '--class', 'c1', '--data', dir, '--pack', 'src/attendance/packs/default.json']
    expect(shidao(words)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^PACK_WITHOUT_CLAIMS /),
    })
  })
})

describe('shidao pack', () => {
  test('validates, and says what a notice leaves open', () => {
    const { status, stdout } = shidao(['pack', 'validate', 'src/attendance/packs/jining-2019.json', '--json'])
    const answer = JSON.parse(stdout)
    expect([status, answer.ok, answer.completeForHours]).toEqual([0, true, false])
    expect(answer.open.map(({ path }: { path: string }) => path)).toContain('rules.lessonMinutes')
  })

  test('a file that is no pack is a no with the field', () => {
    const { write } = stopped()
    const { status, stdout } = shidao([
      'pack',
      'validate',
      write('bad.json', '{"format":"shidao-rule-pack/v2"}'),
      '--json',
    ])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problem: expect.stringContaining('id') })
  })

  test('fills, signs, and compares a class under both packs', () => {
    const { dir, load, zhang } = stopped()
    load('facts', facts, '--class', 'c1')
    const out = join(dir, 'ours.json')
    const fill = [
      'pack',
      'fill',
      'gansu-2019',
      '--id',
      'ours-1',
      '--from',
      'default-2',
      '--set',
      'rules.lessonMinutes=60',
      '--out',
      out,
    ]
    expect(shidao(fill).status).toBe(0)
    const { stdout: signed } = shidao(['pack', 'sign', out, '--data', dir, '--json'])
    const { vkey } = JSON.parse(signed)
    const valid = shidao(['pack', 'validate', out, '--key', vkey, '--json'])
    expect(JSON.parse(valid.stdout)).toMatchObject({
      ok: true,
      completeForHours: true,
      signedBy: [vkey.split('+')[0]],
    })
    const { status, stdout } = shidao([
      'pack',
      'diff',
      'default-2',
      out,
      '--class',
      'c1',
      '--data',
      dir,
      '--json',
    ])
    expect(status).toBe(0)
    expect(JSON.parse(stdout).people[0]).toMatchObject({ person: zhang, lessons: { before: 4, after: 3 } })
  })
})
