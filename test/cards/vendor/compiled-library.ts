import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillerWltBlock } from '../../../src/cards/codec/photo.ts'
import { textOf } from '../simulated-people.ts'

/** Why the libraries of these tests can't be compiled here, null if they can. */
export function compilerAbsence(): string | null {
  if (process.platform === 'win32') return 'the tests’ libraries are for Linux and macOS'
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' })
    return null
  } catch {
    return 'no C compiler (cc)'
  }
}

/** `good` or `broken`, compiled into a folder that `remove` deletes. */
export function compileLibrary(name: 'good' | 'broken', photo = fillerWltBlock(), text = textOf()) {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-library-'))
  const file = join(folder, `lib${name}.so`)
  writeFileSync(
    join(folder, 'synthetic-card.h'),
    [
      `#define CARD_TEXT ${text.join(',')}`,
      `#define CARD_PHOTO ${photo.join(',')}`,
      `#define CRASH_ONCE "${join(folder, 'crash-once')}"`,
      '',
    ].join('\n'),
  )
  const source = join(import.meta.dirname, `${name}.c`)
  execFileSync('cc', ['-shared', '-fPIC', '-O0', '-Wall', '-Wextra', '-I', folder, '-o', file, source])
  return { file, folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
