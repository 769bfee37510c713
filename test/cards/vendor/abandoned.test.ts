import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeIf } from '../../support/requires.ts'
import { compileLibrary, compilerAbsence } from './compiled-library.ts'

describeIf(compilerAbsence(), 'a vendor library whose station was killed', () => {
  let compiled: ReturnType<typeof compileLibrary>
  beforeAll(() => {
    compiled = compileLibrary('broken')
  })
  afterAll(() => compiled.remove())

  it.each(['idle', 'hang'])('ends by itself and leaves no folder behind (%s)', async (doing) => {
    const script = join(import.meta.dirname, 'abandoned-station.ts')
    const station = spawn(process.execPath, [script, compiled.file, doing], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [folder] = (await once(station.stdout, 'data')) as [Buffer]
    expect(existsSync(folder.toString())).toBe(true)
    station.kill('SIGKILL')
    await once(station, 'exit')
    // The folder is the last thing that the library's process removes before it ends.
    while (existsSync(folder.toString())) await sleep(20)
  })
})
