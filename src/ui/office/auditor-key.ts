import { type Answered, answerTo, type Desk, type Field, type Given } from './act.ts'

/* Who may open the part of a bundle that nobody else reads: one auditor's public key, written, scanned or from a file. */

/** The questions about it, as far as the answers so far tell which. */
export function auditorFields({ texts: { ask, export: words } }: Desk, given: Given): readonly Field[] {
  const reads = { as: readAuditorKey, refusal: words.notAuditor }
  const ways: Field = {
    ...{ kind: 'choice', name: 'auditor', ask: ask.auditor },
    options: async () => [
      { value: 'none', shown: words.noAuditor, detail: words.noAuditorFor, icon: 'erase' },
      { value: 'key', shown: words.auditorKey, detail: words.auditorFor, icon: 'person' },
      { value: 'file', shown: words.auditorFile, detail: words.auditorFor, icon: 'archive' },
    ],
  }
  const way = answerTo(given, 'auditor')
  if (way === 'key') return [ways, { kind: 'text', name: 'auditorKey', ask: ask.auditorKey, reads }]
  if (way !== 'file') return [ways]
  return [
    ways,
    { ...{ kind: 'file', name: 'auditorFile', ask: ask.auditorFile }, accept: '', as: 'text', reads },
  ]
}

/** What `export.start` takes; null for a bundle without that part. */
export function sealOf(given: Given): { readonly auditors: string[] } | null {
  const way = answerTo(given, 'auditor')
  const key = answerTo(given, way === 'file' ? 'auditorFile' : 'auditorKey')
  return (way === 'key' || way === 'file') && key !== '' ? { auditors: [key] } : null
}

/**
 * The one public key in a text, shown in groups for comparing; null for none or for different ones. A key's file has
 * the secret half too, which goes no further than here. The station checks the key's own checksum.
 */
export function readAuditorKey(text: string): Answered | null {
  const [key, ...others] = new Set((text.match(PUBLIC_KEY) ?? []).map((found) => found.toLowerCase()))
  if (key === undefined || others.length > 0) return null
  return { value: key, shown: (key.match(/.{1,8}/g) ?? []).join(' ') }
}

/** Bech32 of 32 bytes (c2sp.org/age); a code may hold it in capitals, which makes the code smaller. */
const PUBLIC_KEY = /\b(?:age1[02-9ac-hj-np-z]{58}|AGE1[02-9AC-HJ-NP-Z]{58})\b/g
