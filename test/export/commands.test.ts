import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CertificateFields, signCertificate } from '../../src/export/certificate-note.ts'
import { openStation } from '../../src/station/data-folder.ts'
import { type StationStory, stationStory } from './station-story.ts'

function shidao(words: string[], env: Record<string, string> = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], options)
}

/** A morning at a station that is not running any more. */
function stopped(): { story: StationStory; dir: string; out: string } {
  const story = stationStory()
  const [zhang] = story.people
  story.sign(zhang, 'in', -5, { portrait: 'chip' })
  story.sign(zhang, 'out', 181, { portrait: 'chip' })
  story.data.close()
  return { story, dir: story.data.dir, out: join(story.data.dir, 'out') }
}

describe('shidao hours', () => {
  test('prints the document and changes nothing, beside a running station too', () => {
    const story = stationStory()
    const { size } = story.data.ledger
    const { status, stdout } = shidao(['hours', '--class', 'c1', '--data', story.data.dir, '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ class: 'c1', simulated: false, people: [{}, {}] })
    expect(story.data.ledger.size).toBe(size)
  })

  test('an unknown class is one coded line that names the known ones', () => {
    const { dir } = stopped()
    const { status, stdout, stderr } = shidao(['hours', '--class', 'x', '--data', dir])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^ROSTER_CLASS_UNKNOWN [^\n]*c1\n$/)
  })

  test('another pack says what it would change', () => {
    const { dir, out } = stopped()
    const file = readFileSync('src/attendance/packs/default.json', 'utf8')
    writeFileSync(out, file.replace('"value": 45', '"value": 60'))
    const { stdout } = shidao(['hours', '--class', 'c1', '--data', dir, '--pack', out, '--json'])
    expect(JSON.parse(stdout).people[0].lessons).toBe(3)
  })

  test('a pack that is none is PACK_INVALID', () => {
    const { dir, out } = stopped()
    writeFileSync(out, '{}')
    const { status, stderr } = shidao(['hours', '--class', 'c1', '--data', dir, '--pack', out])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^PACK_INVALID [^\n]*\n$/)
  })
})

