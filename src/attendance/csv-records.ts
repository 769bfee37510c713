/** One record of a CSV text with the line where it starts, counted from 1. */
export interface CsvRecord {
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Splits CSV text by RFC 4180: commas, fields in double quotes may hold commas, line ends and doubled quotes;
 * CRLF, LF or CR end a record. Records with nothing in them are left out. Total: an open quote at the end gives
 * `unclosedQuote`, the line where it opened.
 */
export function parseCsv(text: string): { records: CsvRecord[]; unclosedQuote: number | null } {
  const records: CsvRecord[] = []
  let fields: string[] = []
  let field = ''
  let line = 1
  let startLine = 1
  let quotedSince: number | null = null

  const endRecord = () => {
    fields.push(field)
    if (fields.some((content) => content.trim() !== '')) records.push({ line: startLine, fields })
    fields = []
    field = ''
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    const isLineEnd = character === '\n' || (character === '\r' && text[at + 1] !== '\n')
    if (isLineEnd) line++
    if (quotedSince !== null) {
      if (character !== '"') field += character
      else if (text[at + 1] === '"') {
        field += '"'
        at++
      } else quotedSince = null
    } else if (character === '"' && field === '') quotedSince = line
    else if (character === ',') {
      fields.push(field)
      field = ''
    } else if (isLineEnd) {
      endRecord()
      startLine = line
    } else if (character !== '\r') field += character
  }
  if (field !== '' || fields.length > 0) endRecord()
  return { records, unclosedQuote: quotedSince }
}
