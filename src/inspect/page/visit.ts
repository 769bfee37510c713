import type { LedgerEvent } from '../../ledger/event.ts'
import { type VisitTrust, type VisitVerification, verifyVisitFile } from '../verify-visit-file.ts'
import { parseVisitFile } from '../visit-file.ts'
import { visitSentences } from '../visit-file-words.ts'
import { MAX_PAGE_BUNDLE_BYTES } from './bundle.ts'
import { decodedEvents, firstEvents, line } from './elements.ts'
import { falsified, unreadable } from './negative.ts'
import type { Language, Texts } from './texts.ts'

/** What `shidao verify` says of a visit's file, in sentences, and its first events. Total. */
export function visitVerdict(
  name: string,
  bytes: Uint8Array,
  outside: VisitTrust,
  words: Texts,
  language: Language,
): HTMLElement[] {
  if (bytes.length > MAX_PAGE_BUNDLE_BYTES) return [line('bad', words.tooLarge), line('detail', name)]
  const verified = verifyVisitFile(bytes, outside)
  if (!verified.ok) return unreadable(name, verified.fault, words)
  const answer = verified.value
  const { problem } = answer
  if (problem !== null) return falsified(problem, words)
  const events = eventsOf(bytes)
  return [
    line('good', words.good),
    ...(answer.simulated ? [line('simulated', words.simulated)] : []),
    line('about', words.visit(answer.title, answer.class, answer.opened)),
    line('trust', words.trust[answer.trust]),
    line('tree', words.tree(answer.origin, answer.size)),
    line('outcome', outcomeWords(answer, words)),
    ...visitSentences(answer, language).map((sentence) => line('sentence', sentence)),
    ...firstEvents(events, words, language),
  ]
}

function outcomeWords({ outcome, headcount }: VisitVerification, words: Texts): string {
  const { seen, notSeen, cannotVerify, left } = outcome ?? EMPTY
  const counts = [seen, notSeen, cannotVerify, left].map(({ length }) => length)
  return words.visitOutcome(counts as [number, number, number, number], headcount)
}

const EMPTY: NonNullable<VisitVerification['outcome']> = { seen: [], notSeen: [], cannotVerify: [], left: [] }

/** Of a file that was verified already. */
function eventsOf(bytes: Uint8Array): LedgerEvent[] {
  const file = parseVisitFile(bytes)
  return decodedEvents(file.ok ? file.value.bodies : [])
}
