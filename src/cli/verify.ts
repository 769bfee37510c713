import { readFileSync, statSync } from 'node:fs'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import type { BundleProblem } from '../inspect/problem.ts'
import { MAX_BUNDLE_BYTES } from '../inspect/read-bundle.ts'
import { type BundleVerification, type OutsideKeys, verifyBundle } from '../inspect/verify-bundle.ts'
import { parseVkey, type VerifierKey } from '../ledger/note.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'

export const usage =
  'shidao verify FILE [--key VKEY] [--witness VKEY] [--json]   an exported bundle, offline, with public keys only'

export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(words, {
    key: { type: 'string' },
    witness: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [file, ...rest] = positionals
  if (file === undefined || rest.length > 0) throw new Fault('USAGE_FILE', 'verify takes one FILE')
  const outside: OutsideKeys = {
    ...(values.key === undefined ? {} : { key: publicKey(values.key, '--key') }),
    ...(values.witness === undefined ? {} : { witness: publicKey(values.witness, '--witness') }),
  }
  const answer = unwrap(verifyBundle(readBounded(file), outside))
  printAnswer(values.json, answer, answerLines(answer))
  if (answer.problem === null) return EXIT.yes
  process.stderr.write(`${problemLine(answer.problem)}\n`)
  return EXIT.no
}

function answerLines(answer: BundleVerification): string[] {
  const { witnessed } = answer
  const trust = {
    self: 'self: the bundle vouches for its own key; give --key with the station key that you know',
    key: 'key: signed by the station whose key you gave',
    witness: `witness: seen by the witness whose key you gave, at ${witnessed?.time ?? ''}`,
  }
  return [
    answer.ok ? 'OK' : 'NOT OK',
    `class ${answer.class}, ${answer.size} records, root ${answer.root}`,
    `trust ${trust[answer.trust]}`,
    `hours ${answer.hours ?? 'not checked'}`,
    ...(answer.simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []),
  ]
}

/** `PROOF_ALTERED record 17: …` */
function problemLine({ code, index, detail }: BundleProblem): string {
  const place = index === null ? '' : `record ${index}: `
  return `PROOF_${code.replaceAll('-', '_').toUpperCase()} ${place}${detail}`
}

function publicKey(text: string, option: string): VerifierKey {
  const key = parseVkey(text)
  if (key.ok) return key.value
  throw new Fault('USAGE_VKEY', `${option} takes a verifier key: ${key.fault.message}`)
}

/** Looks at the size first, so that a huge file is refused instead of read. */
function readBounded(file: string): Uint8Array {
  let bytes: Uint8Array | null
  try {
    bytes = statSync(file).size > MAX_BUNDLE_BYTES ? null : readFileSync(file)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('PROOF_FILE', `cannot read ${file} (${reason})`, { cause })
  }
  if (bytes === null) throw new Fault('PROOF_TOO_LARGE', 'the file is over 512 MiB')
  return bytes
}
