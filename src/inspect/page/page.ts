import type { Result } from '../../common/result.ts'
import { looksLikeCertificate } from '../../export/certificate-note.ts'
import { looksLikeEventProof, MAX_EVENT_PROOF_BYTES } from '../../ledger/event-proof.ts'
import { parseVkey, type VerifierKey } from '../../ledger/note.ts'
import { type EventProofVerification, type ProofTrust, verifyEventProof } from '../verify-event-proof.ts'
import { verifyTlogProof } from '../verify-tlog-proof.ts'
import type { VisitTrust } from '../verify-visit-file.ts'
import { looksLikeVisitFile } from '../visit-file.ts'
import { bundleVerdict, looksLikeZip, MAX_PAGE_BUNDLE_BYTES } from './bundle.ts'
import { certificateVerdict } from './certificate.ts'
import { eventTable, line } from './elements.ts'
import { falsified, unreadable } from './negative.ts'
import { type Language, type Texts, texts } from './texts.ts'
import { visitVerdict } from './visit.ts'

/*
 * The verifier page: the same verification as `shidao verify`, in one HTML file that runs from a disk without a
 * network. Everything from a file is written as text, never as HTML.
 */

let language: Language = navigator.language.startsWith('zh') ? 'zh' : 'en'
let opened: { readonly name: string; readonly bytes: Uint8Array } | null = null

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const keyField = find<HTMLInputElement>('key')
const witnessField = find<HTMLInputElement>('witness')
const authorityField = find<HTMLInputElement>('authority')
const fileField = find<HTMLInputElement>('file')

const pasteField = find<HTMLTextAreaElement>('pasted')

for (const field of [keyField, witnessField, authorityField]) field.addEventListener('input', show)
find('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh'
  show()
})
fileField.addEventListener('change', () => open(fileField.files?.[0]))
pasteField.addEventListener('input', () => {
  opened = { name: '', bytes: new TextEncoder().encode(pasteField.value) }
  show()
})
document.addEventListener('dragover', (event) => event.preventDefault())
document.addEventListener('drop', (event) => {
  event.preventDefault()
  open(event.dataTransfer?.files[0])
})
show()

async function open(file: File | undefined): Promise<void> {
  if (file === undefined) return
  const start = new Uint8Array(await file.slice(0, 64).arrayBuffer())
  const most =
    looksLikeZip(start) || looksLikeVisitFile(start) ? MAX_PAGE_BUNDLE_BYTES : MAX_EVENT_PROOF_BYTES
  // Of a file that is far too large, no more is read than shows that.
  const bytes = new Uint8Array(await file.slice(0, most + 1).arrayBuffer())
  opened = { name: file.name, bytes }
  show()
}

function show(): void {
  const words = texts[language]
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = words.title
  for (const id of [
    'title',
    'drop',
    'choose',
    'paste',
    'offline',
    'keyLabel',
    'witnessLabel',
    'authorityLabel',
  ] as const) {
    find(id).textContent = words[id]
  }
  find('language').textContent = language === 'zh' ? 'English' : '中文'
  find('answer').replaceChildren(...(opened === null ? [] : answer(opened, words)))
}

function answer({ name, bytes }: NonNullable<typeof opened>, words: Texts): HTMLElement[] {
  const trust = outsideKeys()
  if (trust === null) return [line('bad', words.badKey)]
  if (looksLikeCertificate(bytes)) return certificateVerdict(bytes, trust, words)
  if (looksLikeZip(bytes)) return bundleVerdict(name, bytes, trust, words, language)
  if (looksLikeVisitFile(bytes)) return visitVerdict(name, bytes, trust, words, language)
  const verified = verify(bytes, trust)
  if (!verified.ok) return unreadable(name, verified.fault, words)
  return verdict(verified.value, words)
}

/** The keys that were typed in; null if one of them isn't a key. */
function outsideKeys(): VisitTrust | null {
  const typed = [keyField, witnessField, authorityField].map(({ value }) => typedKey(value.trim()))
  const [key, witness, authority] = typed
  if (key === null || witness === null || authority === null) return null
  return {
    ...(key === undefined ? {} : { key }),
    ...(witness === undefined ? {} : { witness }),
    ...(authority === undefined ? {} : { authority }),
  }
}

function typedKey(text: string): VerifierKey | null | undefined {
  const key = text === '' ? undefined : parseVkey(text)
  return key === undefined ? undefined : key.ok ? key.value : null
}

function verify(bytes: Uint8Array, trust: ProofTrust): Result<EventProofVerification> {
  return looksLikeEventProof(bytes) ? verifyEventProof(bytes, trust) : verifyTlogProof(bytes, trust)
}

function verdict(answer: EventProofVerification, words: Texts): HTMLElement[] {
  const { problem } = answer
  if (problem !== null) return falsified(problem, words)
  const person = answer.about.kind === 'event' ? '' : ` ${answer.about.person}`
  return [
    line('good', words.good),
    ...(answer.simulated ? [line('simulated', words.simulated)] : []),
    line('about', `${words.about[answer.about.kind]}${person}`),
    line('trust', words.trust[answer.trust]),
    line('tree', words.tree(answer.origin, answer.size)),
    line('bounds', words.bounds(answer.bounds.after, answer.bounds.before)),
    line('limit', words.limit),
    eventTable(answer.events, words, language),
  ]
}
