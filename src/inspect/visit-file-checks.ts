import { ok, type Result } from '../common/result.ts'
import { fromHex } from '../ledger/bytes.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import { verifyConsistency } from '../ledger/merkle-proof.ts'
import { parseVkey, type VerifierKey } from '../ledger/note.ts'
import { seatsOf } from './draw-plan.ts'
import { openInspectorList, standingOf } from './inspector-list.ts'
import { type BundleProblem, type ProblemCode, problem } from './problem.ts'
import { falseDraw } from './replay.ts'
import { nextVisit, type Visit, type VisitInput } from './visit.ts'

/* What a visit's file has to show besides signatures and leaves. */

/** The list on which an inspector's standing rests. */
export interface ListedBy {
  /** Name of the key that signed it, and the key. */
  readonly authority: string
  readonly vkey: string
  readonly number: number
}

/** The visit that the events make: opened once, of one class, each event in its place, none of another visit. */
export function visitOf(
  events: readonly LedgerEvent[],
  id: string,
  size: number,
): Result<Visit, BundleProblem> {
  let visit: Visit | null = null
  for (const event of events) {
    const { data, index } = event
    if (index >= size) return fail('inserted', index, 'the event is behind the closing checkpoint')
    if (!('visit' in data) || data.visit === null || besideVisits(event.type)) continue
    if (data.visit !== id) return fail('about', index, 'the event is of another visit')
    const next: Result<Visit> = nextVisit(visit, event as VisitInput & LedgerEvent)
    if (!next.ok) return fail('about', index, next.fault.message)
    visit = next.value
  }
  if (visit === null) return fail('about', null, 'the file doesn’t show the visit that it names')
  const { closed } = visit
  if (closed === null || closed.event === size - 1) return ok(visit)
  return fail('history', closed.event, 'the closing checkpoint doesn’t end with the visit’s closing')
}

/** Kinds that name a visit without being a part of it: what was refused in one, and what became of its findings. */
function besideVisits(type: LedgerEvent['type']): boolean {
  return type === 'visit.refused' || type.startsWith('finding.')
}

/** Every draw of the visit gives its order again, from a commitment before it and the class's own roster at that time. */
export function falseDraws(events: readonly LedgerEvent[], { class: classId }: Visit): BundleProblem | null {
  for (const drawn of events) {
    if (drawn.type !== 'visit.drawn' || drawn.data.visit === null) continue
    const committed = events.find(
      (event) => event.type === 'draw.committed' && event.data.draw === drawn.data.draw,
    )
    if (committed?.type !== 'draw.committed' || committed.index > drawn.index)
      return problem('draw', drawn.index, 'no commitment stands before the draw')
    const before = events.filter(({ index }) => index < committed.index)
    const wrong = falseDraw(committed, drawn, seatsOf(before, classId) ?? [])
    if (wrong !== null) return problem('draw', drawn.index, wrong.message)
  }
  return null
}

/** The recorded standing is the one that the list gives; the list is in the file and signed by the authority it names. */
export function falseStanding(
  events: readonly LedgerEvent[],
  { event, inspector, standing, openedAt }: Visit,
  known: VerifierKey | undefined,
): Result<ListedBy | null, BundleProblem> {
  const opened = events.find(({ index }) => index === event)
  const digest = opened?.type === 'visit.opened' ? opened.data.list : null
  if (digest === null || opened?.type !== 'visit.opened') {
    if (standing !== 'no-list') return fail('list', event, 'the standing rests on a list, and none is named')
    return known === undefined
      ? ok(null)
      : fail('list', event, 'the inspector stands on no list of this authority')
  }
  const record = events.find(({ type, data }) => type === 'inspectors.listed' && data.sha256 === digest)
  if (record?.type !== 'inspectors.listed')
    return fail('list', event, 'the list that is named is not in the file')
  if (known !== undefined && known.vkey !== record.data.authority)
    return fail('list', record.index, 'another authority than the one you know signed the list of inspectors')
  const key = parseVkey(record.data.authority)
  if (!key.ok) return fail('list', record.index, key.fault.message)
  const list = openInspectorList(record.data.note, key.value)
  if (!list.ok) return fail('list', record.index, list.fault.message)
  if (list.value.sha256 !== digest) return fail('list', record.index, 'the list is not the one that is named')
  // Asked for at the statement's time, opened a little later: either may be the moment that counted.
  const times = [openedAt, statedTime(opened.data.act.statement) ?? openedAt]
  const stood = times.map((at) => standingOf(list.value, inspector.publicKey, at))
  if (!stood.some((one) => one.admitted && one.standing === standing))
    return fail('list', event, 'the list gives the inspector’s key another standing than the record says')
  return ok({ authority: key.value.name, vkey: key.value.vkey, number: list.value.number })
}

interface Tree {
  readonly size: number
  /** Hex, or the hash itself. */
  readonly root: string | Hash
}

/** True unless the proof shows that the later tree is the earlier one, grown. */
export function falseGrowth(earlier: Tree, later: Tree, proof: readonly Hash[]): boolean {
  const [firstRoot, secondRoot] = [rootOf(earlier), rootOf(later)]
  if (firstRoot === null || secondRoot === null) return true
  return !verifyConsistency({ first: earlier.size, second: later.size, firstRoot, secondRoot, proof })
}

function rootOf({ root }: Tree): Hash | null {
  return typeof root === 'string' ? (fromHex(root) as Hash | null) : root
}

function statedTime(statement: string): number | null {
  try {
    const { at } = JSON.parse(statement) as { at?: unknown }
    return typeof at === 'number' ? at : null
  } catch {
    return null
  }
}

function fail(code: ProblemCode, index: number | null, detail: string) {
  return { ok: false as const, fault: problem(code, index, detail) }
}
