import { classFacts, personFacts } from '../../src/attendance/claim-facts.ts'
import { unwrap } from '../../src/common/result.ts'
import { type ExportSource, exportClass } from '../../src/export/class-export.ts'
import type { Recipients } from '../../src/export/sealed/age.ts'
import { correctAttendance } from '../../src/station/attendance-acts.ts'
import {
  openRecordFrom,
  recordCertificates,
  recordClassFacts,
  recordHistory,
  recordPersonFacts,
  unsealFrom,
} from '../../src/station/claim-records.ts'
import { personIdentity } from '../../src/station/setup.ts'
import type { Signer } from '../../src/station/staff.ts'
import { MINUTE, MORNING, session } from '../attendance/class-story.ts'
import { type StationStory, stationStory } from './station-story.ts'

export const ZHANG = '11010519491231002X'
export const LI = '440308199901101512'

/**
 * A class with everything that an auditor looks at: facts about the class and both people, a certificate, history from
 * elsewhere, a correction by two people, a random check. 张三 may claim one day with the uplift; of 李四 it is known that
 * the allowance is not for them.
 */
export function claimStory(
  afterwards?: (clean: () => void) => void,
): StationStory & { readonly second: Signer } {
  const story = stationStory({}, afterwards)
  const { data, staff, supervisor: by, clock } = story
  const [zhang, li] = story.people
  const { actor } = unwrap(staff.enrol({ name: '赵主管', role: 'supervisor', pin: '246810' }, by))
  const second = { actor, pin: '246810' }
  const facts = classFacts.parse({
    ...{ occupation: '电工', level: 'primary', trainingKind: 'employment', uplift: 'adopted' },
    ...{ items: ['living-allowance'], region: '620500', practiceSessions: [session.id] },
  })
  unwrap(recordClassFacts(data, staff, 'c1', facts, by))
  const told = new Map([
    [ZHANG, personFacts.parse({ groups: ['poor-worker'], insuranceMonths: 14 })],
    [LI, personFacts.parse({ groups: [] })],
  ])
  const source = { source: '县人社局', by }
  unwrap(recordPersonFacts(data, staff, 'c1', told, source))
  unwrap(recordHistory(data, staff, '2026-02-28', new Map([[ZHANG, []]]), source))
  const check = 'c'.repeat(32)
  const seat = { class: 'c1', session: session.id }
  const count = 1
  data.ledger.append({
    type: 'check.committed',
    data: { ...seat, check, commitment: 'd'.repeat(64), count, windowMs: 600_000 },
  })
  story.sign(zhang, 'in', -5, { portrait: 'chip' })
  story.sign(li, 'in', 10)
  data.ledger.append({
    type: 'check.called',
    data: { ...seat, check, number: 0, until: MORNING + 20 * MINUTE },
  })
  story.sign(zhang, 'out', 181, { portrait: 'chip' })
  clock.set(MORNING + 200 * MINUTE)
  const add = { direction: 'out' as const, at: MORNING + 180 * MINUTE }
  const given = { ...seat, person: li, add, void: null, reason: '签退时读卡器断电' }
  unwrap(correctAttendance(data, staff, given, [by, second]))
  const certificate = {
    ...{ kind: 'training' as const, number: 'C-0001', occupation: '电工', level: 'primary' as const },
    issuedOn: '2026-03-02',
  }
  unwrap(recordCertificates(data, staff, 'c1', [{ number: ZHANG, certificate }], source))
  data.ledger.append({ type: 'session.closed', data: seat })
  return { ...story, second }
}

export function sourceOf({ data, staff }: StationStory): ExportSource {
  const { ledger, key, side } = data
  const names = new Map(staff.list().map(({ actor, name }) => [actor, name]))
  return {
    ...{ ledger, signer: key.signer, packFolders: [], unseal: unsealFrom(side) },
    ...{ nameOf: (person) => personIdentity(data, person), openRecord: openRecordFrom(side) },
    actorName: (actor) => names.get(actor) ?? null,
  }
}

export async function sealedBundle(story: StationStory, sealFor: Recipients): Promise<Uint8Array> {
  return unwrap(await exportClass(sourceOf(story), 'c1', { kind: 'bundle', format: 'zip', sealFor }))
}
