import { asFault, Fault } from '../common/fault.ts'
import { type CommandModule, EXIT } from './command.ts'

/** `shidao NAME …` → the file that does it. Loaded when called, so that `card read` starts no face engine. */
const commands: Record<string, () => Promise<CommandModule>> = {
  demo: () => import('./demo.ts'),
  start: () => import('./start.ts'),
  station: () => import('./station.ts'),
  doctor: () => import('./doctor.ts'),
  card: () => import('./card.ts'),
  face: () => import('./face.ts'),
  log: () => import('./log.ts'),
  verify: () => import('./verify.ts'),
  roster: () => import('./roster.ts'),
  key: () => import('./key.ts'),
  trust: () => import('./trust.ts'),
  person: () => import('./person.ts'),
  staff: () => import('./staff.ts'),
  class: () => import('./class.ts'),
  catalogue: () => import('./catalogue.ts'),
  doubtful: () => import('./doubtful.ts'),
  correct: () => import('./correct.ts'),
  leave: () => import('./leave.ts'),
  makeup: () => import('./makeup.ts'),
  paper: () => import('./paper.ts'),
  check: () => import('./check.ts'),
  teacher: () => import('./teacher.ts'),
  lane: () => import('./lane.ts'),
  faces: () => import('./faces.ts'),
  hours: () => import('./hours.ts'),
  claims: () => import('./claims.ts'),
  pack: () => import('./pack.ts'),
  export: () => import('./export.ts'),
  collector: () => import('./collector.ts'),
  inspect: () => import('./inspect.ts'),
}

/**
 * Runs one command and gives its exit code.
 * A fault becomes one line `CODE message` on stderr; a code of the USAGE layer exits with 2, any other with 1.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...words] = argv
  // Data folders, keys and exports hold what only their owner may read.
  process.umask(0o077)
  try {
    if (name === undefined || name === 'help' || name === '--help') return await printHelp()
    const load = commands[name]
    if (load === undefined)
      throw new Fault('USAGE_COMMAND', `unknown command "${name}"; "shidao help" lists them`)
    const command = await load()
    if (words.includes('--help')) {
      process.stdout.write(`${command.usage}\n`)
      return EXIT.yes
    }
    return await command.run(words)
  } catch (thrown) {
    const fault = asFault(thrown)
    process.stderr.write(`${fault.code} ${fault.message}\n`)
    return fault.code.startsWith('USAGE_') ? EXIT.usage : EXIT.no
  }
}

async function printHelp(): Promise<number> {
  const usages = await Promise.all(Object.values(commands).map(async (load) => (await load()).usage))
  process.stdout.write(`${usages.join('\n')}\n`)
  return EXIT.yes
}
