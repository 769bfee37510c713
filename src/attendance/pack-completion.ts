import { Fault } from '../common/fault.ts'
import { failed, type Result } from '../common/result.ts'
import { citedValues, type PackFile, parsePackFile } from './rule-pack.ts'

/** What whoever sets a class up answered to a pack's empty values. */
export interface Completion {
  /** The completed pack's own name. */
  readonly id: string
  /** A pack whose values stand in where nothing else is answered. */
  readonly base: PackFile | null
  /** Values by path, e.g. `rules.lessonMinutes` → 45. */
  readonly answers: ReadonlyMap<string, unknown>
}

/**
 * Fills empty values of a pack (second format) and marks each as the institution's own choice. Values that a document
 * gives can't be answered away: `PACK_ANSWER`. The result is a new pack with a new sha256, checked as any other.
 */
export function completePack(pack: PackFile, { id, base, answers }: Completion): Result<PackFile> {
  const json = JSON.parse(new TextDecoder().decode(pack.bytes))
  const given = new Map(
    base === null ? [] : citedValues(parsed(base)).map(({ path, rule }) => [path, rule.value]),
  )
  const open = new Set(pack.open.map(({ path }) => path))
  const unasked = [...answers.keys()].find((path) => !open.has(path))
  if (unasked !== undefined) {
    return failed(
      new Fault('PACK_ANSWER', `${pack.id} doesn't ask for ${unasked}; it asks for: ${[...open].join(', ')}`),
    )
  }
  for (const { path, rule } of citedValues(json)) {
    const answered = answers.has(path)
    const value = answered ? answers.get(path) : (given.get(path) ?? null)
    if (!open.has(path) || value === null) continue
    const note = answered ? '本机构设定' : `本机构沿用${base?.id}的取值`
    const { missing: _missing, ...origin } = rule
    replace(json, path.split('.'), {
      ...origin,
      value,
      kind: 'own-choice',
      document: null,
      clause: null,
      source: null,
      note,
    })
  }
  return parsePackFile(new TextEncoder().encode(`${JSON.stringify({ ...json, id }, null, 2)}\n`))
}

function parsed({ bytes }: PackFile): unknown {
  return JSON.parse(new TextDecoder().decode(bytes))
}

function replace(json: Record<string, unknown>, path: readonly string[], rule: object): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) json[name] = rule
  else replace(json[name] as Record<string, unknown>, rest, rule)
}
