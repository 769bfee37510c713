import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LogVerification, verifyLog } from '../../src/ledger/verify.ts'
import { newWitness } from './sample-ledger.ts'
import { tamperClassesBeside } from './tamper-beside.ts'
import { tamperClasses } from './tamper-classes.ts'
import { type Expected, type Original, originalLedger, tamperWithCopy } from './tampering.ts'

let original: Original
beforeAll(() => {
  original = originalLedger()
})
afterAll(() => original.remove())

describe('an untouched ledger', () => {
  test('verifies by itself, by a key from outside and by a witness, and says which', () => {
    const { dir, key, witness, size } = original
    const own = verifyLog(dir)
    expect(own).toMatchObject({ ok: true, size, suite: 'std', trust: 'self', problem: null, deleted: 0 })
    expect(own.root).toMatch(/^[0-9a-f]{64}$/)
    expect(verifyLog(dir, { key: key.vkey })).toEqual({ ...own, trust: 'key' })
    expect(verifyLog(dir, { key: key.vkey, witness: witness.vkey })).toEqual({ ...own, trust: 'witness' })
    expect(verifyLog(join(dir, 'ledger.db'))).toEqual(own)
  })

  test('does not rest on a witness that never saw it', () => {
    expect(verifyLog(original.dir, { witness: newWitness('other.example/w').vkey })).toMatchObject({
      ok: true,
      trust: 'self',
    })
  })

  test('agrees with a checkpoint that was seen outside, also an older one', () => {
    expect(verifyLog(original.dir, { checkpoints: [original.head] }).ok).toBe(true)
  })

  test('tells how many events receipts cover, and when', () => {
    const { bounds } = verifyLog(original.dir)
    expect(bounds.receipts).toBeGreaterThan(1)
    expect(bounds.covered).toBe(Math.max(...original.kept.filter((size) => size % 7 === 0)))
    expect(bounds.earliest).toMatch(/^2026-03-02T00:0\d:\d\d\.000Z$/)
    expect(bounds.earliest! < bounds.latest!).toBe(true)
  })

  test('is left as it was, with nothing beside it', () => {
    const before = readFileSync(join(original.dir, 'ledger.db'))
    const files = readdirSync(original.dir)
    verifyLog(original.dir)
    expect(readdirSync(original.dir)).toEqual(files)
    expect(readFileSync(join(original.dir, 'ledger.db')).equals(before)).toBe(true)
  })
})

describe('a ledger', () => {
  test.each([...tamperClasses, ...tamperClassesBeside])('with %s is found out by name', (...tampering) => {
    let seed = 1
    const random = (bound: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % bound
    }
    for (let round = 0; round < 4; round++) {
      const { dir, expected } = tamperWithCopy(original, tampering, random)
      expectFound(verifyLog(dir, expected.options), expected)
      rmSync(dir, { recursive: true })
    }
  })

  test('with any bytes of its file changed either tells so or still has every body', () => {
    const bytes = readFileSync(join(original.dir, 'ledger.db'))
    const bodies = bodiesIn(original.dir)
    const dir = mkdtempSync(join(tmpdir(), 'shidao-flip-'))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(bytes)
        changed[at]! ^= flip
        writeFileSync(join(dir, 'ledger.db'), changed)
        const { ok, problem } = verifyLog(dir, { key: original.key.vkey })
        expect(ok).toBe(problem === null)
        if (ok) expect(bodiesIn(dir)).toEqual(bodies)
      }),
      { numRuns: 150 },
    )
    rmSync(dir, { recursive: true })
  })

  test('cut off anywhere is a finding, not a crash', () => {
    const dir = mkdtempSync(join(tmpdir(), 'shidao-cut-'))
    const file = join(dir, 'ledger.db')
    const { length } = readFileSync(join(original.dir, 'ledger.db'))
    for (const keep of [0, 10, 100, 4096, 5000, length - 4096, length - 1]) {
      cpSync(join(original.dir, 'ledger.db'), file)
      truncateSync(file, keep)
      expect(verifyLog(dir).ok, `${keep} bytes`).toBe(false)
    }
    rmSync(dir, { recursive: true })
  })
})

test('a path without a ledger is a fault with a code', () => {
  const dir = mkdtempSync(join(tmpdir(), 'shidao-none-'))
  writeFileSync(join(dir, 'notes.txt'), 'no ledger')
  for (const path of [dir, join(dir, 'none'), join(dir, 'notes.txt')]) {
    expect(() => verifyLog(path)).toThrow(expect.objectContaining({ code: 'LEDGER_NOT_FOUND' }))
  }
  expect(() => verifyLog(original.dir, { key: 'no key' })).toThrow(
    expect.objectContaining({ code: 'LEDGER_VKEY' }),
  )
  rmSync(dir, { recursive: true })
})

function expectFound(answer: LogVerification, { code, index, atMost }: Expected): void {
  expect(answer.ok).toBe(false)
  if (atMost === undefined) expect(answer.problem).toMatchObject({ code, index })
  else {
    expect(answer.problem?.code).toBe(code)
    expect(answer.problem?.index).toBeLessThanOrEqual(index!)
  }
}

function bodiesIn(dir: string): Buffer[] {
  const db = new Database(join(dir, 'ledger.db'), { readonly: true })
  const bodies = db.prepare<[], Buffer>('SELECT body FROM event ORDER BY idx').pluck().all()
  db.close()
  return bodies
}
