import { classHours } from '../../src/attendance/class-hours.ts'
import { unwrap } from '../../src/common/result.ts'
import { besideEntries } from '../../src/export/bundle/beside.ts'
import { bundleMatter } from '../../src/export/bundle/matter.ts'
import type { BundleContent } from '../../src/export/bundle.ts'
import type { ArchiveEntry } from '../../src/export/bundle-format.ts'
import { policyOf } from './vector-file.ts'
import { ANNA, BORIS, CLASS, ORIGIN, type VectorLedger } from './vector-ledger.ts'

/** What the bundle of a vector ledger is made from; without what stands beside the first tree. */
export function bundleContent(ledger: VectorLedger): BundleContent {
  const { pack } = unwrap(classHours(ledger.recorded, CLASS))
  const events = ledger.recorded.map(({ event }) => event)
  const tree = { origin: ORIGIN, size: ledger.size, root: Buffer.from(ledger.tree.root()).toString('hex') }
  return {
    matter: unwrap(bundleMatter(events, CLASS, pack, tree)),
    bodies: ledger.recorded.map(({ body }) => body),
    checkpoint: ledger.checkpoint(),
    names: [
      { person: ANNA, name: '安娜', number: '110101199003070011' },
      { person: BORIS, name: '鲍里斯', number: '110101199003070038' },
    ],
    ...{ claims: null, otherPacks: [], more: [] },
    signer: ledger.signers.at(-1)!.signer,
  }
}

/** The second tree's checkpoint and the policy, as the ledger has them but for what is given. */
export function besideOf(
  ledger: VectorLedger,
  change: { readonly gm?: string; readonly policy?: string } = {},
): ArchiveEntry[] {
  return besideEntries(change.gm ?? ledger.gmCheckpoint(), change.policy ?? policyOf(ledger))
}
