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
shidao inspect report --visit ID --format pdf|json --out FILE [--masked] [--record] [--workdays N] [--data DIR]   the report on a visit, or the signed record of it
shidao inspect file --visit ID --out FILE [--data DIR] [--json]       a visit's one file once more; "shidao verify FILE" checks it anywhere
shidao inspect findings [--class ID] [--visit ID] [--open] [--workdays N] [--data DIR] [--json]   what visits found, and by when it is due
shidao inspect answer --visit ID --finding ID --answer TEXT [--document FILE] --by ACTOR --second ACTOR
shidao inspect settle --visit ID --finding ID --outcome upheld|explained|corrected --key FILE [--note TEXT]
shidao inspect sample --institutions FILE --inspectors FILE --count N [--per-inspector M] (--commit | --nonce HEX) --out FILE   双随机: institutions and two inspectors each
shidao inspect sample --committed FILE --nonce HEX --commitment HEX --out FILE [--json]
shidao inspect sample --replay FILE [--commitment HEX] [--json]       a sample once more, offline
shidao inspect authority --name NAME --out FILE                       an authority's key, once; the PIN is asked for, or SHIDAO_PIN
shidao inspect list --inspectors FILE --number N --valid-to DATE [--previous FILE] --key FILE --out FILE   an authority’s signed list of inspectors
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
  report: async () => (await import('./inspect-report.ts')).report,
  file: async () => (await import('./inspect-report.ts')).file,
  findings: async () => (await import('./inspect-findings.ts')).findings,
  answer: async () => (await import('./inspect-findings.ts')).answer,
  settle: async () => (await import('./inspect-findings.ts')).settle,
  sample: async () => (await import('./inspect-sample.ts')).sample,
  authority: async () => (await import('./inspect-list.ts')).authority,
  list: async () => (await import('./inspect-list.ts')).list,
  pattern: async () => (await import('./inspect-facts.ts')).pattern,
}

export async function run([name = '', ...words]: readonly string[]): Promise<number> {
  const load = actions[name]
  if (load === undefined)
    throw new Fault('USAGE_INSPECT', `inspect takes one of: ${Object.keys(actions).join(', ')}`)
  const action = await load()
  return action(words)
}
