import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { unwrap } from '../../src/common/result.ts'
import {
  type CommittedSample,
  commitSample,
  drawSample,
  replaySample,
  type Sample,
  sampleCommitment,
} from '../../src/inspect/sample.ts'
import { formatCommitted, formatSample, parseCommitted, parseSample } from '../../src/inspect/sample-file.ts'
import { readSampleLists, type SampleLists } from '../../src/inspect/sample-lists.ts'
import { describeIf } from '../support/requires.ts'

const NONCE = 'ab'.repeat(16)
const SEED = '5'.repeat(64)
const utf8 = (text: string) => new TextEncoder().encode(text)

const INSTITUTIONS = `编号,名称,权重,地区
J1,新华职校,1,鼓楼
J2,东方培训,8,鼓楼
J3,长江技校,2,江宁
J4,远大培训,1,
`
const INSPECTORS = `id,name,conflicts,area
K1,甲,J2,
K2,乙,,鼓楼；江宁
K3,丙,J1;J3,
K4,丁,,江宁
`
const lists = unwrap(readSampleLists(utf8(INSTITUTIONS), utf8(INSPECTORS)))

function committed(
  given: { count?: number; perInspector?: number; lists?: SampleLists; seed?: string } = {},
) {
  const { count = 3, perInspector = 3, seed = SEED } = given
  return unwrap(commitSample(given.lists ?? lists, { count, perInspector, seed }))
}

function draw(plan: CommittedSample = committed(), nonce = NONCE): Sample {
  return unwrap(drawSample(plan, nonce, sampleCommitment(plan)))
}

describe('a sample', () => {
  test('gives each institution two inspectors who have no conflict, serve its area and have visits left', () => {
    for (let n = 0; n < 300; n++) {
      const { sample } = draw(committed(), n.toString(16).padStart(32, '0'))
      expect(new Set(sample.map(({ institution }) => institution)).size).toBe(3)
      const visits = new Map<string, number>()
      for (const { institution, inspectors } of sample) {
        expect(new Set(inspectors).size).toBe(2)
        for (const id of inspectors) {
          const inspector = lists.inspectors.find((one) => one.id === id)!
          expect(inspector.conflicts).not.toContain(institution)
          if (id === 'K4') expect(['J3', 'J4']).toContain(institution)
          visits.set(id, (visits.get(id) ?? 0) + 1)
        }
      }
      expect(Math.max(...visits.values())).toBeLessThanOrEqual(3)
    }
  })

  test('draws an institution of weight 8 about as often as its share says', () => {
    let first = 0
    for (let n = 0; n < 3000; n++) {
      const plan = committed({ count: 1, seed: n.toString(16).padStart(64, '0') })
      if (draw(plan).sample[0]?.institution === 'J2') first++
    }
    // 8 of 12; three standard deviations are 0.026.
    expect(first / 3000).toBeGreaterThan(0.64)
    expect(first / 3000).toBeLessThan(0.694)
  })

  test('finds a pairing wherever there is one, and leaves no later institution without', () => {
    // K1 and K2 are the only ones for J9: whoever picks carelessly uses them up before.
    const tight = unwrap(
      readSampleLists(
        utf8('id,name\nJ1,a\nJ9,b\n'),
        utf8('id,name,conflicts\nK1,a,\nK2,b,\nK3,c,J9\nK4,d,J9\n'),
      ),
    )
    for (let n = 0; n < 100; n++) {
      const { sample } = draw(
        committed({ lists: tight, count: 2, perInspector: 1 }),
        n.toString(16).padStart(32, '0'),
      )
      const last = sample.find(({ institution }) => institution === 'J9')
      expect([...(last?.inspectors ?? [])].sort()).toEqual(['K1', 'K2'])
    }
  })

  test('is drawn again from its file, and an edited one is refused in words', () => {
    const sample = draw()
    const read = (edit: (sample: Sample) => Sample) => {
      const parsed = parseSample(formatSample(edit(sample)))
      return parsed.ok ? replaySample(parsed.value, sample.commitment) : parsed
    }
    const code = (edit: (sample: Sample) => Sample) =>
      (read(edit) as { fault?: { code: string } }).fault?.code
    expect(read((same) => same).ok).toBe(true)
    expect(code((given) => ({ ...given, nonce: 'cd'.repeat(16) }))).toBe('INSPECT_SAMPLE_FALSE')
    expect(code((given) => ({ ...given, sample: [...given.sample].reverse() }))).toBe('INSPECT_SAMPLE_FALSE')
    const [first, ...others] = sample.inspectors
    const freed = [{ ...first!, conflicts: [] }, ...others]
    expect(code((given) => ({ ...given, inspectors: freed }))).toBe('INSPECT_COMMITMENT_MISMATCH')
    const heavier = sample.institutions.map((one) => ({ ...one, weight: 16 }))
    expect(code((given) => ({ ...given, institutions: heavier }))).toBe('INSPECT_COMMITMENT_MISMATCH')
    const plan = sample.plan.replace('"count":3', '"count":2')
    expect(code((given) => ({ ...given, plan }))).toBe('INSPECT_COMMITMENT_MISMATCH')
    expect(code((given) => ({ ...given, inspectors: [...given.inspectors].reverse() }))).toBe(
      'INSPECT_SAMPLE_FORMAT',
    )
  })

  test('is not drawn from another plan than the commitment that was named, or by a short nonce', () => {
    const plan = committed()
    expect(drawSample(plan, NONCE, '0'.repeat(64))).toMatchObject({
      fault: { code: 'INSPECT_COMMITMENT_MISMATCH' },
    })
    expect(drawSample(plan, 'ab', null)).toMatchObject({ fault: { code: 'INSPECT_NONCE' } })
    expect(unwrap(drawSample(plan, NONCE, null)).commitmentSeen).toBe(false)
    expect(parseCommitted(formatCommitted(plan))).toMatchObject({ ok: true, value: plan })
    expect(commitSample(lists, { count: 5, perInspector: 1, seed: SEED })).toMatchObject({
      fault: { code: 'INSPECT_SAMPLE_COUNT' },
    })
  })

  test.each([
    [
      'one inspector is left for an institution',
      'J1,a',
      'K1,a,\nK2,b,J1',
      9,
      /^institution J1 takes 2 inspectors, and only K1 may/,
    ],
    ['nobody is', 'J1,a', 'K1,a,J1\nK2,b,J1', 9, /and nobody may inspect it/],
    [
      'too few inspectors are shared',
      'J1,a\nJ2,b\nJ3,c',
      'K1,a,\nK2,b,\nK3,c,J1;J2;J3',
      2,
      /^institutions J1, J2, J3 take 6 visits of two inspectors each, and only K1, K2 may make them, 2 each/,
    ],
  ])('that cannot be paired says why: %s', (_name, institutions, inspectors, perInspector, why) => {
    const given = unwrap(
      readSampleLists(utf8(`id,name\n${institutions}\n`), utf8(`id,name,conflicts\n${inspectors}\n`)),
    )
    const count = given.institutions.length
    const answer = drawSample(committed({ lists: given, count, perInspector }), NONCE, null)
    expect(answer).toMatchObject({ ok: false, fault: { code: 'INSPECT_SAMPLE_PAIRING' } })
    if (!answer.ok) expect(answer.fault.message).toMatch(why)
  })
})

