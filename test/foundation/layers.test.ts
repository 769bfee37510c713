import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const copy = mkdtempSync(join(tmpdir(), 'shidao-layers-'))
afterAll(() => rmSync(copy, { recursive: true }))

/** Lints one line as if it stood in that file of the project, under the project's own rules. */
function lint(file: string, line: string): string {
  const place = join(copy, file)
  mkdirSync(dirname(place), { recursive: true })
  cpSync('biome.json', join(copy, 'biome.json'))
  writeFileSync(place, `${line}\n`)
  const { stdout, stderr } = spawnSync(resolve('node_modules/.bin/biome'), ['lint', file], {
    cwd: copy,
    encoding: 'utf8',
  })
  const said = stdout + stderr
  expect(said).toContain('Checked 1 file')
  return said
}

test.each([
  ['src/cards/wrong.ts', "import { x } from '../ledger/ledger.ts'"],
  ['src/cards/codec/wrong.ts', "import { x } from '../../station/door.ts'"],
  ['src/ledger/wrong.ts', "import { x } from '../attendance/hours.ts'"],
  ['src/attendance/wrong.ts', "import { x } from '../export/bundle.ts'"],
  ['src/station/wrong.ts', "import { x } from '../demo/run.ts'"],
  ['src/station/wrong.ts', "import { app } from 'electron'"],
  ['src/station/wrong.ts', "import { x } from '../desk/desk.ts'"],
  ['src/ui/wrong.ts', "import { x } from '../desk/desk.ts'"],
  ['src/ui/wrong.ts', "import { x } from '../station/door.ts'"],
  ['src/ui/wrong.ts', "import { readFileSync } from 'node:fs'"],
  ['electron/wrong.ts', "import { x } from '../src/ledger/ledger.ts'"],
])('the layer check refuses, in %s, %s', (file, line) => {
  expect(lint(file, line)).toContain('noRestrictedImports')
})

test.each([
  ['src/cards/right.ts', "import { x } from '../common/fault.ts'"],
  ['src/station/right.ts', "import { x } from '../ledger/ledger.ts'"],
  ['src/desk/right.ts', "import { x } from '../inspect/visit.ts'"],
  ['src/ui/right.ts', "import { x } from '../station/protocol.ts'"],
  ['electron/right.ts', "import { app } from 'electron'"],
])('the layer check lets pass, in %s, %s', (file, line) => {
  expect(lint(file, line)).not.toContain('noRestrictedImports')
})
