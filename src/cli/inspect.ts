import { Fault } from '../common/fault.ts'

export const usage = `shidao inspect facts --class ID [--data DIR] [--json]                 what the log claims, in ten seconds
shidao inspect key --out FILE                                         an inspector's own key; the PIN is asked for, or SHIDAO_PIN
shidao inspect open --class ID --key FILE [--list FILE --authority VKEY] [--seen FILE]   a visit; also beside a running station
shidao inspect commit --class ID [--on-site-weight 1..16]             the station commits to a draw before it knows your nonce
shidao inspect draw --class ID -k K --nonce HEX [--commitment HEX] [--key FILE] [--out FILE] [--json]
shidao inspect replay FILE [--station VKEY] [--json]                  a draw once more, offline, with public keys only
shidao inspect headcount --class ID --key FILE --count N
shidao inspect check --class ID --key FILE --person ID --result seen|not-seen|cannot-verify [--by card|face|witness] [--reason TEXT] [--photo FILE] [--note TEXT]
shidao inspect found --class ID --key FILE --record exists|none|signed-out|not-on-roster|of-another-person --by card|face|witness [--person ID] [--photo FILE] [--note TEXT]
shidao inspect close --class ID --key FILE (--by ACTOR | --refused | --nobody-there) [--note TEXT] [--out FILE]
shidao inspect pattern --class ID [--data DIR] [--json]               what is unusual about a class, never a verdict`

type Action = (words: readonly string[]) => Promise<number>

/** Loaded when called: a replay needs no station. */
const actions: Record<string, () => Promise<Action>> = {
  facts: async () => (await import('./inspect-facts.ts')).facts,
  key: async () => (await import('./inspect-key.ts')).key,
  commit: async () => (await import('./inspect-draw.ts')).commit,
  draw: async () => (await import('./inspect-draw.ts')).draw,
  replay: async () => (await import('./inspect-replay.ts')).replay,
  open: async () => (await import('./inspect-open.ts')).open,
  headcount: async () => (await import('./inspect-visit.ts')).headcount,
  check: async () => (await import('./inspect-visit.ts')).check,
  found: async () => (await import('./inspect-visit.ts')).found,
  close: async () => (await import('./inspect-close.ts')).close,
  pattern: async () => (await import('./inspect-facts.ts')).pattern,
}

export async function run([name = '', ...words]: readonly string[]): Promise<number> {
  const load = actions[name]
  if (load === undefined)
    throw new Fault('USAGE_INSPECT', `inspect takes one of: ${Object.keys(actions).join(', ')}`)
  const action = await load()
  return action(words)
}
