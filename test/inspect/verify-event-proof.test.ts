import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyEventProof } from '../../src/inspect/verify-event-proof.ts'
import { formatEventProof, parseEventProof } from '../../src/ledger/event-proof.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { multiProof, multiProofRoot } from '../../src/ledger/multi-proof.ts'
import { parseVkey } from '../../src/ledger/note.ts'
import { parsePolicy } from '../../src/ledger/policy.ts'
import { proveEvents } from '../../src/ledger/prove-events.ts'
import { vectorKeys } from '../ledger/vector-files.ts'
import {
  ANNA,
  BORIS,
  MORNING,
  station,
  stranger,
  vectorLedger,
  witnessVkeys,
} from '../ledger/vector-ledger.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ledger = vectorLedger()
const [witness] = witnessVkeys.map((vkey) => unwrap(parseVkey(vkey)))
const policy = unwrap(parsePolicy(Buffer.from(vectorKeys().policy)))
const anna = proveEvents(ledger, { kind: 'person', person: ANNA })

describe('a proof of one person’s events', () => {
  test('shows them, what they rest on, and nothing of a neighbour', () => {
    const answer = unwrap(verifyEventProof(anna.bytes))
    expect(answer).toMatchObject({ ok: true, trust: 'self', size: 13, simulated: true, problem: null })
    expect(answer.events.map(({ type }) => type)).toEqual([
      'station.key',
      'receipt',
      'consent',
      'attendance',
      'attendance',
    ])
    const { bodies, checkpoint } = unwrap(parseEventProof(anna.bytes))
    const text = `${bodies.map((body) => Buffer.from(body).toString('utf8')).join()}${checkpoint}`
    expect(text).toContain(ANNA)
    expect(text).not.toContain(BORIS)
    expect(Buffer.from(anna.bytes).includes(Buffer.from(BORIS, 'hex'))).toBe(false)
  })

  test('rests on a given key, or on witnesses, whose receipts bound its time on both sides', () => {
    expect(unwrap(verifyEventProof(anna.bytes, { key: station.key })).trust).toBe('key')
    const seen = { trust: 'witness', bounds: { after: iso(6), before: iso(231) } }
    expect(unwrap(verifyEventProof(anna.bytes, { witness: witness! }))).toMatchObject({ ...seen, ok: true })
    expect(unwrap(verifyEventProof(anna.bytes, { policy }))).toMatchObject({ ...seen, ok: true })
  })

  test('of a station or a witness that is not the known one is refused', () => {
    expect(codeOf(unwrap(verifyEventProof(anna.bytes, { key: stranger.key })))).toBe('wrong-key')
    const unseen = formatEventProof({
      ...unwrap(parseEventProof(anna.bytes)),
      checkpoint: ledger.checkpoint(13),
    })
    expect(codeOf(unwrap(verifyEventProof(unseen, { witness: witness! })))).toBe('unwitnessed')
    expect(codeOf(unwrap(verifyEventProof(unseen, { policy })))).toBe('unwitnessed')
  })

  test('of a station whose key was revoked is believed if witnesses had cosigned its checkpoint before', () => {
    const before = unwrap(verifyEventProof(anna.bytes, { policy })).bounds.before ?? ''
    const revoked = (since: number) => ({
      policy: { ...policy, revoked: new Map([[station.key.vkey, since]]) },
    })
    const late = unwrap(verifyEventProof(anna.bytes, revoked(Date.parse(before) + DAY)))
    expect(late).toMatchObject({ ok: true, trust: 'witness' })
    expect(codeOf(unwrap(verifyEventProof(anna.bytes, revoked(Date.parse(before)))))).toBe('wrong-key')
  })

  test('changed in any byte is refused or says exactly the same', () => {
    const truth = JSON.stringify(unwrap(verifyEventProof(anna.bytes)))
    fc.assert(
      fc.property(fc.nat(anna.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(anna.bytes)
        changed[at]! ^= change
        const answer = verifyEventProof(changed)
        if (answer.ok && answer.value.ok) expect(JSON.stringify(answer.value)).toBe(truth)
      }),
      { numRuns: 1_000 },
    )
  })

  test('that unpacks to more than 16 MiB is refused', () => {
    const packed = deflateRawSync(Buffer.alloc(17 * 1024 * 1024, 0x20))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(packed.length)
    const bomb = Buffer.concat([anna.bytes.subarray(0, 16), length, packed])
    expect(verifyEventProof(bomb)).toMatchObject({ ok: false, fault: { code: 'PROOF_FORMAT' } })
  })
})

describe('a proof of one hour', () => {
  test('shows the sessions of that hour, their timetable and end, with the acts that were signed by hand', () => {
    const { bytes } = proveEvents(ledger, { kind: 'hour', person: BORIS, from: MORNING + HOUR })
    const answer = unwrap(verifyEventProof(bytes, { key: station.key }))
    expect(answer.problem).toBeNull()
    expect(answer.events.map(({ index }) => index)).toEqual([0, 2, 4, 6, 9, 11, 12])
  })

  test('in which the person has no session can’t be made, nor passed off as another hour', () => {
    const night = { kind: 'hour', person: BORIS, from: MORNING + 9 * HOUR } as const
    expect(() => proveEvents(ledger, night)).toThrow(expect.objectContaining({ code: 'LEDGER_PROOF_NONE' }))
    const { bytes } = proveEvents(ledger, { kind: 'hour', person: BORIS, from: MORNING + HOUR })
    const about = { ...night, to: night.from + HOUR }
    const false_ = formatEventProof({ ...unwrap(parseEventProof(bytes)), about })
    expect(codeOf(unwrap(verifyEventProof(false_)))).toBe('about')
  })
})

test('a proof of one event holds it and no other trainee', () => {
  const { bytes, shown } = proveEvents(ledger, { kind: 'event', index: 8 })
  expect(shown).toEqual([0, 6, 8])
  expect(unwrap(verifyEventProof(bytes, { key: station.key })).ok).toBe(true)
})

describe('one proof for many leaves', () => {
  const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)))
  const tree = MerkleTree.fromLeaves(leaves)

  test('gives the root of every tree to 70 leaves for any choice of leaves, and of no other tree', () => {
    const choice = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.uniqueArray(fc.nat(69), { minLength: 1 }))
    fc.assert(
      fc.property(choice, ([size, chosen]) => {
        const indices = chosen.filter((index) => index < size).sort((a, b) => a - b)
        if (indices.length === 0) return
        const nodes = multiProof(indices, size, (index) => tree.inclusionProof(index, size))
        const shown = indices.map((index) => ({ index, leaf: leaves[index]! }))
        expect(multiProofRoot(shown, size, nodes)).toEqual(tree.root(size))
        expect(multiProofRoot(shown, size, [...nodes, leaves[0]!])).toBeNull()
        if (nodes.length > 0) expect(multiProofRoot(shown, size, nodes.slice(1))).toBeNull()
        const forged = [{ ...shown[0]!, leaf: leafHash(Buffer.from('x')) }, ...shown.slice(1)]
        expect(multiProofRoot(forged, size, nodes)).not.toEqual(tree.root(size))
      }),
    )
  })
})

function codeOf({ problem }: { readonly problem: { readonly code: string } | null }): string | null {
  return problem?.code ?? null
}

function iso(minute: number): string {
  return new Date(MORNING + minute * 60_000).toISOString()
}
