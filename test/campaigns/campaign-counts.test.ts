import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('.', import.meta.url)

/** Every campaign that can be run, with an option of its that counts. */
const campaigns = {
  'card-overhead.ts': 'slow',
  'card-soak.ts': 'reads',
  'card-streams.ts': 'count',
  'export-speed.ts': 'trainees',
  'hours-speed.ts': 'trainees',
  'hours.ts': 'count',
  'ledger-proofs.ts': 'mutations',
  'face-soak.ts': 'checks',
  'first-verdict.ts': 'looks',
  'power-cut.ts': 'cuts',
  'inspect-draws.ts': 'count',
  'inspect-pattern.ts': 'honest',
  'ledger-tampering.ts': 'untouched',
  'reader-unplug.ts': 'rounds',
  'upload-chaos.ts': 'stations',
} as const

function run(campaign: string, ...words: string[]) {
  return spawnSync(process.execPath, [new URL(campaign, folder).pathname, ...words], { encoding: 'utf8' })
}

test('knows every campaign that counts', () => {
  const counting = readdirSync(folder).filter(
    (name) =>
      !name.startsWith('campaign-counts') &&
      readFileSync(new URL(name, folder), 'utf8').includes('campaignCounts('),
  )
  expect(counting.sort()).toEqual(Object.keys(campaigns).sort())
})

test.each(Object.entries(campaigns))(
  '%s runs nothing and passes nothing with a wrong --%s',
  (campaign, option) => {
    for (const text of ['0', 'many', '1e6']) {
      const { status, stdout, stderr } = run(campaign, `--${option}`, text)
      expect([text, status, stdout]).toEqual([text, 2, ''])
      expect(stderr).toMatch(new RegExp(`^USAGE_OPTION --${option} [^\\n]+\\n$`))
    }
  },
)

test.each([
  ['an option that it does not know', ['--counts', '5']],
  ['a word too many', ['5']],
  ['a parser that there is not', ['--parser', 'none such']],
  ['a negative seed', ['--seed', '-1']],
])('card-streams.ts ends with 2 on %s', (_, words) => {
  const { status, stdout, stderr } = run('card-streams.ts', ...words)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^USAGE_OPTION [^\n]+\n$/)
})

test('card-streams.ts runs what it was asked to', () => {
  const { status, stdout } = run(
    'card-streams.ts',
    '--count',
    '50',
    '--seed',
    '0',
    '--parser',
    'frame parser',
  )
  expect(status).toBe(0)
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual({
    parser: 'all',
    seed: 0,
    streams: 50,
    bad: 0,
  })
})
