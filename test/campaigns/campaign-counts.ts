import { parseArgs } from 'node:util'

/**
 * The options of a campaign, each a whole number: `--seed` from 0, every other one from 1. Anything else, and any
 * option or word that isn't known, is one line on stderr and exit 2: a campaign that ran nothing must not look passed.
 */
export function campaignCounts<K extends string, N extends string = never>(
  defaults: Readonly<Record<K, number>>,
  /** Options that take one of a few names; null where one was left out. */
  choices: Readonly<Record<N, readonly string[]>> = {} as Readonly<Record<N, readonly string[]>>,
): Readonly<Record<K, number> & Record<N, string | null>> {
  const given = parse([...Object.keys(defaults), ...Object.keys(choices)])
  const read: Record<string, number | string | null> = {}
  for (const [option, usual] of Object.entries<number>(defaults)) {
    const text = given[option]
    const least = option === 'seed' ? 0 : 1
    const value = text === undefined ? usual : Number(text)
    if (text !== undefined && !/^[0-9]{1,12}$/.test(text)) wrong(`--${option} takes a whole number`)
    if (value < least) wrong(`--${option} takes a number from ${least}`)
    read[option] = value
  }
  for (const [option, known] of Object.entries<readonly string[]>(choices)) {
    const text = given[option] ?? null
    if (text !== null && !known.includes(text))
      wrong(`no ${option} "${text}"; there are: ${known.join(', ')}`)
    read[option] = text
  }
  return read as Readonly<Record<K, number> & Record<N, string | null>>
}

function parse(names: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(names.map((option) => [option, { type: 'string' as const }]))
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values
  } catch (cause) {
    return wrong((cause as Error).message.split('\n')[0] ?? 'bad option')
  }
}

function wrong(sentence: string): never {
  process.stderr.write(`USAGE_OPTION ${sentence}\n`)
  process.exit(2)
}
