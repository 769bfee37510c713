import { afterEach, expect, test } from 'vitest'
import type { FaceEvidence } from '../../src/ledger/event.ts'
import { MINUTE, START, VisitRig } from './visit-rig.ts'

/* What the station's own reader and camera saw, carried by the mark that rests on it. */

const reader = { profile: 'sam-serial', port: 'sim:/dev/scripted', samId: '01' }

function face(
  verdict: 'verified' | 'refused' | 'doubtful',
  liveness: FaceEvidence['liveness'] = null,
): FaceEvidence {
  const decision = { verdict, impostorTail: 0.1, visitSpread: 0.08, noFace: 0, software: 'test' }
  const frames = [{ sha256: '2'.repeat(64), score: 0.9, issue: null }]
  const model = { name: 'scripted', sha256: '1'.repeat(64) }
  const limits = { accept: 0.5, reject: 0.3, portrait: '3'.repeat(64), score: 0.9 }
  return { engine: 'scripted', model, ...limits, frames, decision, liveness }
}

let rig: VisitRig
afterEach(() => rig.end())

test('a card that the reader read carries its evidence into the check, once', async () => {
  rig = new VisitRig(3)
  const [person, other] = rig.people as [string, string]
  rig.attend(person, 'in')
  rig.lend({ person, card: { name: '学**', number: '990***0' }, reader })
  await rig.open()
  const seen = await rig.do('visit.identify', { by: 'card' })
  expect(seen).toMatchObject({ person, name: '学**', record: 'exists', face: null, simulated: true })
  const { ticket } = seen
  expect(await rig.refused('visit.check', { person: other, ticket })).toBe('INSPECT_TICKET')
  expect(await rig.refused('visit.check', { person, by: 'face', ticket })).toBe('INSPECT_TICKET')
  await rig.do('visit.check', { person, ticket })
  expect(rig.newest()).toMatchObject({ data: { evidence: { reader, face: null, simulated: true } } })
  expect(await rig.refused('visit.check', { person, ticket })).toBe('INSPECT_TICKET')
  await rig.close()
  expect(rig.problem()).toBeNull()
})

test('a face that didn’t match, or may be a photograph’s, verifies nobody', async () => {
  rig = new VisitRig(3)
  const [person] = rig.people as [string]
  await rig.open()
  const look = async (evidence: FaceEvidence) => {
    rig.lend({ person, face: evidence })
    return rig.do('visit.identify', { by: 'face', person })
  }
  const by = 'face' as const
  const nonmatch = await look(face('refused'))
  expect(nonmatch.face).toEqual({ verdict: 'nonmatch', score: 0.9 })
  expect(await rig.refused('visit.check', { person, by, ticket: nonmatch.ticket })).toBe('INSPECT_TICKET')
  const found = { person, by, record: 'none' as const, ticket: nonmatch.ticket }
  expect(await rig.refused('visit.find', found)).toBe('INSPECT_TICKET')
  const attack = await look(face('verified', { verdict: 'attack', score: 0.1 }))
  expect(attack.face?.verdict).toBe('unsure')
  expect(await rig.refused('visit.check', { person, by, ticket: attack.ticket })).toBe('INSPECT_TICKET')
  await rig.do('visit.check', { person, result: 'not-seen', by: null, ticket: nonmatch.ticket })
  expect(rig.newest()).toMatchObject({ data: { result: 'not-seen', evidence: { face: { score: 0.9 } } } })
  const match = await look(face('verified'))
  expect(match.face?.verdict).toBe('match')
  await rig.do('visit.check', { person, by, ticket: match.ticket })
  await rig.close()
  expect(rig.problem()).toBeNull()
})

test('a reverse draw says what the log has of whoever holds the card', async () => {
  rig = new VisitRig(3)
  const [present, gone, absent] = rig.people as [string, string, string]
  rig.attend(present, 'in')
  rig.attend(gone, 'in')
  rig.attend(gone, 'out')
  await rig.open()
  const records = []
  for (const person of [present, gone, absent, null]) {
    rig.lend({ person, reader })
    const { ticket, record } = await rig.do('visit.identify')
    records.push(record)
    const other = record === 'exists' ? 'none' : 'exists'
    expect(await rig.refused('visit.find', { person, by: 'card', record: other, ticket })).toBe(
      'INSPECT_TICKET',
    )
    await rig.do('visit.find', { person, by: 'card', record, ticket })
  }
  expect(records).toEqual(['exists', 'signed-out', 'none', 'not-on-roster'])
  expect((await rig.do('visit.facts')).visit?.found.map(({ record }) => record)).toEqual(records)
  expect(rig.problem()).toBeNull()
})

test('evidence is good for ten minutes, and the door may be busy or closed', async () => {
  rig = new VisitRig(3)
  const [person] = rig.people as [string]
  await rig.open()
  expect(await rig.refused('visit.identify')).toBe('STATION_NOT_NOW')
  rig.lend({ person, reader })
  expect(await rig.refused('visit.identify', { pin: '000000' })).toBe('LEDGER_PIN')
  expect(await rig.refused('visit.identify', { by: 'face', person: null })).toBe('INSPECT_IDENTIFY_PERSON')
  const { ticket } = await rig.do('visit.identify')
  rig.clock.set(START + 21 * MINUTE)
  expect(await rig.refused('visit.check', { person, ticket })).toBe('INSPECT_TICKET')
})

test('a face that was compared by a model which the station never loaded is found', async () => {
  const started = (sha256: string) => {
    const running = {
      software: 'test',
      node: 'v24',
      engine: 'scripted',
      models: [{ name: 'scripted', sha256 }],
    }
    const rest = { accept: 0.5, reject: 0.3, licence: 'test', chosen: null, reader: null, camera: null }
    rig.data.ledger.append({ type: 'station.start', data: { ...running, ...rest } })
  }
  const problemWith = async (loaded: string) => {
    rig = new VisitRig(3)
    const [person] = rig.people as [string]
    await rig.open()
    started(loaded)
    rig.lend({ person, face: face('verified') })
    const { ticket } = await rig.do('visit.identify', { by: 'face', person })
    await rig.do('visit.check', { person, by: 'face', ticket })
    return rig.problem()
  }
  expect(await problemWith('1'.repeat(64))).toBeNull()
  rig.end()
  expect(await problemWith('4'.repeat(64))).toMatch(/^model-hash /)
})
