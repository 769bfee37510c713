import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type InspectorList, signInspectorList } from '../../src/inspect/inspector-list.ts'
import { replayDraw } from '../../src/inspect/replay.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { CLASS, Inspector, MINUTE, PIN, START, VisitRig } from './visit-rig.ts'

/* What a visit is asked for and doesn't do: each is answered in words, is on record, and leaves the ledger right. */

const DAY = 86_400_000
const authority = ed25519Signer('hrss.example/inspectors', generateKeyPairSync('ed25519').privateKey)

let rig: VisitRig
afterEach(() => rig.end())

function listOf(change: Partial<InspectorList> = {}) {
  const [issued, until] = [START - DAY, START + DAY]
  const inspectors = [{ publicKey: rig.inspector.publicKey, from: issued, until }]
  const list = { number: 1, issued, until, inspectors, revoked: [], ...change }
  return { note: signInspectorList(list, authority), authority: authority.key.vkey }
}

/** The newest record says why, and nothing of the ledger is wrong. */
function expectOnRecord(reason: string, of: Record<string, unknown> = {}): void {
  expect(rig.newest()).toMatchObject({ type: 'visit.refused', data: { reason, ...of } })
  expect(rig.problem()).toBeNull()
}

describe('an inspector', () => {
  test('with a list that somebody forged, or an older one, is refused', async () => {
    rig = new VisitRig(3)
    const { note, authority: vkey } = listOf({ number: 2 })
    const forged = { note: note.replace('number 2', 'number 3'), authority: vkey }
    expect(await rig.refused('visit.admit', { list: forged })).toBe('INSPECT_LIST_FORGED')
    expectOnRecord('list-forged', { class: null })
    expect(await rig.do('visit.admit', { list: listOf({ number: 2 }) })).toMatchObject({
      ...{ standing: 'listed', list: { number: 2, authority: vkey } },
    })
    expect(await rig.refused('visit.admit', { list: listOf() })).toBe('INSPECT_LIST_OLDER')
    expectOnRecord('list-older')
  })

  test('whose key is revoked, unknown or past its time is refused', async () => {
    rig = new VisitRig(3)
    const { publicKey } = rig.inspector
    const revoked = [{ publicKey, since: START - DAY }]
    expect(await rig.refused('visit.admit', { list: listOf({ revoked }) })).toBe('INSPECT_INSPECTOR_REVOKED')
    expectOnRecord('revoked', { class: CLASS, publicKey })
    const stranger = new Inspector().publicKey
    expect(await rig.refused('visit.admit', { publicKey: stranger })).toBe('INSPECT_INSPECTOR_UNKNOWN')
    expectOnRecord('unknown', { publicKey: stranger })
    const inspectors = [{ publicKey, from: START - DAY, until: START - MINUTE }]
    const list = listOf({ number: 2, inspectors })
    expect(await rig.refused('visit.admit', { list })).toBe('INSPECT_INSPECTOR_LAPSED')
    expectOnRecord('lapsed')
  })

  test('struck off between the admission and the signature is refused', async () => {
    rig = new VisitRig(3)
    const { statement } = await rig.do('visit.admit', { list: listOf() })
    const { publicKey } = rig.inspector
    const list = listOf({ number: 2, revoked: [{ publicKey, since: START - DAY }] })
    await rig.refused('visit.admit', { publicKey: new Inspector().publicKey, list })
    const proof = rig.inspector.proof(statement)
    expect(await rig.refused('visit.open', { proof })).toBe('INSPECT_INSPECTOR_REVOKED')
    expectOnRecord('revoked', { publicKey })
  })

  test('whose signature under the opening or the end is forged is refused, and the visit stays as it was', async () => {
    rig = new VisitRig(3)
    const { publicKey } = rig.inspector
    const { statement } = await rig.do('visit.admit')
    const forger = new Inspector()
    expect(await rig.refused('visit.open', { proof: forger.proof(statement) })).toBe('INSPECT_SIGNATURE')
    expectOnRecord('signature', { class: CLASS, publicKey })
    const other = rig.inspector.proof(statement.replace('no-list', 'listed'))
    expect(await rig.refused('visit.open', { proof: other })).toBe('INSPECT_SIGNATURE')
    const { visit } = await rig.do('visit.open', { proof: rig.inspector.proof(statement) })
    const end = await rig.do('visit.finish')
    expect(await rig.refused('visit.close', { proof: forger.proof(end.statement) })).toBe('INSPECT_SIGNATURE')
    expectOnRecord('signature', { visit: visit.visit })
    await rig.do('visit.close', { proof: rig.inspector.proof(end.statement) })
    expect(rig.problem()).toBeNull()
  })

  test('who takes over ten minutes to sign is asked to begin again', async () => {
    rig = new VisitRig(3)
    const { statement } = await rig.do('visit.admit')
    rig.clock.set(START + 21 * MINUTE)
    const proof = rig.inspector.proof(statement)
    expect(await rig.refused('visit.open', { proof })).toBe('INSPECT_NOTHING_TO_SIGN')
  })

  test('of a class that isn’t here, or with a checkpoint that is none, is told so', async () => {
    rig = new VisitRig(3)
    expect(await rig.refused('visit.admit', { class: 'c9' })).toBe('ROSTER_CLASS_UNKNOWN')
    expect(await rig.refused('visit.admit', { seen: 'not a checkpoint' })).toBe('LEDGER_SEEN')
  })
})

