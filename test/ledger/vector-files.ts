import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { unwrap } from '../../src/common/result.ts'
import { bundleBytes } from '../../src/export/bundle.ts'
import { signCertificate } from '../../src/export/certificate-note.ts'
import { encodeBase64 } from '../../src/ledger/base64.ts'
import { toHex } from '../../src/ledger/bytes.ts'
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts'
import { type EventProof, formatEventProof, parseEventProof } from '../../src/ledger/event-proof.ts'
import { signNote } from '../../src/ledger/note.ts'
import { formatProof } from '../../src/ledger/proof.ts'
import { proveEvents } from '../../src/ledger/prove-events.ts'
import { besideOf, bundleContent } from './vector-bundle.ts'
import { forged, policyOf, type VectorFile, valid } from './vector-file.ts'
import {
  ANNA,
  BORIS,
  CLASS,
  gm,
  MORNING,
  ORIGIN,
  rotatedLedger,
  station,
  stranger,
  type VectorLedger,
  vectorLedger,
  witnessVkeys,
} from './vector-ledger.ts'
import { afterRotation } from './vector-rotation.ts'
import { visits } from './vector-visit.ts'

export type { VectorFile } from './vector-file.ts'

/*
 * Everything that a station hands out, once as it is and in forged forms: `node test/ledger/vector-files.ts` writes
 * test/vectors/files. The same sources give the same bytes.
 */

export function vectorFiles(): VectorFile[] {
  const ledger = vectorLedger()
  return [
    ...checkpoints(ledger),
    ...gmCheckpoints(ledger),
    ...receipts(ledger),
    ...consistencies(ledger),
    ...tlogProofs(ledger),
    ...eventProofs(ledger),
    ...bundles(ledger),
    ...afterRotation(),
    ...certificates(ledger),
    ...visits(),
  ]
}

/** What verifies the files: public keys, and the policy that asks for both witnesses. */
export function vectorKeys() {
  const [w1 = '', w2 = ''] = witnessVkeys
  const policy = `# two witnesses of different houses\nlog ${station.key.vkey}\nwitness one ${w1}\nwitness two ${w2}\ngroup both all one two\nquorum both\n`
  return { station: station.key.vkey, gm: gm.key.vkey, witnesses: witnessVkeys, policy }
}

function checkpoints(ledger: VectorLedger): VectorFile[] {
  const kind = 'checkpoint'
  const { size } = ledger
  const byStranger = signNote(formatCheckpoint({ origin: ORIGIN, size, root: ledger.tree.root() }), [
    stranger,
  ])
  return [
    valid(kind, 'checkpoint.note', ledger.checkpoint()),
    forged(
      kind,
      'checkpoint-size.note',
      'another size',
      ledger.checkpoint().replace(`\n${size}\n`, `\n${size - 1}\n`),
    ),
    forged(kind, 'checkpoint-key.note', 'signed by another key of the same name', byStranger),
  ]
}

function gmCheckpoints(ledger: VectorLedger): VectorFile[] {
  const kind = 'gm-checkpoint'
  const note = ledger.gmCheckpoint()
  return [
    valid(kind, 'checkpoint-gm.note', note),
    forged(kind, 'checkpoint-gm-size.note', 'another size', note.replace(`\n${ledger.size}\n`, '\n3\n')),
  ]
}

function receipts(ledger: VectorLedger): VectorFile[] {
  const kind = 'receipt'
  const note = ledger.receipt(13)
  const lines = note.split('\n')
  const earlier = ledger.receipt(6).split('\n').at(-2)!
  return [
    valid(kind, 'receipt.note', note),
    forged(
      kind,
      'receipt-one-witness.note',
      'the quorum is not reached',
      `${lines.slice(0, -2).join('\n')}\n`,
    ),
    forged(
      kind,
      'receipt-other-tree.note',
      'a cosignature of another tree',
      `${[...lines.slice(0, 5), earlier, lines[6]].join('\n')}\n`,
    ),
  ]
}

function consistencies({ tree }: VectorLedger): VectorFile[] {
  const kind = 'consistency'
  const claim = {
    first: 7,
    second: tree.size,
    firstRoot: encodeBase64(tree.root(7)),
    secondRoot: encodeBase64(tree.root()),
    proof: tree.consistencyProof(7).map(encodeBase64),
  }
  return [
    valid(kind, 'consistency.json', json(claim)),
    forged(
      kind,
      'consistency-rewritten.json',
      'the first tree had another root',
      json({ ...claim, firstRoot: encodeBase64(tree.root(6)) }),
    ),
  ]
}

function tlogProofs(ledger: VectorLedger): VectorFile[] {
  const kind = 'tlog-proof'
  const index = 8
  const { body } = ledger.recorded[index]!
  const proof = {
    index,
    siblings: ledger.inclusionProof(index),
    checkpoint: ledger.checkpoint(),
    extra: body,
  }
  const changed = edited(body, '"in"', '"ou"')
  const siblings = proof.siblings.with(0, ledger.tree.leaf(0))
  return [
    valid(kind, 'event-8.tlog-proof', formatProof(proof)),
    forged(kind, 'event-8-body.tlog-proof', 'another event', formatProof({ ...proof, extra: changed })),
    forged(kind, 'event-8-sibling.tlog-proof', 'another sibling', formatProof({ ...proof, siblings })),
    forged(kind, 'event-8-index.tlog-proof', 'another place', formatProof({ ...proof, index: 9 })),
  ]
}

