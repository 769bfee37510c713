import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { openCertificate } from '../../src/export/certificate-note.ts'
import { verifyBundle } from '../../src/inspect/verify-bundle.ts'
import { verifyEventProof } from '../../src/inspect/verify-event-proof.ts'
import { verifyTlogProof } from '../../src/inspect/verify-tlog-proof.ts'
import { verifyVisitFile } from '../../src/inspect/verify-visit-file.ts'
import { decodeBase64 } from '../../src/ledger/base64.ts'
import { openCheckpoint } from '../../src/ledger/checkpoint.ts'
import { verifyConsistency } from '../../src/ledger/merkle.ts'
import { parseVkey } from '../../src/ledger/note.ts'
import { checkPolicy, parsePolicy } from '../../src/ledger/policy.ts'
import { describeIf } from '../support/requires.ts'
import index from '../vectors/files/index.json' with { type: 'json' }
import { vectorFiles, vectorKeys } from './vector-files.ts'

const FOLDER = new URL('../vectors/', import.meta.url).pathname
const read = (name: string) => new Uint8Array(readFileSync(`${FOLDER}files/${name}`))
const station = unwrap(parseVkey(index.keys.station))
const gm = unwrap(parseVkey(index.keys.gm))
const policy = unwrap(parsePolicy(Buffer.from(index.keys.policy)))

describe('the files in test/vectors', () => {
  test('are what this program writes today: `node test/ledger/vector-files.ts` renews them', () => {
    for (const { name, bytes } of vectorFiles()) expect(Buffer.compare(bytes, read(name)), name).toBe(0)
    expect(index.keys).toEqual(vectorKeys())
  })

  test('are of every kind, true and forged', () => {
    const kinds = new Set(index.files.map(({ kind }) => kind))
    for (const kind of kinds) {
      const verdicts = index.files.filter((file) => file.kind === kind).map(({ valid }) => valid)
      expect(new Set(verdicts), kind).toEqual(new Set([true, false]))
    }
    expect(kinds.size).toBe(9)
  })

  test.each(index.files)('$name is verified as $valid', ({ name, kind, valid }) => {
    expect(verify(kind, read(name))).toBe(valid)
  })
})

const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])
describeIf(
  python.status === 0 ? null : 'no python3 of 3.9 or later',
  'a verifier in another language',
  () => {
    test('that shares no code with this one says the same of every file', async () => {
      const { stdout } = await promisify(execFile)('python3', [`${FOLDER}verify.py`])
      const expected = Object.fromEntries(index.files.map(({ name, valid }) => [name, valid]))
      expect(JSON.parse(stdout)).toEqual(expected)
    }, 300_000)
  },
)

function verify(kind: string, bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes)
  switch (kind) {
    case 'checkpoint':
      return openCheckpoint(text, [station]).ok
    case 'gm-checkpoint':
      return openCheckpoint(text, [gm]).ok
    case 'receipt':
      return checkPolicy(text, policy).ok
    case 'consistency': {
      const { firstRoot, secondRoot, proof, ...sizes } = JSON.parse(text)
      const [first, second] = [firstRoot, secondRoot].map((root) => decodeBase64(root)!)
      const claim = { ...sizes, firstRoot: first, secondRoot: second }
      return verifyConsistency({ ...claim, proof: proof.map((node: string) => decodeBase64(node)) })
    }
    case 'tlog-proof':
      return unwrap(verifyTlogProof(bytes, { key: station })).ok
    case 'certificate':
      return openCertificate(text, [station]).ok
    case 'visit':
      return unwrap(verifyVisitFile(bytes, { key: station })).ok
    case 'event-proof':
      return unwrap(verifyEventProof(bytes, { key: station })).ok
    default:
      return unwrap(verifyBundle(bytes, { key: station })).ok
  }
}
