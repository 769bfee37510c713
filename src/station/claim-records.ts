import { randomBytes } from 'node:crypto'
import type { Certificate, ClassFacts, PersonFacts, PriorSubsidy } from '../attendance/claim-facts.ts'
import type { Unseal } from '../attendance/fact-history.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData } from '../ledger/event.ts'
import type { SideRecords } from '../ledger/side-records.ts'
import { factsDigest, onlineDigest, sealedFactsDigest } from '../ledger/signed-list.ts'
import type { StationData } from './data-folder.ts'
import type { Signer, Staff } from './staff.ts'

/*
 * Facts that claims need. What is about a person goes into a sealed side record of theirs, and the event holds its
 * salted commitment; what is about the class is in the event. Everything is signed by whoever enters it.
 */

export type FactSource = { readonly source: string; readonly by: Signer }

export function recordClassFacts(
  data: StationData,
  staff: Staff,
  classId: string,
  facts: ClassFacts,
  by: Signer,
): Result<null> {
  const act = staff.sign({ act: 'class.facts', class: classId, facts: factsDigest(facts) }, [by])
  if (!act.ok) return act
  data.ledger.append({ type: 'class.facts', data: { class: classId, facts, act: act.value } })
  return ok(null)
}

/** By number; a number that no person here has is `CLAIM_PERSON_UNKNOWN`, and nothing is kept. */
export function recordPersonFacts(
  data: StationData,
  staff: Staff,
  classId: string,
  facts: ReadonlyMap<string, PersonFacts>,
  { source, by }: FactSource,
): Result<number> {
  const people = sealAll(data, staff, [...facts], by)
  if (!people.ok) return people
  const list = sealedFactsDigest(people.value)
  const act = staff.sign({ act: 'person.facts', class: classId, people: list, source }, [by])
  if (!act.ok) return act
  const kept = people.value
  data.ledger.append({ type: 'person.facts', data: { class: classId, people: kept, source, act: act.value } })
  return ok(kept.length)
}

/** Faults as `recordPersonFacts`. */
export function recordCertificates(
  data: StationData,
  staff: Staff,
  classId: string,
  certificates: readonly { readonly number: string; readonly certificate: Certificate }[],
  { source, by }: FactSource,
): Result<number> {
  const named = certificates.map(({ number, certificate }): [string, Certificate] => [number, certificate])
  const people = sealAll(data, staff, named, by)
  if (!people.ok) return people
  const list = sealedFactsDigest(people.value)
  const act = staff.sign({ act: 'certificate.import', class: classId, people: list, source }, [by])
  if (!act.ok) return act
  data.ledger.append({
    type: 'certificate.imported',
    data: { class: classId, people: people.value, source, act: act.value },
  })
  return ok(people.value.length)
}

/** Earlier subsidies, complete for these people up to `asOf`. Faults as `recordPersonFacts`. */
export function recordHistory(
  data: StationData,
  staff: Staff,
  asOf: string,
  history: ReadonlyMap<string, readonly PriorSubsidy[]>,
  { source, by }: FactSource,
): Result<number> {
  const people = sealAll(data, staff, [...history], by)
  if (!people.ok) return people
  const act = staff.sign({ act: 'history.import', asOf, people: sealedFactsDigest(people.value), source }, [
    by,
  ])
  if (!act.ok) return act
  data.ledger.append({
    type: 'history.imported',
    data: { asOf, people: people.value, source, act: act.value },
  })
  return ok(people.value.length)
}

/** Hours of another system, which stay apart. Faults as `recordPersonFacts`. */
export function recordOnlineHours(
  data: StationData,
  staff: Staff,
  classId: string,
  hours: readonly { readonly number: string; readonly milliseconds: number }[],
  { source, by }: FactSource,
): Result<number> {
  const people: EventData['online.imported']['people'] = []
  for (const [row, { number, milliseconds }] of hours.entries()) {
    const person = data.side.personByNumber(number)
    if (person === null) return unknownPerson(row)
    people.push({ person, milliseconds })
  }
  const list = onlineDigest(people)
  const act = staff.sign({ act: 'online.import', class: classId, people: list, source }, [by])
  if (!act.ok) return act
  data.ledger.append({
    type: 'online.imported',
    data: { class: classId, people, source, act: act.value },
  })
  return ok(people.length)
}

/** Opens what an event commits to, and nothing that was put in its place. */
export function unsealFrom(side: Pick<SideRecords, 'get' | 'commitment'>): Unseal {
  return ({ person, record, commitment }) => {
    const bytes = side.get(person, 'identity', record)
    return bytes !== null && side.commitment(person, 'identity', record) === commitment ? bytes : null
  }
}

/** Salt and bytes of what an event commits to, for an auditor's part of a bundle. */
export function openRecordFrom(side: Pick<SideRecords, 'opening'>) {
  return (person: string, record: string) => side.opening(person, 'identity', record)
}

function sealAll(
  data: StationData,
  staff: Staff,
  facts: readonly (readonly [number: string, fact: object])[],
  by: Signer,
): Result<EventData['person.facts']['people']> {
  // Before anything is sealed: a stranger's PIN and an unknown number leave no trace.
  const allowed = staff.authenticate(by)
  if (!allowed.ok) return allowed
  const people = facts.map(([number]) => data.side.personByNumber(number))
  const missing = people.indexOf(null)
  if (missing >= 0) return unknownPerson(missing)
  return ok(
    facts.map(([, fact], row) => {
      const person = people[row] ?? ''
      const record = `claim/${randomBytes(8).toString('hex')}`
      data.side.put(person, 'identity', record, Buffer.from(JSON.stringify(fact)))
      return { person, record, commitment: data.side.commitment(person, 'identity', record) }
    }),
  )
}

function unknownPerson(row: number) {
  return failed(new Fault('CLAIM_PERSON_UNKNOWN', `row ${row + 1}: nobody here has this number`))
}
