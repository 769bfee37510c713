/** A field of a text record: byte offset and byte width, UTF-16LE, padded at the end. */
export interface Field {
  readonly at: number
  readonly bytes: number
}

/** The field's text without padding (space, NUL, ideographic space). Private-use and rare characters stay as they are. */
export function readField(record: Uint8Array, { at, bytes }: Field): string {
  return trimPadding(Buffer.from(record.buffer, record.byteOffset + at, bytes).toString('utf16le'))
}

/** The text without spaces, NULs and ideographic spaces at its ends. */
export function trimPadding(text: string): string {
  return text.replace(padding, '')
}

/** Writes the text into the field, padded with spaces. False, and nothing written, if it doesn't fit. */
export function writeField(record: Uint8Array, { at, bytes }: Field, text: string): boolean {
  if (text.length * 2 > bytes) return false
  record.set(Buffer.from(text.padEnd(bytes / 2, ' '), 'utf16le'), at)
  return true
}

/**
 * Whether a text can be shown and stored: no control characters, nothing that turns or breaks a line or hides between
 * letters, no half of a surrogate pair, no noncharacter. Private-use characters stay: rare names are written with them.
 */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !unprintable.test(text)
}

/**
 * A name as people's registers write it: the separator of names in other languages is U+00B7. Cards and keyboards
 * bring eight others for the same dot.
 */
export function normaliseName(name: string): string {
  return name.replace(separators, '·')
}

const padding = /^[ \0\u3000]+|[ \0\u3000]+$/g
// Full stop, bullet, hyphenation point, bullet operator, dot operator, katakana dot, full-width stop, half-width dot.
const separators = /[.\u2022\u2027\u2219\u22c5\u30fb\uff0e\uff65]/g
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u
