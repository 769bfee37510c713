import { constants, readFileSync, statSync } from 'node:fs'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { looksLikeCertificate, openCertificate } from '../export/certificate-note.ts'
import type { Opener } from '../export/sealed/age.ts'
import type { BundleProblem } from '../inspect/problem.ts'
import { MAX_BUNDLE_BYTES } from '../inspect/read-bundle.ts'
import {
  type BundleVerification,
  type OutsideKeys,
  openBundle,
  verifyBundle,
} from '../inspect/verify-bundle.ts'
import { type EventProofVerification, verifyEventProof } from '../inspect/verify-event-proof.ts'
import { looksLikeTlogProof, verifyTlogProof } from '../inspect/verify-tlog-proof.ts'
import { looksLikeVisitFile } from '../inspect/visit-file.ts'
import { looksLikeEventProof } from '../ledger/event-proof.ts'
import { parseVkey, type VerifierKey } from '../ledger/note.ts'
import { EXIT, printAnswer, readWords } from './command.ts'
import { readPolicy } from './outside-files.ts'
import { trustPolicy } from './trust-files.ts'
import { type OpeningWords, openerOf, openForAuditor } from './verify-opened.ts'

export const usage = `shidao verify FILE [--key VKEY] [--witness VKEY] [--policy FILE | --trust FILE --trust-key VKEY] [--authority VKEY] [--json]   an exported proof or bundle, or a visit’s file, offline, with public keys only
shidao verify BUNDLE --open KEYFILE | --passphrase [--reveal] [--extract DIR]   also the part for auditors: names, facts, claims to the fen`

export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    key: { type: 'string' },
    witness: { type: 'string' },
    policy: { type: 'string' },
    trust: { type: 'string' },
    'trust-key': { type: 'string' },
    authority: { type: 'string' },
    open: { type: 'string' },
    passphrase: { type: 'boolean', default: false },
    extract: { type: 'string' },
    reveal: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  })
  const [file, ...rest] = positionals
  if (file === undefined || rest.length > 0) throw new Fault('USAGE_FILE', 'verify takes one FILE')
  const outside: OutsideKeys = {
    ...(values.key === undefined ? {} : { key: publicKey(values.key, '--key') }),
    ...(values.witness === undefined ? {} : { witness: publicKey(values.witness, '--witness') }),
    ...(values.policy === undefined ? {} : { policy: readPolicy(values.policy) }),
    ...trustPolicy(values.trust, values['trust-key']),
  }
  const opener = await openerOf(values)
  const bytes = readBounded(file)
  if (opener !== null) return showOpened(bytes, outside, opener, values)
  if (looksLikeCertificate(bytes)) return showCertificate(bytes, outside, values.json)
  const visit = looksLikeVisitFile(bytes) ? (await import('./verify-visit.ts')).verifyVisit : null
  const { answer, lines } = visit?.(bytes, outside, values.authority) ?? verifyAny(bytes, outside)
  return show(values.json, answer, lines)
}

function show<T extends { readonly problem: BundleProblem | null }>(
  json: boolean,
  answer: T,
  lines: readonly string[],
): number {
  printAnswer(json, answer, lines)
  if (answer.problem === null) return EXIT.yes
  process.stderr.write(`${problemLine(answer.problem)}\n`)
  return EXIT.no
}

/** A bundle with its part for auditors. Without a right bundle around it nothing is opened. */
function showOpened(
  bytes: Uint8Array,
  outside: OutsideKeys,
  opener: Opener,
  words: OpeningWords & { readonly json: boolean },
): number {
  const { answer, verified } = unwrap(openBundle(bytes, outside))
  if (verified === null) return show(words.json, { ...answer, opened: null }, bundleLines(answer))
  const opened = openForAuditor(verified, opener, words)
  const { ok, problem } = opened.answer
  const lines = [...bundleLines({ ...answer, ok }), ...opened.lines]
  return show(words.json, { ...answer, ok, problem, opened: opened.answer }, lines)
}

