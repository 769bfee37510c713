import type { LedgerEvent } from '../../ledger/event.ts'
import { keyHistoryOf } from '../../ledger/key-history.ts'
import { type ArchiveEntry, jsonBytes } from '../bundle-format.ts'
import type { BundleMatter } from './matter.ts'

/**
 * Entries that follow from the events and the pack alone. A station writes them and a verifier compares them byte by
 * byte: a document that was made kinder than the events is found.
 */
export function derivedEntries(matter: BundleMatter): readonly ArchiveEntry[] {
  const { events, hours, corrections, checks, anchors } = matter
  const newest = receiptsOf(events).at(-1)
  return [
    ...(newest === undefined
      ? []
      : [
          {
            path: 'receipt.note',
            kind: 'receipt',
            about: '最新回执 newest receipt, C2SP tlog-cosignature',
            bytes: textBytes(newest.note),
          },
        ]),
    { path: 'keys.txt', kind: 'keys', about: '公钥 public keys', bytes: textBytes(keysText(events)) },
    {
      path: 'receipts.json',
      kind: 'receipts',
      about: '全部回执 every receipt of a collector',
      bytes: jsonBytes({ receipts: receiptsOf(events) }),
    },
    {
      path: 'hours.json',
      kind: 'hours',
      about: '学时及理由 hours with their reasons',
      bytes: jsonBytes(hours),
    },
    {
      path: 'corrections.json',
      kind: 'corrections',
      about: '人工处理与不计记录 acts by hand and records that count nothing',
      bytes: jsonBytes(corrections),
    },
    {
      path: 'spot-checks.json',
      kind: 'checks',
      about: '抽查与督导 random checks, visits and draws',
      bytes: jsonBytes(checks),
    },
    {
      path: 'anchors.json',
      kind: 'anchors',
      about: '信任依据 what the ledger names as its trust anchors',
      bytes: jsonBytes(anchors),
    },
  ]
}

/** `station <vkey>` of the key that the ledger was born with, then `witness <vkey>` of each collector. */
function keysText(events: readonly LedgerEvent[]): string {
  const keys = keyHistoryOf(events)
  const witnesses = new Set(receiptsOf(events).map(({ witness }) => witness))
  const lines = [
    ...(keys.ok ? [`station ${keys.value.first.vkey}`] : []),
    ...[...witnesses].map((vkey) => `witness ${vkey}`),
  ]
  return `${lines.join('\n')}\n`
}

function receiptsOf(events: readonly LedgerEvent[]) {
  return events.flatMap((event) => (event.type === 'receipt' ? [{ leaf: event.index, ...event.data }] : []))
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
