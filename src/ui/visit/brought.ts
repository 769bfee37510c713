import type { BroughtName } from '../i18n/visit/texts.ts'

/** A key's file as it is on the inspector's stick: sealed under their PIN. */
export interface BroughtKey {
  readonly publicKey: string
  readonly file: string
}

/** What somebody brought on a stick, told by its content: names of files mean nothing. */
export type Brought = { readonly name: string } & (
  | { readonly kind: 'key'; readonly key: BroughtKey }
  | { readonly kind: Exclude<BroughtName, 'key'>; readonly text: string }
)

/** Recognises one file's text. Total: what isn't known is `other`. Whether it is genuine is the station's to say. */
export function recognise(name: string, text: string): Brought {
  const publicKey = publicKeyOf(text)
  if (publicKey !== null) return { name, kind: 'key', key: { publicKey, file: text } }
  if (text.length > MOST_CHARACTERS) return { name, kind: 'other', text: '' }
  if (text.startsWith(LIST_HEADER)) return { name, kind: 'list', text }
  if (isKeyLine(text.trim())) return { name, kind: 'authority', text: text.trim() }
  if (CHECKPOINT.test(text) || holdsCheckpoint(text)) return { name, kind: 'checkpoint', text }
  return { name, kind: 'other', text: '' }
}

/** `name+hash+base64` of C2SP signed notes, in one line. */
export function isKeyLine(text: string): boolean {
  return /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/.test(text) && text.length <= MOST_KEY_CHARACTERS
}

/** Reads files that were chosen together. A file that cannot be read is `other`. */
export function readBrought(files: readonly File[]): Promise<Brought[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = file.size > MOST_CHARACTERS ? '' : await file.text().catch(() => '')
      return recognise(file.name, text)
    }),
  )
}

function publicKeyOf(text: string): string | null {
  if (text.length > MOST_KEY_FILE_CHARACTERS) return null
  const read = objectOf(text)
  const isKey = read?.format === 'shidao-inspector-key/v1' && typeof read.publicKey === 'string'
  return isKey && /^[0-9a-f]{64}$/.test(String(read.publicKey)) ? String(read.publicKey) : null
}

/** The file that an earlier visit left holds its checkpoint. */
function holdsCheckpoint(text: string): boolean {
  return typeof objectOf(text)?.checkpoint === 'string' || /\\n— /.test(text)
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const LIST_HEADER = 'shidao-inspectors/v1\n'
/** Origin, tree size, root; the signatures follow after an empty line (C2SP tlog-checkpoint). */
const CHECKPOINT = /(^|\n)[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n[\s\S]*\n— /
/** Of the protocol: `visit.admit`, and the key's proof. */
const MOST_CHARACTERS = 1_000_000
const MOST_KEY_CHARACTERS = 400
const MOST_KEY_FILE_CHARACTERS = 4000
