import type { LedgerEvent } from '../ledger/event.ts'
import { parseVkey } from '../ledger/note.ts'
import { SIGNATURE_TYPE } from '../ledger/signature-type.ts'

/**
 * `policy.txt` of a bundle: a C2SP tlog-policy of the keys that its own records name, the station's (of both trees, in
 * the order in which they came) and those of the collectors that it was enrolled with, any one of which is a quorum.
 * What a reader starts from who has nothing yet; it is the station's word, and no more than that.
 */
export function bundlePolicy(events: Iterable<LedgerEvent>): string {
  const logs = new Set<string>()
  const witnesses = new Set<string>()
  for (const { type, data } of events) {
    if (type === 'station.key' || type === 'station.rekeyed') logs.add(data.vkey)
    if (type === 'station.suite' && data.vkey !== null) logs.add(data.vkey)
    if (type === 'station.enrolled' && isWitness(data.collector)) witnesses.add(data.collector)
  }
  const names = [...witnesses].map((_, i) => `w${i + 1}`)
  const [group, quorum] =
    names.length > 1 ? [[`group enrolled any ${names.join(' ')}`], 'enrolled'] : [[], names[0] ?? 'none']
  const lines = [
    ...[...logs].map((vkey) => `log ${vkey}`),
    ...[...witnesses].map((vkey, i) => `witness w${i + 1} ${vkey}`),
    ...group,
    `quorum ${quorum}`,
  ]
  return `${lines.join('\n')}\n`
}

function isWitness(vkey: string): boolean {
  const key = parseVkey(vkey)
  return key.ok && key.value.type === SIGNATURE_TYPE.cosignature
}
