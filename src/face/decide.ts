import type { CosineSimilarity, QualityIssue, Thresholds } from './recogniser.ts'

/** What one frame gave. A score is null where an issue kept the face from being compared. */
export interface FrameEvidence {
  readonly score: CosineSimilarity | null
  readonly issue: QualityIssue | null
}

export interface DecisionPolicy {
  /** Scores of one person's frames in one visit scatter by about this much around their mean. */
  readonly frameSpread: number
  /** From this many compared frames on the mean counts as it is, without a margin for scatter. */
  readonly enoughFrames: number
  /** Nobody is turned away on fewer: one frame in motion may look like somebody else. */
  readonly framesToRefuse: number
}

export const DECISION_POLICY: DecisionPolicy = { frameSpread: 0.06, enoughFrames: 5, framesToRefuse: 3 }

export interface Decision {
  /** `more`: the next frame is needed; never the answer when `ended`. */
  readonly verdict: 'verified' | 'doubtful' | 'refused' | 'more'
  /** Mean over the compared frames up to the decision; null when none could be compared. */
  readonly score: CosineSimilarity | null
  /** Frames that were looked at until the decision fell, and those of them that were compared. */
  readonly frames: number
  readonly compared: number
  /** Without any compared frame: the issue met most often, to tell the person. */
  readonly issue: QualityIssue | null
}

/**
 * Fuses the frames of one visit in their order and stops at the first that makes it certain enough: the mean score
 * must clear a threshold by `frameSpread / √n`, and from `enoughFrames` on by nothing.
 *
 * The mean, and not the best frame: an impostor who may try twenty times would have twenty chances with the maximum.
 * Pure and exact: the same evidence gives the same decision for ever. To repeat a recorded one, pass all its frames
 * with `ended: true`; frames after the deciding one change nothing.
 * `ended`: no more frames will come, so what is between the thresholds is `doubtful` and nothing compared is `refused`.
 */
export function decide(
  evidence: readonly FrameEvidence[],
  { accept, reject }: Pick<Thresholds, 'accept' | 'reject'>,
  ended: boolean,
  policy: DecisionPolicy = DECISION_POLICY,
): Decision {
  let sum = 0
  let compared = 0
  for (const [i, { score }] of evidence.entries()) {
    if (score === null) continue
    sum += score
    compared++
    const mean = sum / compared
    const margin = compared >= policy.enoughFrames ? 0 : policy.frameSpread / Math.sqrt(compared)
    const decided = (verdict: Decision['verdict']): Decision => ({
      verdict,
      score: mean,
      frames: i + 1,
      compared,
      issue: null,
    })
    if (mean - margin >= accept) return decided('verified')
    if (mean + margin < reject && compared >= policy.framesToRefuse) return decided('refused')
    if (compared >= policy.enoughFrames) return decided('doubtful')
  }
  const rest = { frames: evidence.length, compared, issue: compared === 0 ? commonestIssue(evidence) : null }
  if (compared === 0) return { verdict: ended ? 'refused' : 'more', score: null, ...rest }
  const mean = sum / compared
  if (!ended) return { verdict: 'more', score: mean, ...rest }
  // Time is up before it was certain: that is enough to refuse, but not to verify.
  return { verdict: mean < reject ? 'refused' : 'doubtful', score: mean, ...rest }
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
