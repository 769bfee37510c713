import { splitEvents } from '../../export/bundle-format.ts'
import type { LedgerEvent, SignedAct } from '../../ledger/event.ts'
import { keyFingerprint } from '../../ledger/fingerprint.ts'
import { keyHistoryOf } from '../../ledger/key-history.ts'
import { readBundle } from '../read-bundle.ts'
import { type BundleVerification, type OutsideKeys, verifyBundle } from '../verify-bundle.ts'
import { decodedEvents, firstEvents, line, table } from './elements.ts'
import { falsified, unreadable } from './negative.ts'
import type { Language, Texts } from './texts.ts'

/** Largest bundle that a page opens, bytes: about 50,000 events, seconds of work. `shidao verify` takes larger ones. */
export const MAX_PAGE_BUNDLE_BYTES = 64 * 1024 * 1024

/** PKZIP's local file header. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
}

/** What `shidao verify` says of a bundle, who signed it, and its first events. Total. */
export function bundleVerdict(
  name: string,
  bytes: Uint8Array,
  outside: OutsideKeys,
  words: Texts,
  language: Language,
): HTMLElement[] {
  if (bytes.length > MAX_PAGE_BUNDLE_BYTES) return [line('bad', words.tooLarge), line('detail', name)]
  const verified = verifyBundle(bytes, outside)
  if (!verified.ok) return unreadable(name, verified.fault, words)
  const answer = verified.value
  const { problem } = answer
  if (problem !== null) return falsified(problem, words)
  const events = eventsOf(bytes)
  return [
    line('good', words.good),
    ...(answer.simulated ? [line('simulated', words.simulated)] : []),
    line('about', words.bundle(answer.class)),
    line('trust', words.trust[answer.trust]),
    line('tree', words.tree(events[0]?.origin ?? '', answer.size)),
    line('witnessed', words.witnessed(answer.witnessed?.size ?? 0, answer.witnessed?.time ?? null)),
    line('limit', words.bundleLimit),
    table(words.signerColumns, signers(events, answer, words)),
    ...firstEvents(events, words, language),
  ]
}

/** The station's keys, whoever is named by receipts, and the people whose acts were checked, with how often each. */
function signers(
  events: readonly LedgerEvent[],
  { witnessed }: BundleVerification,
  words: Texts,
): readonly (readonly string[])[] {
  const keys = keyHistoryOf(events)
  const receipts = new Map<string, number>()
  const acts = new Map<string, number>()
  for (const event of events) {
    if (event.type === 'receipt') count(receipts, event.data.witness)
    for (const { actor } of actOf(event)?.signatures ?? []) count(acts, actor)
  }
  const stations = keys.ok ? keys.value.keys : []
  const seen = witnessed === null ? words.receiptsUnchecked : words.receiptsChecked
  return [
    ...stations.map(({ vkey }) => [words.signers.station, keyFingerprint(vkey), vkey]),
    ...[...receipts].map(([witness, times]) => [words.signers.witness, `${times} × ${seen}`, witness]),
    ...[...acts].map(([actor, times]) => [words.signers.person, `${times} ×`, actor]),
  ]
}

function actOf({ data }: LedgerEvent): SignedAct | null {
  return 'act' in data ? (data.act ?? null) : null
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** Of a bundle that was verified already. */
function eventsOf(bytes: Uint8Array): LedgerEvent[] {
  const bundle = readBundle(bytes)
  const bodies = bundle.ok ? splitEvents(bundle.value.files.get('events.ndjson') ?? new Uint8Array()) : null
  return decodedEvents(bodies ?? [])
}
