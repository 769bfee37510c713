import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { exportClass } from '../../src/export/class-export.ts'
import { verifyBundle } from '../../src/inspect/verify-bundle.ts'
import { verifyEventProof } from '../../src/inspect/verify-event-proof.ts'
import { foldVisits, openVisit, restsOn, type Visit } from '../../src/inspect/visit.ts'
import { coversOf } from '../../src/inspect/visit-covers.ts'
import { signAct, type WrappedKey } from '../../src/ledger/act.ts'
import { proveEvents } from '../../src/ledger/prove-events.ts'
import { CLASS, PIN, VisitRig } from './visit-rig.ts'

/* A station, or somebody with the visit's key and its PIN, does to a visit what only the inspector may do. */

let rig: VisitRig
let visit: Visit
let wrapped: WrappedKey

beforeEach(async () => {
  rig = new VisitRig(4)
  await rig.open()
  await rig.do('visit.headcount', { count: 4 })
  visit = openVisit(foldVisits(rig.events()), CLASS)!
  wrapped = JSON.parse(Buffer.from(rig.data.side.get(visit.visit, 'identity', 'visit-key')!).toString())
})
afterEach(() => rig.end())

const visitKey = () => ({
  actor: visit.visitKey!.actor,
  sign: (statement: string) =>
    unwrap(signAct(statement, { actor: visit.visitKey!.actor, wrapped, pin: PIN })).signature,
})

function count(): void {
  const body = { visit: visit.visit, class: CLASS, count: 9 }
  rig.data.ledger.append({
    type: 'visit.headcount',
    data: { ...body, act: rig.signed(visitKey(), 'visit.count', body) },
  })
}

function close(
  change: object,
  key: { readonly actor: string; sign(statement: string): string } = rig.inspector,
): void {
  const leaves = [...rig.data.ledger.events()].filter(
    ({ event }) => 'visit' in event.data && event.data.visit === visit.visit,
  )
  const institution = { signed: false as const, reason: 'refused' as const }
  const covers = coversOf(leaves)
  const body = { visit: visit.visit, class: CLASS, institution, note: null, covers, ...change }
  const data = { ...body, act: rig.signed(key, 'visit.close', body) }
  rig.data.ledger.append({ type: 'visit.closed', data })
}

test('a proof of a mark brings the opening of its visit, also where the inspector has come again', async () => {
  const { index } = rig.events().findLast(({ type }) => type === 'visit.headcount')!
  await rig.close()
  await rig.open()
  const { bytes } = proveEvents(rig.data.ledger, { kind: 'event', index })
  const { problem, events } = unwrap(verifyEventProof(bytes))
  expect(problem).toBeNull()
  expect(events.map(({ type }) => type)).toEqual(['station.key', 'visit.opened', 'visit.headcount'])
})

test('a mark that the visit’s key added after the inspector closed is found', async () => {
  await rig.close()
  expect(rig.problem()).toBeNull()
  count()
  expect(rig.problem()).toMatch(/^visit\.headcount: the visit was closed before/)
})

test('a mark that the visit’s key added between the inspector’s signature and the end is found', () => {
  const leaves = [...rig.data.ledger.events()].filter(
    ({ event }) => 'visit' in event.data && event.data.visit === visit.visit,
  )
  const covers = coversOf(leaves)
  count()
  close({ covers })
  expect(rig.problem()).toMatch(/closed over other records than the visit has/)
})

test.each([
  [
    'another number of records',
    { covers: { events: 1, sha256: '0'.repeat(64) } },
    /closed over other records/,
  ],
  ['no records', { covers: undefined }, /doesn’t say which records of the visit’s key it covers/],
])('an end that covers %s is found', (_what, change, words) => {
  close(change)
  expect(rig.problem()).toMatch(words)
})

test('an end that covers what is there is right', () => {
  close({})
  expect(rig.problem()).toBeNull()
})

test('an end that the visit’s key signed is found', () => {
  close({}, visitKey())
  expect(rig.problem()).toMatch(
    /visit\.closed: the inspector .* didn’t sign it, and the key of a visit ends none/,
  )
})

