import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { enrolmentCode } from '../../src/station/selection.ts'
import { type StationStory, stationStory } from '../export/station-story.ts'
import { codesOnPage } from '../support/printed-code.ts'

function codes({ data }: StationStory, ...words: string[]) {
  const out = join(data.dir, 'codes.html')
  const all = ['roster', 'codes', '--class', 'c1', '--out', out, '--data', data.dir, ...words]
  const ended = spawnSync(process.execPath, ['src/cli/shidao.js', ...all], { encoding: 'utf8' })
  return { ...ended, page: existsSync(out) ? readFileSync(out, 'utf8') : null }
}

test('prints a code for everybody on the roster, masked, beside the station that runs', async () => {
  const story = stationStory()
  const { size } = story.data.ledger
  const { status, stderr, stdout, page } = codes(story, '--json')
  expect([status, stderr]).toEqual([0, ''])
  expect(await codesOnPage(page ?? '')).toEqual(story.people.map((person) => enrolmentCode(person, 'c1')))
  expect(page).toContain('电工（初级）')
  expect(page).toContain('张*')
  for (const secret of ['张三', '李四', '11010519491231002X', '440308199901101512']) {
    expect(page).not.toContain(secret)
    expect(stdout).not.toContain(secret)
  }
  expect(JSON.parse(stdout)).toMatchObject({
    class: 'c1',
    simulated: false,
    erased: 0,
    people: [{ person: story.people[0], name: '张*' }, { person: story.people[1] }],
  })
  expect(page).not.toContain('模拟')
  expect(story.data.ledger.size).toBe(size)
})

test('with --reveal the name is whole and cannot become markup, the number stays masked', () => {
  const { page } = codes(stationStory(), '--reveal')
  expect(page).toContain('张三')
  expect(page).toContain('=李四')
  expect(page).not.toContain('11010519491231002X')
})

test('one person only, where one is named', async () => {
  const story = stationStory()
  const { page } = codes(story, '--person', story.people[1])
  expect(await codesOnPage(page ?? '')).toEqual([enrolmentCode(story.people[1], 'c1')])
})

test('the page of a simulated station says on every slip that it is simulated', () => {
  const { page } = codes(stationStory({ simulated: true }))
  expect(page?.match(/class="simulated">模拟 SIMULATED/g)).toHaveLength(2)
})

test('the page loads nothing and runs nothing', () => {
  const { page } = codes(stationStory())
  expect(page).toContain(`content="default-src 'none'`)
  expect(page).not.toMatch(/<script|src=|href=|@import|url\(/)
})

test('somebody who was erased has no code', async () => {
  const story = stationStory()
  story.data.side.destroy(story.people[0], 'identity')
  const { stdout, page } = codes(story, '--json')
  expect(JSON.parse(stdout).erased).toBe(1)
  expect(await codesOnPage(page ?? '')).toEqual([enrolmentCode(story.people[1], 'c1')])
})

test.each([
  ['a class that is not there', ['--class', 'x'], 1, 'ROSTER_CLASS_UNKNOWN'],
  ['a person who is not in the class', ['--person', 'f'.repeat(32)], 1, 'ROSTER_PERSON_UNKNOWN'],
  ['a folder that holds no station', ['--data', '/nowhere'], 1, 'STATION_NOT_FOUND'],
  ['a word too many', ['more'], 2, 'USAGE_ROSTER'],
])('%s is one coded line and no page', (_, words, code, fault) => {
  const { status, stdout, stderr, page } = codes(stationStory(), ...words)
  expect([status, stdout, page]).toEqual([code, '', null])
  expect(stderr).toMatch(new RegExp(`^${fault} [^\\n]*\\n$`))
})