describe('the PIN of a visit', () => {
  test('wrong five times in a row is on record once and refused for a minute, and no longer', async () => {
    rig = new VisitRig(3)
    const { visit } = await rig.open()
    const guess = () => rig.refused('visit.headcount', { count: 1, pin: '000000' })
    for (let i = 0; i < 4; i++) expect(await guess()).toBe('LEDGER_PIN')
    expect(rig.newest()).toMatchObject({ type: 'visit.opened' })
    expect(await guess()).toBe('LEDGER_PIN')
    expectOnRecord('wrong-pin', { visit: visit.visit, publicKey: rig.inspector.publicKey })
    expect(await rig.refused('visit.headcount', { count: 1, pin: PIN })).toBe('STATION_PIN_LOCKED')
    rig.clock.set(START + 12 * MINUTE)
    expect(await guess()).toBe('LEDGER_PIN')
    expect(await guess()).toBe('STATION_PIN_LOCKED')
    rig.clock.set(START + 14 * MINUTE)
    await rig.do('visit.headcount', { count: 1 })
    const refused = rig.events().filter(({ type }) => type === 'visit.refused')
    expect([refused.length, rig.problem()]).toEqual([1, null])
  }, 180_000)
})

describe('a draw', () => {
  test.each([
    ['of nobody', 'INSPECT_K_ZERO', 'k-zero', { k: 0 }],
    ['of more people than there are', 'INSPECT_K_TOO_LARGE', 'k-too-large', { k: 7 }],
    ['with a nonce that is none', 'INSPECT_NONCE', 'nonce', { nonce: 'today' }],
    [
      'from a commitment that the station lost, or a ledger that was set back',
      ...(['INSPECT_COMMITMENT_UNKNOWN', 'commitment-unknown', { commitment: '0'.repeat(64) }] as const),
    ],
  ] as const)('%s is refused', async (_what, code, reason, given) => {
    rig = new VisitRig(6)
    const { visit } = await rig.open()
    await rig.do('visit.commit')
    expect(await rig.refused('visit.draw', given)).toBe(code)
    expectOnRecord(reason, { class: CLASS, visit: visit.visit })
  })

  test('with a nonce that was used, or a commitment that was drawn from, is refused', async () => {
    rig = new VisitRig(6)
    await rig.open()
    const nonce = 'ab'.repeat(16)
    const { commitment } = await rig.do('visit.draw', { k: 2, nonce })
    expect(await rig.refused('visit.draw', { k: 2, nonce: nonce.toUpperCase() })).toBe('INSPECT_NONCE_REUSED')
    expectOnRecord('nonce-reused')
    expect(await rig.refused('visit.draw', { k: 2, commitment })).toBe('INSPECT_COMMITMENT_SPENT')
    expectOnRecord('commitment-spent')
  })

  test('of a class of one, or of an empty one, is refused', async () => {
    rig = new VisitRig(1)
    await rig.open()
    expect(await rig.refused('visit.commit')).toBe('INSPECT_CLASS_OF_ONE')
    expectOnRecord('class-of-one')
    expect(await rig.refused('visit.draw', { k: 1 })).toBe('INSPECT_CLASS_OF_ONE')
    expectOnRecord('class-of-one')
    await rig.do('visit.check', { person: rig.people[0]! })
    rig.end()
    rig = new VisitRig(0)
    expect(await rig.refused('visit.commit', { pin: null })).toBe('INSPECT_CLASS_EMPTY')
    expectOnRecord('class-empty', { publicKey: null })
  })

  test('whose plan the station lost is void, and the next one is drawn from a new commitment', async () => {
    rig = new VisitRig(6)
    await rig.open()
    const { commitment } = await rig.do('visit.commit')
    const committed = rig.newest()
    if (committed.type !== 'draw.committed') throw new Error('a commitment was recorded')
    rig.data.side.destroy(committed.data.draw, 'identity')
    const nonce = 'cd'.repeat(16)
    expect(await rig.refused('visit.draw', { k: 2, nonce, commitment })).toBe('INSPECT_COMMITMENT_LOST')
    expect(rig.newest()).toMatchObject({ type: 'draw.voided', data: { reason: 'lost', nonce } })
    expect(await rig.refused('visit.draw', { k: 2, commitment })).toBe('INSPECT_COMMITMENT_SPENT')
    await rig.do('visit.draw', { k: 2 })
    expect(rig.problem()).toBeNull()
  })

  test('whose file somebody edited doesn’t replay, and its file can be made again', async () => {
    rig = new VisitRig(6)
    await rig.open()
    const { file, order } = await rig.do('visit.draw', { k: 2 })
    const path = join(rig.dir, 'visits', file.name)
    const made = readFileSync(path, 'utf8')
    writeFileSync(path, made.replaceAll(order[0]!, rig.people.find((person) => !order.includes(person))!))
    expect(replayDraw(readFileSync(path))).toMatchObject({ fault: { code: 'INSPECT_DRAW_EDITED' } })
    const { files } = await rig.close()
    expect(files.map(({ name }) => name)).toContain(file.name)
    expect(replayDraw(readFileSync(path))).toMatchObject({ ok: true })
  })
})

