import type { CosineSimilarity, DecisionPolicy, QualityIssue, Thresholds } from './recogniser.ts'

/** What one frame gave. A score is null where an issue kept the face from being compared. */
export interface FrameEvidence {
  readonly score: CosineSimilarity | null
  readonly issue: QualityIssue | null
}

/** Nobody passes on one frame: one may be lucky. */
const LEAST_TO_VERIFY = 2
/** Nobody is turned away on fewer: one frame in motion may look like somebody else. */
const LEAST_TO_REFUSE = 3
/** A visit is decided after this many compared frames, 0.4 s at 15 frames a second. */
export const MOST_COMPARED = 6
/** Share of the false match rate that the looks before the last one may spend together. */
const EARLY_SHARE = 0.2
/** One-sided normal quantile of the bound below which somebody is turned away early (2.3 %). */
const REFUSAL_DEVIATIONS = 2

/**
 * How sure an engine's scores are, from its calibration. Where that has none, the default recogniser's two figures in
 * proportion to the gap between the engine's thresholds: docs/face-decision.md says what was measured.
 */
export function decisionPolicy({ accept, reject, policy }: DecisionThresholds): DecisionPolicy {
  if (policy !== undefined) return policy
  return { impostorTail: 5 / (accept - reject), visitSpread: 0.4 * (accept - reject) }
}

export type DecisionThresholds = Pick<Thresholds, 'accept' | 'reject' | 'policy'>

export interface Decision {
  /** `more`: the next frame is needed; never the answer when `ended`. */
  readonly verdict: 'verified' | 'doubtful' | 'refused' | 'more'
  /** Fused score of the compared frames up to the decision; null when none could be compared. */
  readonly score: CosineSimilarity | null
  /** Frames that were looked at until the decision fell, and those of them that were compared. */
  readonly frames: number
  readonly compared: number
  /** Without any compared frame: the issue met most often, to tell the person. */
  readonly issue: QualityIssue | null
}

/**
 * Fuses the frames of one visit and stops at the first that makes it certain enough: a group-sequential test.
 *
 * - Fused score: the mean, the best frame counting as the second best. One lucky frame can't verify anybody.
 * - `verified` at look n when the fused score is above `accept` by the look's margin, ln(1 / share) / impostorTail.
 *   Each look may spend a share of `accept`'s false match rate and all shares sum to 1 (Lan & DeMets 1983), so the
 *   visit's rate stays below the one frame's however the frames of a visit hang together. Most is left for the last.
 * - `refused` when the mean is below `reject` by two standard errors, at the last look by anything.
 * - `doubtful` for the rest. Time that is up (`ended`) is enough to refuse, never to verify: who may choose when to
 *   walk away would choose a lucky moment.
 *
 * Pure and exact: the same evidence gives the same decision for ever, and frames after the deciding one change nothing.
 * Order matters only by what lies before the stop. A score that is not between −1 and 1 (NaN, infinite) is no evidence.
 */
export function decide(
  evidence: readonly FrameEvidence[],
  thresholds: DecisionThresholds,
  ended: boolean,
): Decision {
  const { accept, reject } = thresholds
  const policy = decisionPolicy(thresholds)
  const scores: number[] = []
  for (const [i, { score }] of evidence.entries()) {
    if (!isScore(score)) continue
    scores.push(score)
    const n = scores.length
    const { mean, fused } = fuse(scores)
    const decided = (verdict: Decision['verdict']): Decision => ({
      verdict,
      score: fused,
      frames: i + 1,
      compared: n,
      issue: null,
    })
    if (n >= LEAST_TO_VERIFY && fused >= accept + margin(n, policy)) return decided('verified')
    const doubt = n < MOST_COMPARED ? (REFUSAL_DEVIATIONS * policy.visitSpread) / Math.sqrt(n) : 0
    if (n >= LEAST_TO_REFUSE && mean + doubt < reject) return decided('refused')
    if (n === MOST_COMPARED) return decided('doubtful')
  }
  const compared = scores.length
  const rest = { frames: evidence.length, compared, issue: compared === 0 ? commonestIssue(evidence) : null }
  if (compared === 0) return { verdict: ended ? 'refused' : 'more', score: null, ...rest }
  const { mean, fused } = fuse(scores)
  if (!ended) return { verdict: 'more', score: fused, ...rest }
  return { verdict: mean < reject ? 'refused' : 'doubtful', score: fused, ...rest }
}

/** What a whole look says, when its last frame has come. */
export interface LookVerdict {
  readonly verdict: 'verified' | 'doubtful' | 'refused' | 'nobody'
  readonly score: CosineSimilarity | null
}

/**
 * The last word on a look. A face that never passed a gate (a mask, a veil, the dark) is somebody: `doubtful`, so that
 * staff decide and nobody is turned away for it. `nobody`: no frame showed a face.
 */
export function conclude(evidence: readonly FrameEvidence[], thresholds: DecisionThresholds): LookVerdict {
  const { verdict, score } = decide(evidence, thresholds, true)
  if (score !== null && verdict !== 'more') return { verdict, score }
  const anybody = evidence.some(({ issue }) => issue !== null && issue !== 'no-face')
  return { verdict: anybody ? 'doubtful' : 'nobody', score: null }
}

/** How far above `accept` the fused score of n frames must be. */
function margin(n: number, { impostorTail }: DecisionPolicy): number {
  const share = n < MOST_COMPARED ? EARLY_SHARE / (MOST_COMPARED - LEAST_TO_VERIFY) : 1 - EARLY_SHARE
  return Math.log(1 / share) / impostorTail
}

function fuse(scores: readonly number[]): { mean: number; fused: number } {
  // Sorted, so that not even the last bit depends on the order of arrival.
  const sorted = scores.toSorted((a, b) => a - b)
  const best = sorted.at(-1)!
  let others = 0
  for (let i = 0; i < sorted.length - 1; i++) others += sorted[i]!
  const n = sorted.length
  return { mean: (others + best) / n, fused: (others + (sorted.at(-2) ?? best)) / n }
}

function isScore(score: number | null): score is number {
  return score !== null && score >= -1 && score <= 1
}

function commonestIssue(evidence: readonly FrameEvidence[]): QualityIssue | null {
  const counts = new Map<QualityIssue, number>()
  for (const { issue } of evidence) if (issue !== null) counts.set(issue, (counts.get(issue) ?? 0) + 1)
  let commonest: QualityIssue | null = null
  for (const [issue, count] of counts) {
    if (commonest === null || count > (counts.get(commonest) ?? 0)) commonest = issue
  }
  return commonest
}
