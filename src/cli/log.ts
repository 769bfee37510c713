import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import type { OutsideKeys } from '../inspect/verify-bundle.ts'
import { verifyBundleLog } from '../inspect/verify-bundle-log.ts'
import { benchLedger } from '../ledger/bench.ts'
import { parseVkey } from '../ledger/note.ts'
import type { Policy } from '../ledger/policy.ts'
import { type LogVerification, type VerifyOptions, verifyLog } from '../ledger/verify.ts'
import { EXIT, positiveInteger, printAnswer, readOptions, readWords } from './command.ts'
import { backup, usage as backupUsage } from './log-backup.ts'
import { checkpoint } from './log-checkpoint.ts'
import { prove } from './log-prove.ts'
import { restore, usage as restoreUsage } from './log-restore.ts'
import { readPolicy, readSeen } from './outside-files.ts'
import { trustPolicy } from './trust-files.ts'

export const usage = `shidao log verify PATH [--key VKEY] [--witness VKEY] [--policy FILE | --trust FILE --trust-key VKEY] [--checkpoint FILE]... [--seen FILE]... [--event N] [--json]
                 re-hashes every event and names what happened; exit 1 if anything did
                 --seen takes checkpoints that were kept, as text or as a photograph of the QR code
shidao log checkpoint [--text] [--qr FILE.svg] [--data DIR] [--json]     what somebody outside should keep
shidao log prove --event N | --person ID [--hour 2026-03-02T09:00+08:00] --out FILE [--data DIR] [--json]
                 a proof for "shidao verify" and the verifier page; a FILE.tlog-proof holds one event by C2SP
${backupUsage}
${restoreUsage}
shidao log bench [-n EVENTS] [--data DIR] [--json]     times appends, opening, verification on this disk`

/** `shidao log …`. */
export async function run(words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words
  if (verb === 'verify') return verify(rest)
  if (verb === 'prove') return prove(rest)
  if (verb === 'checkpoint') return checkpoint(rest)
  if (verb === 'bench') return bench(rest)
  if (verb === 'backup') return backup(rest)
  if (verb === 'restore') return restore(rest)
  throw new Fault(
    'USAGE_LOG',
    'log takes verify, checkpoint, prove, backup, restore or bench; "shidao log --help" explains them',
  )
}

async function verify(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    key: { type: 'string' },
    witness: { type: 'string' },
    policy: { type: 'string' },
    trust: { type: 'string' },
    'trust-key': { type: 'string' },
    checkpoint: { type: 'string', multiple: true },
    seen: { type: 'string', multiple: true },
    event: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) {
    throw new Fault('USAGE_LOG', 'log verify takes one path: a data folder, a ledger database or a bundle')
  }
  const outside = {
    ...given('key', values.key),
    ...given('witness', values.witness),
    ...(values.policy === undefined ? {} : { policy: readPolicy(values.policy) }),
    ...trustPolicy(values.trust, values['trust-key']),
  }
  const event = values.event === undefined ? {} : { event: eventIndex(values.event) }
  const seen = await Promise.all((values.seen ?? []).map(readSeen))
  const checkpoints = [...(values.checkpoint ?? []).map(readCheckpoint), ...seen.flat()]
  const answer = isZip(path)
    ? verifyZip(path, outside)
    : verifyLog(path, { ...outside, ...event, checkpoints })
  printAnswer(values.json, answer, describe(answer))
  const { problem } = answer
  if (problem !== null) {
    const code = `LEDGER_${problem.code.replaceAll('-', '_').toUpperCase()}`
    process.stderr.write(`${code} event ${problem.index ?? '?'}: ${problem.detail}\n`)
  }
  return answer.ok ? EXIT.yes : EXIT.no
}

function verifyZip(path: string, { key, witness, policy }: VerifyOptions): LogVerification {
  const outside: OutsideKeys = {
    ...(key === undefined ? {} : { key: unwrap(parseVkey(key)) }),
    ...(witness === undefined ? {} : { witness: unwrap(parseVkey(witness)) }),
    ...policyOf(policy),
  }
  return unwrap(verifyBundleLog(readFileSync(path), outside))
}

function policyOf(policy: Policy | undefined): OutsideKeys {
  return policy === undefined ? {} : { policy }
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

async function bench(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    events: { type: 'string', short: 'n', default: '2000' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const answer = await benchLedger(values.data ?? tmpdir(), positiveInteger(values.events, '-n'))
  const { append, verify, proof } = answer
  printAnswer(values.json, answer, [
    `append + sign + commit   p50 ${append.p50} ms · p99 ${append.p99} ms (on a quiet disk at most 5) · max ${append.max} ms`,
    `one after the other      ${answer.perSecond} events/s (on a quiet disk at least 1,000)`,
    `open ${answer.events} events   ${answer.openMs} ms (1,000,000: at most 2,000)`,
    `verify them all          ${verify.ms} ms, ${Math.round(verify.peakBytes / 1e6)} MB at most, ${verify.checkpoints} checkpoints (1,000,000 with 10,000: at most 15,000 ms in 300 MB)`,
    `prove ${proof.events} attendances     ${proof.ms} ms, ${proof.bytes} bytes (40: at most 10 ms and 25,600 bytes)`,
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

function eventIndex(text: string): number {
  if (/^(0|[1-9][0-9]{0,14})$/.test(text)) return Number(text)
  throw new Fault('USAGE_LOG', '--event takes the number of an event, from 0 on')
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
    ...(bounds.contradicted === 0
      ? []
      : [`the wall clock of ${bounds.contradicted} events is not what the receipts around them leave`]),
    ...(bounds.event === null
      ? []
      : [
          `event ${bounds.event.index} is later than ${bounds.event.after ?? '?'}, earlier than ${bounds.event.before ?? '?'}`,
        ]),
  ]
}