test('an end that the visit’s key signed for the institution is found', () => {
  const institution = { signed: true as const, actor: visit.visitKey!.actor }
  const leaves = [...rig.data.ledger.events()].filter(
    ({ event }) => 'visit' in event.data && event.data.visit === visit.visit,
  )
  const body = { visit: visit.visit, class: CLASS, institution, note: null, covers: coversOf(leaves) }
  const act = rig.signed(rig.inspector, 'visit.close', body)
  const both = [...act.signatures, { actor: visitKey().actor, signature: visitKey().sign(act.statement) }]
  rig.data.ledger.append({ type: 'visit.closed', data: { ...body, act: { ...act, signatures: both } } })
  expect(rig.problem()).toMatch(/nobody signed for the institution/)
})

test('an opening that the visit’s key signed is found', () => {
  const { inspector, visitKey: key } = visit
  const body = {
    ...{ visit: randomBytes(16).toString('hex'), class: CLASS, inspector, visitKey: key! },
    ...{ standing: 'no-list' as const, list: null, since: null },
  }
  const act = rig.signed(visitKey(), 'visit.open', body)
  rig.data.ledger.append({ type: 'visit.opened', data: { ...body, act } })
  expect(rig.problem()).toMatch(/visit\.opened: the inspector of the visit didn’t sign it/)
})

test('an opening that names the inspector’s own key as the visit’s is found', () => {
  const { actor, publicKey } = rig.inspector
  const body = {
    ...{ visit: randomBytes(16).toString('hex'), class: CLASS, inspector: { actor, publicKey } },
    ...{ visitKey: { actor, publicKey }, standing: 'no-list' as const, list: null, since: null },
  }
  const act = rig.signed(rig.inspector, 'visit.open', body)
  rig.data.ledger.append({ type: 'visit.opened', data: { ...body, act } })
  expect(rig.problem()).toMatch(/visit\.opened: the visit’s key is not one of its own/)
})

test('a mark whose evidence is not what was signed is found', () => {
  const body = {
    ...{
      visit: visit.visit,
      class: CLASS,
      person: rig.people[0]!,
      result: 'seen' as const,
      by: 'card' as const,
    },
    ...{ reason: null, photograph: null, note: null },
  }
  const act = rig.signed(visitKey(), 'visit.check', body)
  const evidence = { reader: null, face: null, simulated: true }
  rig.data.ledger.append({ type: 'visit.checked', data: { ...body, evidence, act } })
  expect(rig.problem()).toMatch(/visit\.checked: what was signed is not what is recorded/)
})

test('an inspector’s key under anything but a visit is nobody’s', () => {
  const body = { class: CLASS, stage: 'closed' as const, note: 'r' }
  const act = rig.signed(rig.inspector, 'class.advance', body)
  rig.data.ledger.append({ type: 'class.stage', data: { ...body, act } })
  expect(rig.problem()).toMatch(/^wrong-key a signer of the act is not enrolled/)
})

test('all of it is found in the class’s bundle too, which is all that a stranger has', async () => {
  const bundle = async () => {
    const { ledger, key } = rig.data
    const source = { ledger, packFolders: [], nameOf: () => null, signer: key.signer }
    const bytes = unwrap(await exportClass(source, CLASS, { kind: 'bundle', format: 'zip' }))
    return unwrap(verifyBundle(bytes)).problem
  }
  for (const person of rig.people) rig.attend(person, 'in')
  await rig.close()
  expect(await bundle()).toBeNull()
  count()
  expect(await bundle()).toMatchObject({ code: 'act', index: rig.newest().index })
})

test('a visit that was never closed rests on the visit’s key alone, and says so', async () => {
  expect(restsOn(visit)).toBe('visit-key')
  expect(rig.problem()).toBeNull()
  await rig.close()
  expect(restsOn(foldVisits(rig.events()).get(visit.visit)!)).toBe('inspector')
})
