import { asFault } from '../common/fault.ts'

/**
 * What a crash of this process leaves behind: a code, the message's first line and the places in the program; no error's own
 * properties, causes, source lines or values; and no diagnostic report, which would hold the environment with a PIN in
 * it. Whatever NODE_OPTIONS asked for. Ends the process with 70 (sysexits.h, EX_SOFTWARE).
 */
export function keepCrashesQuiet(): void {
  const { report } = process
  if (report !== undefined) {
    Object.assign(report, {
      ...{ reportOnFatalError: false, reportOnUncaughtException: false, reportOnSignal: false },
      ...{ excludeEnv: true, excludeNetwork: true },
    })
  }
  process.on('uncaughtException', (thrown: unknown) => {
    const { code, message } = asFault(thrown)
    process.stderr.write(`${[`${code} ${message}`, ...places(thrown)].join('\n')}\n`)
    process.exit(EX_SOFTWARE)
  })
}

const EX_SOFTWARE = 70
const MOST_PLACES = 8

/** `    at …` lines only: what is before them is the message once more, however many lines it has. */
function places(thrown: unknown): string[] {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  return stack
    .split('\n')
    .filter((line) => /^ {4}at \S.*:\d+:\d+\)?$/.test(line))
    .slice(0, MOST_PLACES)
}
