import { parseArgs } from 'node:util'

/**
 * The options of a campaign, each a whole number: `--seed` from 0, every other one from 1. Anything else, and any
 * option or word that isn't known, is one line on stderr and exit 2: a campaign that ran nothing must not look passed.
 */
export function campaignCounts<K extends string>(
  defaults: Readonly<Record<K, number>>,
): Readonly<Record<K, number>>
/** The same, with one more option that takes a name; null if it was left out. */
export function campaignCounts<K extends string, N extends string>(
  defaults: Readonly<Record<K, number>>,
  name: { readonly option: N; readonly known: readonly string[] },
): Readonly<Record<K, number> & Record<N, string | null>>
export function campaignCounts(
  defaults: Readonly<Record<string, number>>,
  name?: { readonly option: string; readonly known: readonly string[] },
): Readonly<Record<string, number | string | null>> {
  const names = [...Object.keys(defaults), ...(name === undefined ? [] : [name.option])]
  const given = parse(names)
  const read: Record<string, number | string | null> = {}
  for (const [option, usual] of Object.entries(defaults)) {
    const text = given[option]
    const least = option === 'seed' ? 0 : 1
    const value = text === undefined ? usual : Number(text)
    if (text !== undefined && !/^[0-9]{1,12}$/.test(text)) wrong(`--${option} takes a whole number`)
    if (value < least) wrong(`--${option} takes a number from ${least}`)
    read[option] = value
  }
  if (name !== undefined) {
    const text = given[name.option] ?? null
    if (text !== null && !name.known.includes(text))
      wrong(`no ${name.option} "${text}"; there are: ${name.known.join(', ')}`)
    read[name.option] = text
  }
  return read
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