describe('the lists of a sample', () => {
  test('are read by the names of their columns, in Chinese too, and put in order', () => {
    expect(lists.institutions.map(({ id, weight, area }) => [id, weight, area])).toEqual([
      ['J1', 1, '鼓楼'],
      ['J2', 8, '鼓楼'],
      ['J3', 2, '江宁'],
      ['J4', 1, ''],
    ])
    expect(lists.inspectors[2]).toEqual({ id: 'K3', name: '丙', areas: [], conflicts: ['J1', 'J3'] })
    expect(lists.inspectors[1]?.areas).toHaveLength(2)
  })

  test.each([
    [
      'a conflict with an institution that is not listed',
      'id,name\nJ1,a',
      'id,name,conflicts\nK1,a,J7',
      /inspectors, line 2/,
    ],
    ['an id twice', 'id,name\nJ1,a\nJ1,b', 'id,name\nK1,a', /institutions, line 3: this id comes twice/],
    ['a weight of 17', 'id,name,weight\nJ1,a,17', 'id,name\nK1,a', /line 2: a weight/],
    ['a column that nobody knows', 'id,name,risk\nJ1,a,1', 'id,name\nK1,a', /not known here/],
    ['no lines', 'id,name\n', 'id,name\nK1,a', /1 to 20000 lines/],
    ['an id with a space', 'id,name\nJ 1,a', 'id,name\nK1,a', /an id has letters/],
  ])('with %s are refused with the line', (_name, institutions, inspectors, why) => {
    const read = readSampleLists(utf8(institutions), utf8(inspectors))
    expect(read).toMatchObject({ ok: false, fault: { code: 'INSPECT_TABLE' } })
    if (!read.ok) expect(read.fault.message).toMatch(why)
  })

  test('may be in GB 18030, as spreadsheets in China save them', () => {
    const gb = new Uint8Array([...utf8('id,name\nJ1,'), 0xbb, 0xfa, 0xb9, 0xb9, 0x0a])
    expect(unwrap(readSampleLists(gb, utf8('id,name\nK1,a'))).institutions[0]?.name).toBe('机构')
  })
})

const python = spawnSync('python3', ['--version']).status === 0 ? null : 'python3 is not installed'
describeIf(python, 'a program in another language', () => {
  test('draws the same samples, and none where there is none, 600 times', () => {
    const chance = pseudoRandom(7)
    const below = (n: number) => Math.floor(chance() * n)
    const cases = Array.from({ length: 600 }, (_, i) => {
      const institutions = Array.from({ length: 2 + below(7) }, (_, n) => ({
        ...{ id: `J${n}`, name: `机构${n}`, weight: 1 + below(16), area: ['', '东', '西'][below(3)]! },
      }))
      const inspectors = Array.from({ length: 2 + below(7) }, (_, n) => ({
        ...{ id: `K${n}`, name: `检查员${n}`, areas: [[], ['东'], ['东', '西']][below(3)]! },
        conflicts: institutions.map(({ id }) => id).filter(() => chance() < 0.2),
      }))
      const seed = i.toString(16).padStart(64, '0')
      const count = 1 + below(institutions.length)
      const plan = unwrap(
        commitSample({ institutions, inspectors }, { count, perInspector: 1 + below(4), seed }),
      )
      return { plan, nonce: i.toString(16).padStart(32, 'e') }
    })
    const ours = cases.map(({ plan, nonce }) => {
      const drawn = drawSample(plan, nonce, null)
      return drawn.ok ? drawn.value.sample : null
    })
    const input = cases.map(({ plan, nonce }) =>
      JSON.stringify({ ...plan, nonce, commitment: sampleCommitment(plan) }),
    )
    const script = fileURLToPath(new URL('replay_samples.py', import.meta.url))
    const { stdout, stderr } = spawnSync('python3', [script], {
      ...{ input: input.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 },
    })
    expect(stderr).toBe('')
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(ours)
    const drawn = ours.filter((sample) => sample !== null).length
    expect(drawn).toBeGreaterThan(150)
    expect(drawn).toBeLessThan(550)
  })
})
