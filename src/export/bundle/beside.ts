import type { ArchiveEntry } from '../bundle-format.ts'

/**
 * What a bundle holds beside the first tree: the second tree's checkpoint over the same records (null without one), and
 * the keys that the records name as a C2SP tlog-policy, see bundle-policy.ts.
 */
export function besideEntries(gm: string | null, policy: string): ArchiveEntry[] {
  const text = new TextEncoder()
  const second = {
    path: 'checkpoint-gm.note',
    kind: 'checkpoint-gm',
    about: '国密检查点 checkpoint of the second tree, SM2 over SM3',
  }
  const named = {
    path: 'policy.txt',
    kind: 'policy',
    about: '密钥策略 keys that the records name, C2SP tlog-policy',
  }
  return [
    ...(gm === null ? [] : [{ ...second, bytes: text.encode(gm) }]),
    { ...named, bytes: text.encode(policy) },
  ]
}
