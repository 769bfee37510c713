import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { xlsxBytes } from '../../src/export/xlsx.ts'

const root = mkdtempSync(join(tmpdir(), 'shidao-office-cli-'))
afterAll(() => rmSync(root, { recursive: true }))

const PINS = { SHIDAO_PIN: '246810', SHIDAO_BY_PIN: '246810', SHIDAO_SECOND_PIN: '246810' }
const env = { ...process.env, ...PINS }

function shidao(...words: string[]) {
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], { encoding: 'utf8', env })
}

/** Runs a command that has to succeed and gives its JSON. */
function done(...words: string[]) {
  const { status, stdout, stderr } = shidao(...words, '--json')
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}

function site(name: string): { dir: string; actor: string; vkey: string } {
  const dir = join(root, name)
  const born = done('staff', 'add', '--name', '模拟督导', '--role', 'supervisor', '--data', dir)
  return { dir, actor: born.staff[0].actor, vkey: born.station }
}

test('a class is filed, opened and staffed from the command line, alone and beside a running station alike', async () => {
  const { dir, actor, vkey } = site('one')
  const here = ['--data', dir]
  const by = ['--by', actor, ...here]
  const subject = [
    '--institution',
    'I1',
    '--occupation',
    'O1',
    '--level',
    '5',
    '--from',
    '2026-03-02',
    '--to',
    '2026-03-06',
  ]
  const unchecked = shidao('class', 'file', 'C1', '--title', '电工班', ...subject, ...by)
  expect([unchecked.status, unchecked.stdout]).toEqual([1, ''])
  expect(unchecked.stderr).toMatch(/^CLASS_NOT_IN_CATALOGUE [^\n]+\n$/)
  done('class', 'file', 'C1', '--title', '电工班', ...subject, '--commitment', ...by)
  done('class', 'open', 'C1', '--session', '2026-03-02T08:30/2026-03-02T11:30', ...by)

  const table = { name: '花名册', header: ['姓名', '证件号'], rows: [['模拟学员', '11010519491231002X']] }
  const [file, map] = [join(root, 'roster.xlsx'), join(root, 'map.json')]
  writeFileSync(file, await xlsxBytes([table]))
  writeFileSync(map, JSON.stringify({ name: ['姓名'], number: ['证件号'], portrait: [] }))
  expect(shidao('roster', 'import', file, '--dry-run').stderr).toMatch(/^ROSTER_COLUMN_MISSING line 1/)
  expect(done('roster', 'import', file, '--dry-run', '--map', map)).toMatchObject({ imported: false })
  const imported = done('roster', 'import', file, '--map', map, '--class', 'C1', ...by)
  const { person } = imported.rows[0]

  const station = spawn(
    process.execPath,
    ['src/cli/shidao.js', 'station', '--listen', '--port', '/dev/none', ...here],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  await once(createInterface({ input: station.stdout }), 'line')
  const beside = done('class', ...here)
  expect(beside.classes).toMatchObject([{ id: 'C1', stage: 'open', people: 1, mode: 'timetable' }])
  done('lane', 'forgotten', '--class', 'C1', '--person', person, ...by)
  const wrong = shidao(
    'roster',
    'change',
    '--class',
    'C1',
    '--remove',
    '0'.repeat(32),
    '--reason',
    'x',
    ...by,
  )
  expect([wrong.status, wrong.stdout]).toEqual([1, ''])
  expect(wrong.stderr).toMatch(/^ROSTER_PERSON_UNKNOWN [^\n]+\n$/)
  const roster = ['--kind', 'roster', '--format', 'csv', '--out', join(root, 'roster.csv'), ...here]
  const exported = done('export', '--class', 'C1', ...roster)
  expect(readFileSync(join(root, 'roster.csv'), 'utf8')).toContain('模拟学员')
  expect(exported).toMatchObject({ kind: 'roster', file: join(root, 'roster.csv') })
  expect(done('class', 'month', 'C1', ...here).months).toMatchObject([
    { month: '2026-03', sessions: 1, closed: null },
  ])
  station.kill('SIGTERM')
  await once(station, 'exit')

  expect(done('lane', 'list', '--class', 'C1', ...here).cards).toMatchObject([{ person, count: 1 }])
  expect(done('log', 'verify', dir)).toMatchObject({ ok: true })

  const added = done('staff', 'add', '--name', '模拟教师', '--role', 'teacher', ...by)
  const teacher = added.staff.find(({ role }: { role: string }) => role === 'teacher').actor
  const march = ['class', 'month', 'C1', '--month', '2026-03', '--reason', '按月报送', '--second', teacher]
  expect(done(...march, ...by).months).toMatchObject([{ closed: { changed: false } }])

  const opening = join(root, 'opening.shidao-proof')
  done('class', 'opening', 'C1', '--out', opening, ...here)
  const two = site('two')
  const stranger = shidao('class', 'join', opening, '--key', two.vkey, '--by', two.actor, '--data', two.dir)
  expect([stranger.status, stranger.stdout]).toEqual([1, ''])
  done('class', 'join', opening, '--key', vkey, '--by', two.actor, '--data', two.dir)
  expect(done('class', '--data', two.dir).classes).toMatchObject([{ id: 'C1', title: '电工班' }])
}, 180_000)
