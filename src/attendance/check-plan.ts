import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { LedgerEvent } from '../ledger/event.ts'
import type { Session } from './timetable.ts'

/*
 * Moments in a session at which everybody is called again. The plan is made before the session and only its hash is
 * recorded; the moments follow from its seed, so that nobody learns them early and nobody can choose them later.
 */

const plan = z.strictObject({
  format: z.literal('shidao-check-plan/v1'),
  class: z.string().min(1),
  session: z.string().min(1),
  start: z.int(),
  end: z.int(),
  count: z.int().min(1).max(20),
  windowMs: z.int().min(1000),
  /** 256 random bits, hex. */
  seed: z.string().regex(/^[0-9a-f]{64}$/),
})
export type CheckPlan = z.infer<typeof plan>

/** The text that is committed to, byte for byte. */
export function planText(
  classId: string,
  session: Session,
  { count, windowMs, seed }: Pick<CheckPlan, 'count' | 'windowMs' | 'seed'>,
): string {
  const { id, start, end } = session
  const written: CheckPlan = {
    ...{ format: 'shidao-check-plan/v1', class: classId, session: id },
    ...{ start, end, count, windowMs, seed },
  }
  return JSON.stringify(written)
}

/** SHA-256 of the plan's UTF-8 text, hex. */
export function planCommitment(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Reads a plan's text, null when it is none. */
export function readPlan(text: string): CheckPlan | null {
  try {
    const parsed = plan.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/**
 * The moments, rising, wall milliseconds: the first 48 bits of SHA-256 over `shidao-check/v1\n` seed `\n` number,
 * as a fraction of the session without its last window, so that a window never outlasts the session.
 */
export function momentsOf({ start, end, count, windowMs, seed }: CheckPlan): number[] {
  const usable = Math.max(1, end - start - windowMs)
  return Array.from({ length: count }, (_, number) => {
    const digest = createHash('sha256').update(`shidao-check/v1\n${seed}\n${number}`).digest()
    return start + Math.floor((digest.readUIntBE(0, 6) / 2 ** 48) * usable)
  }).sort((a, b) => a - b)
}

export interface CheckReplay {
  readonly check: string
  readonly class: string
  readonly session: string
  /** `pending` until the plan is revealed. */
  readonly state: 'pending' | 'kept' | 'broken'
  /** What is wrong with it, for people; empty when nothing is. */
  readonly problems: readonly string[]
  readonly moments: readonly number[]
  readonly called: readonly { readonly event: number; readonly at: number }[]
}

/** Goes through every check that was committed: made before its session, called when the plan says, revealed as it was. */
export function replayChecks(events: Iterable<LedgerEvent>): CheckReplay[] {
  const checks = new Map<string, Growing>()
  for (const event of events) {
    if (event.type === 'check.committed')
      checks.set(event.data.check, { committed: event, calls: [], plan: null })
    else if (event.type === 'check.called') checks.get(event.data.check)?.calls.push(event)
    else if (event.type === 'check.revealed') {
      const check = checks.get(event.data.check)
      if (check !== undefined) check.plan ??= event.data.plan
    }
  }
  return [...checks.values()].map(replay)
}

interface Growing {
  readonly committed: Extract<LedgerEvent, { readonly type: 'check.committed' }>
  readonly calls: Extract<LedgerEvent, { readonly type: 'check.called' }>[]
  plan: string | null
}

function replay({ committed, calls, plan: text }: Growing): CheckReplay {
  const { check, class: classId, session, commitment } = committed.data
  const called = calls.map(({ index, time }) => ({ event: index, at: time.wall }))
  const named = { check, class: classId, session, called }
  if (text === null) return { ...named, state: 'pending', problems: [], moments: [] }
  const revealed = readPlan(text)
  if (planCommitment(text) !== commitment || revealed === null) {
    const problems = ['the plan that was revealed is not the one that was committed']
    return { ...named, state: 'broken', problems, moments: [] }
  }
  const moments = momentsOf(revealed)
  const problems: string[] = []
  if (committed.time.wall >= revealed.start) problems.push('it was committed after the session began')
  if (revealed.session !== session || revealed.class !== classId)
    problems.push('the plan is of another session')
  for (const [number, moment] of moments.entries()) {
    const call = calls.find((one) => one.data.number === number)
    if (call === undefined) problems.push(`moment ${number} was never called`)
    else if (call.time.wall < moment || call.time.wall > moment + revealed.windowMs) {
      problems.push(`moment ${number} was called at another time`)
    }
  }
  return { ...named, state: problems.length === 0 ? 'kept' : 'broken', problems, moments }
}
