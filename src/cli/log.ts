import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import type { OutsideKeys } from '../inspect/verify-bundle.ts'
import { verifyBundleLog } from '../inspect/verify-bundle-log.ts'
import { benchLedger } from '../ledger/bench.ts'
import type { EventTime } from '../ledger/event.ts'
import { Ledger } from '../ledger/ledger.ts'
import { parseVkey } from '../ledger/note.ts'
import { proveEvent } from '../ledger/prove.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { type LogVerification, type VerifyOptions, verifyLog } from '../ledger/verify.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'

export const usage = `shidao log verify PATH [--key VKEY] [--witness VKEY] [--checkpoint FILE]... [--json]
                 re-hashes every event and names what happened; exit 1 if anything did
shidao log prove --event N --out FILE [--data DIR] [--json]     one event as a C2SP tlog-proof file
shidao log bench [-n EVENTS] [--data DIR] [--json]     times appends, opening, verification on this disk`

/** `shidao log …`. */
export async function run(words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words
  if (verb === 'verify') return verify(rest)
  if (verb === 'prove') return prove(rest)
  if (verb === 'bench') return bench(rest)
  throw new Fault('USAGE_LOG', 'log takes verify, prove or bench; "shidao log --help" explains them')
}

function verify(words: readonly string[]): number {
  const { values, positionals } = readOptions(words, {
    key: { type: 'string' },
    witness: { type: 'string' },
    checkpoint: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) {
    throw new Fault('USAGE_LOG', 'log verify takes one path: a data folder, a ledger database or a bundle')
  }
  const outside = { ...given('key', values.key), ...given('witness', values.witness) }
  const checkpoints = (values.checkpoint ?? []).map(readCheckpoint)
  const answer = isZip(path) ? verifyZip(path, outside) : verifyLog(path, { ...outside, checkpoints })
  printAnswer(values.json, answer, describe(answer))
  const { problem } = answer
  if (problem !== null) {
    const code = `LEDGER_${problem.code.replaceAll('-', '_').toUpperCase()}`
    process.stderr.write(`${code} event ${problem.index ?? '?'}: ${problem.detail}\n`)
  }
  return answer.ok ? EXIT.yes : EXIT.no
}

function verifyZip(path: string, { key, witness }: VerifyOptions): LogVerification {
  const outside: OutsideKeys = {
    ...(key === undefined ? {} : { key: unwrap(parseVkey(key)) }),
    ...(witness === undefined ? {} : { witness: unwrap(parseVkey(witness)) }),
  }
  return unwrap(verifyBundleLog(readFileSync(path), outside))
}

/** By its first bytes (PKZIP local file header): an export keeps its kind whatever it is called. */
function isZip(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const head = Buffer.alloc(4)
  const file = openSync(path, 'r')
  try {
    readSync(file, head, 0, 4, 0)
  } finally {
    closeSync(file)
  }
  return head.toString('latin1') === 'PK\u0003\u0004'
}

function prove(words: readonly string[]): number {
  const { values } = readOptions(words, {
    event: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { event, out } = values
  if (event === undefined || out === undefined || !/^(0|[1-9][0-9]{0,14})$/.test(event)) {
    throw new Fault('USAGE_LOG', 'log prove takes --event N, from 0, and --out FILE')
  }
  const dir = values.data ?? defaultDataFolder()
  const { signer } = loadStationKey(dir)
  const ledger = Ledger.open({ dir, signer, now: noClock, readonly: true })
  try {
    writeWholeFile(out, Buffer.from(proveEvent(ledger, Number(event))))
    const answer = { index: Number(event), size: ledger.size, file: out }
    printAnswer(values.json, answer, [`event ${event} of ${ledger.size} is proved by ${out}`])
    return EXIT.yes
  } finally {
    ledger.close()
  }
}

function bench(words: readonly string[]): number {
  const { values } = readOptions(words, {
    events: { type: 'string', short: 'n', default: '2000' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const answer = benchLedger(values.data ?? tmpdir(), positiveInteger(values.events, '-n'))
  const { append, proof } = answer
  printAnswer(values.json, answer, [
    `append + sign + commit   p50 ${append.p50} ms · p99 ${append.p99} ms · ${answer.perSecond} events/s`,
    `open ${answer.events} events   ${answer.openMs} ms`,
    `verify them all          ${answer.verifyMs} ms`,
    `prove 40 events          ${proof.ms} ms, ${proof.bytes} bytes`,
  ])
  return EXIT.yes
}

/** A verifier key from the command line, checked here because a slip of the keyboard is no finding about a ledger. */
function given(option: 'key' | 'witness', vkey: string | undefined): VerifyOptions {
  if (vkey === undefined) return {}
  const key = parseVkey(vkey)
  if (!key.ok) throw new Fault('USAGE_KEY', `--${option}: ${key.fault.message}`)
  return { [option]: vkey }
}

function readCheckpoint(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('LEDGER_NOT_FOUND', `the checkpoint ${path} cannot be read`, { cause })
  }
}

function describe({ ok, size, root, trust, problem, bounds }: LogVerification): string[] {
  const basis = {
    self: 'its own first event: a ledger that was replaced as a whole would look the same; give --key',
    key: 'the key that you gave: a copy that was rolled back as a whole would look the same; give --witness',
    witness: 'the witness that you named, for what its receipts cover',
  }
  const events = `${size} events, root ${root ?? 'none'}`
  if (!ok) return [`${problem?.code} at event ${problem?.index ?? '?'}: ${problem?.detail}`, events]
  return [
    `verified: ${events}`,
    `rests on ${basis[trust]}`,
    `${bounds.receipts} receipts cover ${bounds.covered} events, ${bounds.earliest ?? '-'} to ${bounds.latest ?? '-'}`,
  ]
}

function noClock(): EventTime {
  throw new Fault('LEDGER_READ_ONLY', 'a ledger that is open for reading takes no time')
}
