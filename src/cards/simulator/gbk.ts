/**
 * Text in GBK, for simulated cards: the platform decodes GBK but doesn't encode it.
 * A character that GBK doesn't have becomes a question mark.
 */
export function encodeGbk(text: string): Uint8Array {
  codes ??= invert()
  const known = codes
  return Uint8Array.from([...text].flatMap((character) => known.get(character) ?? [QUESTION_MARK]))
}

const QUESTION_MARK = 0x3f

let codes: ReadonlyMap<string, readonly number[]> | null = null

function invert(): ReadonlyMap<string, readonly number[]> {
  const gbk = new TextDecoder('gbk')
  const found = new Map<string, readonly number[]>()
  for (let byte = 0; byte < 0x80; byte++) found.set(String.fromCharCode(byte), [byte])
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = gbk.decode(Uint8Array.of(lead, trail))
      if (trail !== 0x7f && [...character].length === 1 && !found.has(character))
        found.set(character, [lead, trail])
    }
  }
  return found
}
