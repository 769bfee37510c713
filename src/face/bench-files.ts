import { readFileSync } from 'node:fs'
import { Fault } from '../common/fault.ts'

/** File names, one a line. `FACE_BENCH_INPUT` when it can't be read or is empty. */
export function readImageList(path: string): string[] {
  const lines = linesOf(path)
  if (lines.length === 0) throw new Fault('FACE_BENCH_INPUT', `${path} is empty`)
  return lines
}

/** Same-person pairs from a CSV with the columns `a,b`. `FACE_BENCH_INPUT` when it isn't one. */
export function readGenuinePairs(path: string): (readonly [string, string])[] {
  const [header, ...rows] = linesOf(path)
  if (header !== 'a,b') throw new Fault('FACE_BENCH_INPUT', `${path} has no header "a,b"`)
  return rows.map((row) => {
    const [a, b, ...rest] = row.split(',')
    if (!a || !b || rest.length > 0) throw new Fault('FACE_BENCH_INPUT', `${path} has a row that is no pair`)
    return [a, b]
  })
}

function linesOf(path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('FACE_BENCH_INPUT', `${path} can't be read`, { cause })
  }
  // A spreadsheet's mark of UTF-8 is no part of the header.
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
}
