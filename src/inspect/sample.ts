import { z } from 'zod'
import { Fault, type FaultCode } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { sameJson } from '../common/same-json.ts'
import { fromHex, toHex } from '../ledger/bytes.ts'
import { sha256 } from '../ledger/sha256.ts'
import { drawOrder, randomWords } from './draw-order.ts'
import type { SampledInspector, SampledInstitution, SampleLists } from './sample-lists.ts'
import { type Pairing, pairInspectors } from './sample-pairing.ts'

/*
 * 双随机: which institutions are inspected and by whom, drawn by commit and reveal so that nobody chooses alone and
 * anybody draws again (docs/formats.md, "Sample"). Needs no station.
 */

const digits = (count: number) => z.string().regex(new RegExp(`^[0-9a-f]{${count}}$`))
const samplePlan = z.strictObject({
  format: z.literal('shidao-sample-plan/v1'),
  count: z.int().min(1).max(2000),
  perInspector: z.int().min(1).max(2000),
  institutions: digits(64),
  inspectors: digits(64),
  seed: digits(64),
})

/** What is committed to: a text that is never serialised again, and the lists that it names by their digests. */
export interface CommittedSample extends SampleLists {
  readonly plan: string
}

/** A sample as its file holds it. */
export interface Sample extends CommittedSample {
  readonly commitment: string
  /** Hex, 128 to 512 bits. */
  readonly nonce: string
  /** Who threw the nonce named the commitment with it. Without that nothing shows which came first. */
  readonly commitmentSeen: boolean
  readonly sample: readonly Pairing[]
}

/**
 * Commits to lists, numbers and a seed (32 fresh random bytes in hex). Faults: `INSPECT_SAMPLE_COUNT` (more institutions
 * than the list has).
 */
export function commitSample(
  lists: SampleLists,
  given: { readonly count: number; readonly perInspector: number; readonly seed: string },
): Result<CommittedSample> {
  const { count, perInspector, seed } = given
  const has = lists.institutions.length
  if (count > has)
    return fault('INSPECT_SAMPLE_COUNT', `${count} institutions cannot be drawn: the list has ${has}`)
  const plan: z.infer<typeof samplePlan> = {
    ...{ format: 'shidao-sample-plan/v1', count, perInspector },
    ...{
      institutions: institutionsDigest(lists.institutions),
      inspectors: inspectorsDigest(lists.inspectors),
      seed,
    },
  }
  return ok({ plan: JSON.stringify(plan), ...lists })
}

/** SHA-256 of the plan's UTF-8 text, hex: to be published before anybody throws a nonce. */
export function sampleCommitment({ plan }: Pick<CommittedSample, 'plan'>): string {
  return toHex(sha256(new TextEncoder().encode(plan)))
}

/**
 * Draws. `seen` is the commitment that was named with the nonce, null for none. Faults: `INSPECT_NONCE`,
 * `INSPECT_COMMITMENT_MISMATCH` (the lists or the plan aren't those of the commitment), `INSPECT_SAMPLE_PAIRING`.
 */
export function drawSample(committed: CommittedSample, nonce: string, seen: string | null): Result<Sample> {
  if (!/^([0-9a-f]{2}){16,64}$/.test(nonce))
    return fault('INSPECT_NONCE', 'a nonce is 16 to 64 random bytes in lower-case hex')
  const commitment = sampleCommitment(committed)
  if (seen !== null && seen !== commitment)
    return fault('INSPECT_COMMITMENT_MISMATCH', 'the plan is not the one that was committed to')
  const plan = planOf(committed.plan)
  const { institutions, inspectors } = committed
  const isOwn =
    plan?.institutions === institutionsDigest(institutions) &&
    plan.inspectors === inspectorsDigest(inspectors)
  if (plan === null || !isOwn || plan.count > institutions.length)
    return fault('INSPECT_COMMITMENT_MISMATCH', 'the lists are not those that the plan was made for')
  const random = { seed: fromHex(plan.seed)!, nonce: fromHex(nonce)! }
  const candidates = institutions.map(({ id, weight }) => ({ person: id, weight }))
  const drawn = drawOrder(candidates, plan.count, random, 'shidao-sample-institutions/v1')
  const rules = { visits: plan.perInspector, may: allowedIn(committed) }
  const ids = inspectors.map(({ id }) => id)
  const sample = pairInspectors(drawn, ids, rules, randomWords('shidao-sample-inspectors/v1', random))
  if (!sample.ok) return sample
  const { plan: text } = committed
  return ok({
    plan: text,
    institutions,
    inspectors,
    commitment,
    nonce,
    commitmentSeen: seen !== null,
    sample: sample.value,
  })
}

/**
 * Draws a sample again from its file. `known` is the commitment as it was published, null where it isn't known. Faults:
 * those of `drawSample`, and `INSPECT_SAMPLE_FALSE` where the lists and the nonce give another sample.
 */
export function replaySample(sample: Sample, known: string | null): Result<Sample> {
  const again = drawSample(sample, sample.nonce, known ?? sample.commitment)
  if (!again.ok) return again
  if (sameJson(again.value.sample, sample.sample)) return ok(sample)
  return fault('INSPECT_SAMPLE_FALSE', 'the plan and the nonce give another sample than the file says')
}

/** Nobody inspects where they have a conflict of interest, or outside of their areas; no area is everywhere. */
function allowedIn({ institutions, inspectors }: SampleLists) {
  const byId = new Map(inspectors.map((one) => [one.id, one]))
  const areaOf = new Map(institutions.map(({ id, area }) => [id, area]))
  return (inspector: string, institution: string): boolean => {
    const { areas, conflicts } = byId.get(inspector)!
    const area = areaOf.get(institution) ?? ''
    return !conflicts.includes(institution) && (areas.length === 0 || area === '' || areas.includes(area))
  }
}

function institutionsDigest(institutions: readonly SampledInstitution[]): string {
  return digestOf(institutions.map(({ id, name, weight, area }) => [id, name, String(weight), area]))
}

function inspectorsDigest(inspectors: readonly SampledInspector[]): string {
  return digestOf(
    inspectors.map(({ id, name, areas, conflicts }) => [id, name, areas.join(';'), conflicts.join(';')]),
  )
}

function digestOf(rows: readonly (readonly string[])[]): string {
  return toHex(sha256(new TextEncoder().encode(rows.map((row) => `${row.join('\t')}\n`).join(''))))
}

function planOf(text: string): z.infer<typeof samplePlan> | null {
  try {
    const parsed = samplePlan.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function fault(code: FaultCode, why: string) {
  return failed(new Fault(code, why))
}
