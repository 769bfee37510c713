import type { ClaimedFacts } from '../../station/protocol.ts'
import type { FlagName } from '../i18n/visit/texts.ts'

/** One claim that needs a look; `bad` ones come first and are drawn red, the others amber. */
export interface Flag {
  readonly name: FlagName
  readonly count: number
  readonly tone: 'bad' | 'warning'
}

/** What of the claims an inspector should see in ten seconds; what is as it should be is left out. */
export function flagsOf(facts: ClaimedFacts): Flag[] {
  const counts: readonly (readonly [FlagName, number, Flag['tone']])[] = [
    ['noFiling', facts.filing === null ? 1 : 0, 'bad'],
    ['noReceipt', facts.receipt === null ? 1 : 0, 'bad'],
    ['jumps', facts.clockJumps, 'bad'],
    ['cameras', facts.cameraChanges, 'bad'],
    ['readers', facts.readerChanges, 'bad'],
    ['untrusted', facts.untrustedTimes, 'bad'],
    ['overdue', facts.findings.overdue, 'bad'],
    ['simulated', facts.simulated ? 1 : 0, 'bad'],
    // What is overdue is unanswered too: one of the two is enough for ten seconds.
    ['findings', facts.findings.overdue > 0 ? 0 : facts.findings.open, 'warning'],
    ['doubts', facts.openDoubts, 'warning'],
    ['manual', facts.manualActs, 'warning'],
    ['onSite', facts.enrolledOnSite, 'warning'],
    ['behind', facts.receipt?.behind ?? 0, 'warning'],
  ]
  return counts.filter(([, count]) => count > 0).map(([name, count, tone]) => ({ name, count, tone }))
}

/** `+2`, `-3` or `0`: how a count of heads differs from those who should be here. */
export function signed(difference: number): string {
  return difference > 0 ? `+${difference}` : String(difference)
}