test('a draw and an end whose files can’t be written stand all the same, and say so', async () => {
  rig = new VisitRig(6)
  await rig.open()
  const inTheWay = join(rig.dir, 'visits')
  writeFileSync(inTheWay, '')
  expect(await rig.do('visit.draw', { k: 2 })).toMatchObject({
    ...{ fileCode: 'EXPORT_WRITE', file: { bytes: 0 }, order: [expect.any(String), expect.any(String)] },
  })
  expect(await rig.close()).toMatchObject({ files: [], filesCode: 'EXPORT_WRITE' })
  expect(rig.newest()).toMatchObject({ type: 'visit.closed' })
  expect(rig.problem()).toBeNull()
})

describe('a ledger held against the last visit', () => {
  test('that only grew is consistent, and a file of JSON that holds the checkpoint will do', async () => {
    rig = new VisitRig(3)
    const seen = rig.data.ledger.checkpoint()
    await rig.do('visit.commit', { pin: null })
    expect((await rig.do('visit.admit', { seen })).since).toMatchObject({ finding: 'consistent' })
    const draw = JSON.stringify({ checkpoint: seen })
    expect((await rig.do('visit.admit', { seen: draw })).since).toMatchObject({ finding: 'consistent' })
    const { visit } = await rig.open({ seen: JSON.stringify({ opening: '', closing: seen }) })
    expect(visit.since).toMatchObject({ finding: 'consistent' })
  })

  test('that was set back since is on record with the opening, and the visit goes on', async () => {
    rig = new VisitRig(3)
    const size = rig.data.ledger.size
    const seen = await rig.setBack(() => rig.do('visit.commit', { pin: null }))
    const { visit } = await rig.open({ seen })
    expect(visit.since).toEqual({ size: size + 1, finding: 'rolled-back' })
    expect(rig.newest()).toMatchObject({ type: 'visit.opened', data: { since: { finding: 'rolled-back' } } })
    expect(rig.problem()).toBeNull()
  })

  test('and that has no such commitment any more says so, though the inspector has seen it', async () => {
    rig = new VisitRig(6)
    await rig.open()
    let commitment: string | null = null
    await rig.setBack(async () => {
      commitment = (await rig.do('visit.commit')).commitment
    })
    expect(await rig.refused('visit.draw', { k: 2, commitment })).toBe('INSPECT_COMMITMENT_UNKNOWN')
    expectOnRecord('commitment-unknown')
  })
})
