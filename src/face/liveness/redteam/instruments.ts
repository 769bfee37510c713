import { Fault } from '../../../common/fault.ts'
import { failed, ok, type Result } from '../../../common/result.ts'

/** What an attack holds before the camera (presentation attack instrument, ISO/IEC 30107-1). */
export const ATTACK_INSTRUMENTS = ['print', 'phone', 'tablet', 'monitor', 'paper-mask'] as const
export type AttackInstrument = (typeof ATTACK_INSTRUMENTS)[number]

/** A person, or a picture of one. */
export const PRESENTED = ['bona-fide', ...ATTACK_INSTRUMENTS] as const
export type Presented = (typeof PRESENTED)[number]

/** What everybody has at hand; monitor and paper mask are extra. */
export const USUAL_INSTRUMENTS: readonly AttackInstrument[] = ['print', 'phone', 'tablet']

/** `print,phone,…` in the order of the text; `USAGE_INSTRUMENT` for an unknown one, none, or one named twice. */
export function parseInstruments(text: string): Result<readonly AttackInstrument[]> {
  const names = text.split(',').map((name) => name.trim())
  const known = names.filter((name) => (ATTACK_INSTRUMENTS as readonly string[]).includes(name))
  if (known.length === names.length && new Set(names).size === names.length) {
    return ok(known as AttackInstrument[])
  }
  const choice = ATTACK_INSTRUMENTS.join(', ')
  return failed(new Fault('USAGE_INSTRUMENT', `--instruments takes, with commas and each once: ${choice}`))
}

/** What a path says of the film in it. */
export interface SaidByPath {
  readonly presented: Presented
  readonly device: string | null
  readonly person: string | null
}

/**
 * What a film shows, by its path: the first folder or the file's name begins with it (`phone/01.mp4`, `bona-fide-07.mov`);
 * null when it doesn't. A folder between the two names the device (`phone/Model X, full brightness/01.mp4`), of bona fide
 * films the person's mark (`bona-fide/A/01.mp4`).
 */
export function presentedByPath(path: string): SaidByPath | null {
  const parts = path.split(/[\\/]/)
  const [first = ''] = parts
  const presented = PRESENTED.find(
    (name) => first === name || (first.startsWith(name) && /[-_. ]/.test(first.charAt(name.length))),
  )
  if (presented === undefined) return null
  const between = parts.length > 2 ? parts[1]!.slice(0, 200) || null : null
  const isPerson = presented === 'bona-fide'
  return { presented, device: isPerson ? null : between, person: isPerson ? between : null }
}
