import { checkHealth } from '../station/health.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'

export const usage =
  'shidao doctor [--data DIR] [--json]                    what works, what does not, what to do'

/** Exit 0 when nothing is broken; what is merely not set up yet is no failure. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const checks = await checkHealth(values.data ?? defaultDataFolder())
  const lines = checks.flatMap(({ name, works, detail, advice }) => {
    const mark = works === null ? '–' : works ? '✓' : '✗'
    return [`${mark} ${name.padEnd(8)} ${detail}`, ...(advice === null ? [] : [`             → ${advice}`])]
  })
  const ok = checks.every((check) => check.works !== false)
  printAnswer(values.json, { ok, checks }, lines)
  return ok ? EXIT.yes : EXIT.no
}
