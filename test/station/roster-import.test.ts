import { expect, test } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok } from '../../src/common/result.ts'
import type { FaceEngine } from '../../src/face/engine.ts'
import { previewRoster, type RosterUpload, readRoster } from '../../src/station/roster-import.ts'

/* Numbers are of nobody: their area codes or dates are made up, their check digits are right. */
const [FIRST, SECOND] = ['11010519491231002X', '440524188001010014'] as const
const NOW = Date.parse('2026-03-02T08:00:00+08:00')
const GOOD = Uint8Array.of(0xff, 0xd8, 1)
const FACELESS = Uint8Array.of(0xff, 0xd8, 0)

function upload(lines: readonly string[], change: Partial<RosterUpload> = {}): RosterUpload {
  return { file: Buffer.from(lines.join('\n')), columns: null, photos: [], ...change }
}
const two = (header = '姓名,身份证号') => [header, `模拟甲,${FIRST}`, `模拟乙,${SECOND}`]

/** Finds a face in `GOOD` only. */
const engine = async () => {
  const template: FaceEngine['template'] = async (picture) =>
    picture[2] === 1 ? ok({} as never) : failed(new Fault('FACE_NONE', 'no face'))
  return { template }
}
const noEngine = async () => {
  throw new Fault('FACE_ENGINE_CLOSED', 'a roster without pictures needs no engine')
}

test('a roster without pictures is read without an engine, and shown masked', async () => {
  const preview = await previewRoster(upload(two()), NOW, noEngine)
  expect(preview).toMatchObject({ stray: 0, errors: [], rows: [{ line: 2, photo: false }, { line: 3 }] })
  expect(JSON.stringify(preview)).not.toContain(FIRST)
  expect(JSON.stringify(preview)).not.toContain('模拟甲')
})

test('a province’s own column names are taken, and what is no map of columns brings in nobody', async () => {
  const columns = '{"name":["学员"],"number":["证号"],"portrait":[]}'
  const own = await previewRoster(upload(two('学员,证号'), { columns }), NOW, noEngine)
  expect(own.rows).toHaveLength(2)
  for (const wrong of ['[]', '{', '{"name":[]}']) {
    const refused = await previewRoster(upload(two(), { columns: wrong }), NOW, noEngine)
    expect(refused).toEqual({ rows: [], stray: 0, errors: [{ line: null, code: 'ROSTER_MAP' }] })
  }
})

test('photos find their people by the number in their names, whoever has none is shown, and strangers are counted', async () => {
  const photos = [
    { name: `${FIRST.toLowerCase()}_front.jpg`, bytes: GOOD },
    { name: '990000198803120016.jpg', bytes: GOOD },
  ]
  const preview = await previewRoster(upload(two(), { photos }), NOW, engine)
  expect(preview).toMatchObject({ stray: 1, rows: [{ photo: true }, { photo: false }] })
  expect(await readRoster(upload(two(), { photos }), NOW, engine)).toMatchObject({
    ok: true,
    value: [
      { number: FIRST, portrait: GOOD },
      { number: SECOND, portrait: null },
    ],
  })
})

test('a photo that the roster names is found by that name, and one that is not there brings in nobody', async () => {
  const lines = ['姓名,身份证号,照片', `模拟甲,${FIRST},photos/a.jpg`, `模拟乙,${SECOND},photos/b.jpg`]
  const photos = [{ name: 'A.JPG', bytes: GOOD }]
  const missing = await previewRoster(upload(lines, { photos }), NOW, engine)
  expect(missing.errors).toEqual([{ line: 3, code: 'ROSTER_PORTRAIT_MISSING' }])
  const both = [...photos, { name: 'b.jpg', bytes: GOOD }]
  expect((await previewRoster(upload(lines, { photos: both }), NOW, engine)).errors).toEqual([])
})

test('a photo that nobody could be compared with brings in nobody', async () => {
  const photos = [{ name: `${SECOND}.jpg`, bytes: FACELESS }]
  const preview = await previewRoster(upload(two(), { photos }), NOW, engine)
  expect(preview.errors).toEqual([{ line: 3, code: 'ROSTER_PORTRAIT_INVALID' }])
  expect(await readRoster(upload(two(), { photos }), NOW, engine)).toMatchObject({
    ok: false,
    fault: { code: 'ROSTER_PORTRAIT_INVALID' },
  })
})