/** What a file is shows in its first bytes, whatever it is called. */
function verifyAny(bytes: Uint8Array, outside: OutsideKeys) {
  if (looksLikeEventProof(bytes) || looksLikeTlogProof(bytes)) {
    const verify = looksLikeEventProof(bytes) ? verifyEventProof : verifyTlogProof
    const answer = unwrap(verify(bytes, outside))
    return { answer, lines: proofLines(answer) }
  }
  if (!looksLikeZip(bytes)) {
    const known = 'a bundle, a proof of events, a certificate of hours, or a visit’s file'
    const others = 'a draw is replayed by "shidao inspect replay", a ledger verified by "shidao log verify"'
    throw new Fault('PROOF_NOT_A_BUNDLE', `this is not ${known}; ${others}`)
  }
  const answer = unwrap(verifyBundle(bytes, outside))
  return { answer, lines: bundleLines(answer) }
}

/** PKWARE APPNOTE 4.3.7: a local file header comes first. */
function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b
}

/**
 * What the QR code of a certificate of hours says, if the station whose key is given signed it. The code doesn't hold
 * the key: `PROOF_KEY` without one, because a code that vouches for itself proves nothing.
 */
function showCertificate(bytes: Uint8Array, outside: OutsideKeys, json: boolean): number {
  const keys = [...(outside.key === undefined ? [] : [outside.key]), ...(outside.policy?.logs ?? [])]
  if (keys.length === 0) {
    throw new Fault('PROOF_KEY', 'a certificate does not hold the station’s key; give the one that you know')
  }
  const { fields, vkey } = unwrap(openCertificate(new TextDecoder().decode(bytes), keys))
  const simulated = fields.simulated === 'yes'
  const answer = { ok: true, trust: 'key', certificate: fields, vkey, simulated, problem: null }
  const lines = Object.entries(fields).map(([name, value]) => `${name}  ${value}`)
  printAnswer(json, answer, ['OK', ...lines, 'compare these with the paper', ...simulatedLine({ simulated })])
  return EXIT.yes
}

function bundleLines(answer: BundleVerification): string[] {
  return [
    answer.ok ? 'OK' : 'NOT OK',
    `class ${answer.class}, ${answer.size} records, root ${answer.root}`,
    `trust ${trustLine(answer.trust, 'bundle', answer.witnessed?.time ?? '')}`,
    `hours ${answer.hours ?? 'not checked'}`,
    ...answer.differing.map((person) => `  ${person}  hours differ`),
    `report ${answer.report ?? 'not checked'}`,
    ...(answer.sealed ? ['sealed part for auditors: --open KEYFILE'] : []),
    ...simulatedLine(answer),
  ]
}

function proofLines(answer: EventProofVerification): string[] {
  const { about, events, bounds } = answer
  return [
    answer.ok ? 'OK' : 'NOT OK',
    about.kind === 'event' ? `event ${about.index}` : `${about.kind} of ${about.person}`,
    ...events.map(({ index, type, time }) => `${index}  ${new Date(time.wall).toISOString()}  ${type}`),
    `of ${answer.size} events, root ${answer.root}`,
    `later than ${bounds.after ?? '?'}, earlier than ${bounds.before ?? '?'}, by witnesses that you know`,
    `trust ${trustLine(answer.trust, 'proof', bounds.before ?? '')}`,
    ...simulatedLine(answer),
  ]
}

function trustLine(trust: BundleVerification['trust'], what: string, time: string): string {
  const basis = {
    self: `self: the ${what} vouches for its own key; give --key with the station key that you know`,
    key: 'key: signed by the station whose key you gave',
    witness: `witness: seen by witnesses whose keys you gave, at ${time}`,
  }
  return basis[trust]
}

function simulatedLine({ simulated }: { readonly simulated: boolean }): string[] {
  return simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []
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
    const { size, mode } = statSync(file)
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw new Fault('PROOF_FILE', `${file} is no file`)
    bytes = size > MAX_BUNDLE_BYTES ? null : readFileSync(file)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Fault('PROOF_FILE', `cannot read ${file} (${reason})`, { cause })
  }
  if (bytes === null) throw new Fault('PROOF_TOO_LARGE', 'the file is over 512 MiB')
  return bytes
}
