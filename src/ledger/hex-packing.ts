import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { concatBytes, fromHex, toHex } from './bytes.ts'

/*
 * Hashes, salts, ids and signatures stand in events as hex, which no compression brings back to its half. Here they are
 * taken out of the text, each once, and stand as bytes behind it. JSON has no raw control characters, so these mark the
 * places: U+0001, U+0002, U+0003 for the next value of 16, 32, 64 bytes, U+0004 and a decimal number and `;` for a value
 * that was there before.
 */

export interface PackedText {
  readonly text: string
  /** The values, in the order in which they first stand in the text, end to end. */
  readonly values: Uint8Array
}

/** Takes the hex out. Throws `LEDGER_RANGE` for a text with U+0001 to U+0004 in it, which no JSON has. */
export function packHex(text: string): PackedText {
  if (MARKED.test(text)) throw new Fault('LEDGER_RANGE', 'a text with control characters cannot be packed')
  const numbers = new Map<string, number>()
  const packed = text.replace(HEX_RUN, (run) => {
    const number = numbers.get(run)
    if (number !== undefined) return `${AGAIN}${number};`
    numbers.set(run, numbers.size)
    return MARKS[SIZES.indexOf(run.length / 2)]!
  })
  return { text: packed, values: concatBytes(...[...numbers.keys()].map((run) => fromHex(run)!)) }
}

/**
 * Puts the hex back. Total: too few values, a number that wasn't given yet or a text that grows beyond `longest` are the
 * fault `PROOF_FORMAT`. `used` is how many bytes of `values` the text took.
 */
export function unpackHex(
  { text, values }: PackedText,
  longest: number,
): Result<{ readonly text: string; readonly used: number }> {
  const known: string[] = []
  const parts: string[] = []
  let [used, last, length] = [0, 0, 0]
  for (const { 0: mark, 1: number, index } of text.matchAll(PLACE)) {
    if (number === undefined) {
      const size = SIZES[MARKS.indexOf(mark)]
      if (size === undefined || used + size > values.length) return malformed()
      known.push(toHex(values.subarray(used, used + size)))
      used += size
    }
    const value = number === undefined ? known.at(-1) : known[Number(number)]
    if (value === undefined) return malformed()
    parts.push(text.slice(last, index), value)
    length += index - last + value.length
    if (length > longest) return malformed()
    last = index + mark.length
  }
  parts.push(text.slice(last))
  return ok({ text: parts.join(''), used })
}

const SIZES = [16, 32, 64]
const MARKS = ['\u0001', '\u0002', '\u0003']
const AGAIN = '\u0004'
/** A run of another length stays as it is: it would be cut at a place that only a rule could tell. */
const HEX_RUN = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{128})(?![0-9a-f])/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the marks
const PLACE = /[\u0001-\u0003]|\u0004(0|[1-9][0-9]{0,5});|\u0004/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the marks
const MARKED = /[\u0001-\u0004]/

function malformed() {
  return failed(new Fault('PROOF_FORMAT', 'this is not a proof, or a damaged one'))
}
