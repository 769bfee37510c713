import type { Result } from '../common/result.ts'
import { ok } from '../common/result.ts'
import type { LogProblem, LogVerification, ProblemCode } from '../ledger/verification.ts'
import type { BundleProblem } from './problem.ts'
import { readBundle } from './read-bundle.ts'
import { type OutsideKeys, verifyBundle } from './verify-bundle.ts'

/** The log inside a bundle, answered like a ledger's: `log verify` takes either. Faults: `PROOF_…`. */
export function verifyBundleLog(bytes: Uint8Array, outside: OutsideKeys): Result<LogVerification> {
  const verified = verifyBundle(bytes, outside)
  if (!verified.ok) return verified
  const { size, root, trust, witnessed, problem } = verified.value
  return ok({
    ok: verified.value.ok,
    size,
    root,
    suite: problem === null && hasSecondTree(bytes) ? 'gm' : 'std',
    trust,
    problem: problem === null ? null : asLogProblem(problem),
    bounds: {
      receipts: witnessed === null ? 0 : 1,
      covered: witnessed?.size ?? 0,
      earliest: witnessed?.time ?? null,
      latest: witnessed?.time ?? null,
      contradicted: 0,
      event: null,
    },
    deleted: 0,
  })
}

/** Of a bundle that was verified: then its second tree was, too. */
function hasSecondTree(bytes: Uint8Array): boolean {
  const bundle = readBundle(bytes)
  return bundle.ok && bundle.value.files.has('checkpoint-gm.note')
}

/** A bundle can also be wrong in what stands beside its log; for the log's reader that is an alteration. */
function asLogProblem({ code, index, detail }: BundleProblem): LogProblem {
  const same: readonly string[] = [
    'altered',
    'removed',
    'inserted',
    'wrong-key',
    'forked',
  ] satisfies ProblemCode[]
  return { code: same.includes(code) ? (code as ProblemCode) : 'altered', index, detail }
}