function eventProofs(ledger: VectorLedger): VectorFile[] {
  const kind = 'event-proof'
  const one = proveEvents(ledger, { kind: 'event', index: 9 }).bytes
  const person = proveEvents(ledger, { kind: 'person', person: ANNA }).bytes
  const hour = proveEvents(ledger, { kind: 'hour', person: BORIS, from: MORNING + 3_600_000 }).bytes
  const forge = (name: string, why: string, change: (proof: EventProof) => Partial<EventProof>) => {
    const proof = unwrap(parseEventProof(person))
    return forged(kind, name, why, formatEventProof({ ...proof, ...change(proof) }))
  }
  const byStranger = signNote(formatCheckpoint({ origin: ORIGIN, size: 13, root: ledger.tree.root(13) }), [
    stranger,
  ])
  return [
    valid(kind, 'event-9.shidao-proof', one),
    valid(kind, 'anna.shidao-proof', person),
    valid(kind, 'boris-hour.shidao-proof', hour),
    forge('anna-body.shidao-proof', 'an event says something else', ({ bodies }) => ({
      bodies: bodies.with(-1, edited(bodies.at(-1)!, '"out"', '"in" ')),
    })),
    forge('anna-node.shidao-proof', 'a node is missing', ({ nodes }) => ({ nodes: nodes.slice(1) })),
    forge('anna-as-boris.shidao-proof', 'said to be about another person', () => ({
      about: { kind: 'person', person: BORIS },
    })),
    forge('anna-key.shidao-proof', 'the checkpoint is signed by another key', () => ({
      checkpoint: byStranger,
    })),
    forge('anna-size.shidao-proof', 'the checkpoint was changed', ({ checkpoint }) => ({
      checkpoint: checkpoint.replace('\n13\n', '\n12\n'),
    })),
  ]
}

function bundles(ledger: VectorLedger): VectorFile[] {
  const kind = 'bundle'
  const content = bundleContent(ledger)
  const { matter, bodies } = content
  const altered = bodies.with(8, edited(bodies[8]!, '"in"', '"ou"'))
  const kinder = { ...matter, corrections: { ...matter.corrections, acts: [] } }
  const withBeside = (change: Parameters<typeof besideOf>[1] = {}) =>
    bundleBytes({ ...content, more: besideOf(ledger, change) })
  return [
    valid(kind, 'class.zip', bundleBytes(content)),
    forged(
      kind,
      'class-event.zip',
      'an event says something else',
      bundleBytes({ ...content, bodies: altered }),
    ),
    forged(
      kind,
      'class-short.zip',
      'the last event is gone',
      bundleBytes({ ...content, bodies: bodies.slice(0, -1) }),
    ),
    forged(
      kind,
      'class-key.zip',
      'the index is signed by another key of the same name',
      bundleBytes({ ...content, signer: stranger }),
    ),
    forged(
      kind,
      'class-corrections.zip',
      'acts by hand are left out of their index, signed by the station itself',
      bundleBytes({ ...content, matter: kinder }),
    ),
    valid(kind, 'class-gm.zip', withBeside()),
    forged(
      kind,
      'class-gm-root.zip',
      'the second tree’s checkpoint is of another tree',
      withBeside({ gm: rotatedLedger().gmCheckpoint() }),
    ),
    forged(
      kind,
      'class-gm-policy.zip',
      'the policy names a witness that the records don’t',
      withBeside({
        policy: policyOf(ledger).replace('quorum none', `witness w1 ${witnessVkeys[0]}\nquorum w1`),
      }),
    ),
  ]
}

function certificates(ledger: VectorLedger): VectorFile[] {
  const kind = 'certificate'
  const fields = {
    ...{ tree: `${ledger.size} ${toHex(ledger.tree.root())}`, class: CLASS, title: '电工初级', person: ANNA },
    ...{ name: '模拟甲', number: '110***X', days: '2026-03-02 2026-03-02', lessons: '4' },
    ...{ 'credited-ms': '10740000', proven: 'face=10740000', pack: '1'.repeat(64), simulated: 'yes' },
  }
  const note = signCertificate(fields, station)
  const more = note.replace('\nlessons 4\n', '\nlessons 5\n')
  return [
    valid(kind, 'hours.certificate', note),
    forged(kind, 'hours-lessons.certificate', 'more class hours than were signed', more),
    forged(
      kind,
      'hours-key.certificate',
      'signed by another key of the same name',
      signCertificate(fields, stranger),
    ),
  ]
}

function edited(body: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(body).toString('utf8')
  if (!text.includes(from)) throw new Error(`the event has no ${from}`)
  return Buffer.from(text.replace(from, to))
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

const FOLDER = fileURLToPath(new URL('../vectors/files/', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true })
  const files = vectorFiles()
  for (const { name, bytes } of files) writeFileSync(`${FOLDER}${name}`, bytes)
  const list = files.map(({ bytes: _, ...file }) => file)
  writeFileSync(`${FOLDER}index.json`, json({ keys: vectorKeys(), files: list }))
  process.stdout.write(`${files.length} files in test/vectors/files\n`)
}
