import { bundlePolicy } from '../export/bundle-policy.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { GmExamination } from '../ledger/gm-examination.ts'
import { SIGNATURE_TYPE } from '../ledger/signature-type.ts'
import type { LogProblem } from '../ledger/verification.ts'
import { type BundleProblem, problem } from './problem.ts'
import type { OutsideKeys } from './verify-bundle.ts'

/**
 * Checks what stands in a bundle beside the first tree: `checkpoint-gm.note`, the second tree's checkpoint over the same
 * records, by the keys that these name and the policy from outside; and `policy.txt`, which is what the records say.
 * Null where both are true, or not there.
 */
export function besideProblem(
  files: { readonly gm: string | null; readonly policy: string | null },
  events: readonly LedgerEvent[],
  bodies: readonly Uint8Array[],
  { policy }: OutsideKeys,
): BundleProblem | null {
  if (files.policy !== null && files.policy !== bundlePolicy(events)) {
    return problem('manifest', null, 'policy.txt names other keys than the records')
  }
  if (files.gm === null) return null
  const known = policy?.logs.filter(({ type }) => type === SIGNATURE_TYPE.sm2) ?? []
  const second = new GmExamination([files.gm], [], known, { isExcerpt: true })
  for (const [index, event] of events.entries()) second.visit(event, bodies[index]!)
  const found = second.problem(events.length)
  if (found !== null) return asBundleProblem(found)
  const size = Number(files.gm.split('\n')[1])
  return size === events.length
    ? null
    : problem('altered', null, 'checkpoint-gm.note is over fewer records than the bundle has')
}

function asBundleProblem({ code, index, detail }: LogProblem): BundleProblem {
  const said = `checkpoint-gm.note: ${detail}`
  return problem(code === 'wrong-key' ? 'wrong-key' : 'altered', index, said)
}
