/**
 * Checkpoint notes in a text that somebody kept: one, or several one after the other, with whatever line ends and
 * blanks a phone left at the ends of lines. Nothing is verified here. Empty where there is none.
 */
export function findCheckpointNotes(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim())
  const notes: string[] = []
  for (let i = 0; i + 4 < lines.length; i++) {
    const [origin = '', size = '', root = '', gap] = lines.slice(i, i + 4)
    const isHead = origin !== '' && /^[0-9]{1,16}$/.test(size) && /^[A-Za-z0-9+/]{43}=$/.test(root)
    if (!isHead || gap !== '') continue
    const end = lines.findIndex((line, at) => at > i + 3 && !line.startsWith('\u2014 '))
    const signatures = lines.slice(i + 4, end < 0 ? lines.length : end)
    if (signatures.length > 0) notes.push([origin, size, root, '', ...signatures, ''].join('\n'))
  }
  return notes
}