describe('shidao export and verify', () => {
  test('an export is recorded with the sha256 of the file that left', () => {
    const { dir, out, story } = stopped()
    const answer = shidao([
      'export',
      '--class',
      'c1',
      '--kind',
      'attendance',
      '--format',
      'csv',
      '--out',
      out,
      '--data',
      dir,
      '--json',
    ])
    expect(answer.stderr).toBe('')
    const sha256 = createHash('sha256').update(readFileSync(out)).digest('hex')
    const { event } = JSON.parse(answer.stdout)
    const reopened = openStation(dir, { clock: story.clock })
    const [recorded] = reopened.ledger.events(event)
    reopened.close()
    expect(recorded?.event).toMatchObject({
      type: 'export',
      data: { class: 'c1', kind: 'attendance', format: 'csv', sha256 },
    })
  })

  test('the masked edition hides names and numbers', () => {
    const { dir, out } = stopped()
    const words = ['--class', 'c1', '--kind', 'attendance', '--format', 'csv', '--out', out, '--data', dir]
    shidao(['export', ...words, '--masked'])
    const csv = readFileSync(out, 'utf8')
    expect(csv).toContain('张*')
    expect(csv).not.toMatch(/张三|11010519491231002X/)
  })

  test('a bundle verifies elsewhere by the station’s key, and not by another', () => {
    const { dir, out, story } = stopped()
    const made = shidao([
      'export',
      '--class',
      'c1',
      '--kind',
      'bundle',
      '--out',
      out,
      '--data',
      dir,
      '--json',
    ])
    expect(made.status).toBe(0)
    const right = shidao(['verify', out, '--key', story.data.key.vkey, '--json'])
    expect(right.status).toBe(0)
    expect(JSON.parse(right.stdout)).toMatchObject({
      ok: true,
      trust: 'key',
      hours: 'recomputed',
      problem: null,
    })

    const wrong = shidao(['verify', out, '--key', stationStory().data.key.vkey, '--json'])
    expect(wrong.status).toBe(1)
    expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, problem: { code: 'wrong-key' } })
    expect(wrong.stderr).toMatch(/^PROOF_WRONG_KEY [^\n]*\n$/)
  })

  test('a file that is no bundle is one coded line', () => {
    const { status, stdout, stderr } = shidao(['verify', 'package.json', '--json'])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^PROOF_NOT_A_BUNDLE [^\n]*\n$/)
  })

  test('a file that is not there is one coded line', () => {
    const { status, stderr } = shidao(['verify', 'no-such-file'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^PROOF_FILE [^\n]*\n$/)
  })

  test('a ledger that is open elsewhere, with no station to ask, refuses, because an export has to be recorded', () => {
    const story = stationStory()
    const out = join(story.data.dir, 'out')
    const words = ['export', '--class', 'c1', '--kind', 'bundle', '--out', out, '--data', story.data.dir]
    const { status, stderr } = shidao(words)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^EXPORT_STATION_RUNNING [^\n]*\n$/)
    expect(existsSync(out)).toBe(false)
  })

  test.each([
    ['attendance', 'docx', 'EXPORT_FORMAT_UNSUPPORTED', 1],
    ['gossip', 'xlsx', 'USAGE_EXPORT', 2],
  ])('--kind %s --format %s is %s', (kind, format, code, exit) => {
    const { status, stderr } = shidao([
      'export',
      '--class',
      'c1',
      '--kind',
      kind,
      '--format',
      format,
      '--out',
      '/tmp/never',
    ])
    expect(status).toBe(exit)
    expect(stderr).toMatch(new RegExp(`^${code} [^\\n]*\\n$`))
  })

  test('a period of all classes is recorded as such, with progress beside the answer', () => {
    const { dir, out, story } = stopped()
    const words = ['export', '--kind', 'annual', '--format', 'pdf', '--out', out, '--data', dir]
    const { status, stdout, stderr } = shidao([...words, '--masked', '--progress', '--json'])
    expect(status).toBe(0)
    expect(stderr).toMatch(/export: (\d+) of \1\n$/)
    const { event } = JSON.parse(stdout)
    const reopened = openStation(dir, { clock: story.clock })
    const [recorded] = reopened.ledger.events(event)
    reopened.close()
    expect(recorded?.event).toMatchObject({ data: { class: '*', kind: 'annual', format: 'pdf' } })
  })

  test('the code of a certificate verifies by the station’s key, and never without one', () => {
    const { story, out } = stopped()
    const { key } = story.data
    const value = (name: string) => (name === 'simulated' ? 'no' : '1')
    const names = 'tree class title person name number days lessons credited-ms proven pack simulated'
    const fields = Object.fromEntries(names.split(' ').map((name) => [name, value(name)]))
    // A scanner's window on Windows gives it back with other line ends, and without the last one.
    const note = signCertificate(fields as CertificateFields, key.signer).trimEnd()
    writeFileSync(out, note.replaceAll('\n', '\r\n'))
    const right = shidao(['verify', out, '--key', key.vkey, '--json'])
    expect(JSON.parse(right.stdout)).toMatchObject({ ok: true, trust: 'key', certificate: fields })
    expect(shidao(['verify', out]).stderr).toMatch(/^PROOF_KEY [^\n]*\n$/)
    writeFileSync(out, note.replace('lessons 1', 'lessons 9'))
    const altered = shidao(['verify', out, '--key', key.vkey])
    expect([altered.status, altered.stdout]).toEqual([1, ''])
    expect(altered.stderr).toMatch(/^LEDGER_NOTE_SIGNATURE [^\n]*\n$/)
  })

  test('a folder that cannot be written leaves neither a file nor an event', () => {
    const { dir, story } = stopped()
    const words = ['export', '--class', 'c1', '--kind', 'bundle', '--data', dir, '--out']
    const { status, stderr } = shidao([...words, join(dir, 'missing', 'out.zip')])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^EXPORT_WRITE [^\n]*\n$/)
    const reopened = openStation(dir, { clock: story.clock })
    const types = Array.from(reopened.ledger.events(), ({ event }) => event.type)
    reopened.close()
    expect(types).not.toContain('export')
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('shidao roster', () => {
  const csv = '姓名,number\n王五,440308199901101512\n赵六,11010519491231002X\n'

  test('a preview shows masked people and opens no station', () => {
    const { out } = stopped()
    writeFileSync(out, csv)
    const { status, stdout } = shidao(['roster', 'import', out, '--preview', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      imported: false,
      rows: [{ name: '王*' }, { name: '赵*' }],
    })
    expect(stdout).not.toContain('440308199901101512')
  })

  test('an import is one signed roster change with everybody in it', () => {
    const { dir, out, story } = stopped()
    writeFileSync(out, csv)
    const { actor, pin } = story.supervisor
    const words = ['roster', 'import', out, '--class', 'c1', '--by', actor, '--data', dir, '--json']
    const { status, stdout } = shidao(words, { SHIDAO_PIN: pin })
    expect(status).toBe(0)
    const { rows } = JSON.parse(stdout)
    const reopened = openStation(dir, { clock: story.clock })
    const last = [...reopened.ledger.events()].at(-1)?.event
    reopened.close()
    const added = rows.map(({ person }: { person: string }) => ({ person, portrait: 'none' }))
    expect(last).toMatchObject({ type: 'roster.changed', data: { class: 'c1', added } })
    // 赵六 has the number of somebody who is known here already.
    expect(rows[1].person).toBe(story.people[0])
  })

  test('one bad line keeps everybody out and is named', () => {
    const { dir, out, story } = stopped()
    writeFileSync(out, `${csv}坏,123\n`)
    const words = ['roster', 'import', out, '--class', 'c1', '--by', story.supervisor.actor, '--data', dir]
    const { status, stdout, stderr } = shidao(words, { SHIDAO_PIN: story.supervisor.pin })
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^ROSTER_NUMBER line 4: [^\n]*\n$/)
    const reopened = openStation(dir, { clock: story.clock })
    const changes = Array.from(reopened.ledger.events(), ({ event }) => event.type)
    reopened.close()
    expect(changes.filter((type) => type === 'roster.changed')).toHaveLength(1)
  })

  test('a portrait that is not there keeps everybody out', () => {
    const { out } = stopped()
    writeFileSync(out, '姓名,number,照片\n王五,440308199901101512,a.jpg\n')
    const { status, stderr } = shidao(['roster', 'import', out, '--preview'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^ROSTER_PORTRAIT_MISSING line 2: /)
  })
})
