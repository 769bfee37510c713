import type { z } from 'zod'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import {
  type Certificate,
  type ClassFacts,
  certificate,
  classFacts,
  levelNamed,
  type PersonFacts,
  type PriorSubsidy,
  personFacts,
  priorSubsidies,
  unknownClass,
} from './claim-facts.ts'

type SealedFact = EventData['person.facts']['people'][number]

/** Opens a sealed record that an event commits to; null if it is gone, destroyed, or not what was committed to. */
export type Unseal = (fact: SealedFact) => Uint8Array | null

export interface IssuedCertificate extends Certificate {
  readonly class: string
}

/** Earlier subsidies of a person, complete up to `asOf`. */
export interface PriorHistory {
  readonly asOf: string
  readonly subsidies: readonly PriorSubsidy[]
}

/** What a ledger and its sealed records say beside attendance. People and classes of whom nothing is known are missing. */
export interface FactHistory {
  readonly classes: ReadonlyMap<string, ClassFacts>
  readonly people: ReadonlyMap<string, PersonFacts>
  readonly certificates: ReadonlyMap<string, readonly IssuedCertificate[]>
  readonly prior: ReadonlyMap<string, PriorHistory>
  /** Milliseconds of other systems, by class and person. */
  readonly online: ReadonlyMap<string, ReadonlyMap<string, number>>
}

interface Growing {
  readonly classes: Map<string, ClassFacts>
  readonly people: Map<string, PersonFacts>
  readonly certificates: Map<string, IssuedCertificate[]>
  readonly prior: Map<string, PriorHistory>
  readonly online: Map<string, Map<string, number>>
}

/**
 * Facts for claims as a pure function of the events in order and of what `unseal` opens. The newest fact stands; a
 * class that says no occupation or level has those of its filing; certificates and earlier subsidies add up.
 */
export function projectFacts(events: Iterable<LedgerEvent>, unseal: Unseal): FactHistory {
  const facts: Growing = {
    classes: new Map(),
    people: new Map(),
    certificates: new Map(),
    prior: new Map(),
    online: new Map(),
  }
  for (const event of events) apply(facts, event, unseal)
  return facts
}

function apply(facts: Growing, event: LedgerEvent, unseal: Unseal): void {
  switch (event.type) {
    case 'class.filed': {
      const { class: id, occupation, level } = event.data
      const before = facts.classes.get(id) ?? unknownClass
      facts.classes.set(id, { ...before, occupation, level: levelNamed(level) })
      return
    }
    case 'class.facts': {
      const told = classFacts.safeParse(event.data.facts)
      if (!told.success) return
      const before = facts.classes.get(event.data.class) ?? unknownClass
      const occupation = told.data.occupation ?? before.occupation
      facts.classes.set(event.data.class, {
        ...told.data,
        occupation,
        level: told.data.level ?? before.level,
      })
      return
    }
    case 'person.facts':
      for (const fact of event.data.people) {
        const read = opened(fact, unseal, personFacts)
        if (read !== null) facts.people.set(fact.person, read)
      }
      return
    case 'certificate.imported':
      for (const fact of event.data.people) {
        const read = opened(fact, unseal, certificate)
        if (read !== null) addCertificate(facts, fact.person, { ...read, class: event.data.class })
      }
      return
    case 'history.imported':
      for (const fact of event.data.people) {
        const read = opened(fact, unseal, priorSubsidies)
        if (read !== null)
          facts.prior.set(fact.person, merged(facts.prior.get(fact.person), event.data.asOf, read))
      }
      return
    case 'online.imported': {
      const hours = facts.online.get(event.data.class) ?? new Map<string, number>()
      for (const { person, milliseconds } of event.data.people) hours.set(person, milliseconds)
      facts.online.set(event.data.class, hours)
      return
    }
  }
}

function opened<T extends z.ZodType>(fact: SealedFact, unseal: Unseal, schema: T): z.infer<T> | null {
  const bytes = unseal(fact)
  if (bytes === null) return null
  try {
    const read = schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** The same certificate again replaces itself: an import that runs twice earns nothing twice. */
function addCertificate(facts: Growing, person: string, added: IssuedCertificate): void {
  const others = (facts.certificates.get(person) ?? []).filter(
    ({ number, kind }) => number !== added.number || kind !== added.kind,
  )
  facts.certificates.set(person, [...others, added])
}

function merged(
  before: PriorHistory | undefined,
  asOf: string,
  found: readonly PriorSubsidy[],
): PriorHistory {
  if (before === undefined) return { asOf, subsidies: found }
  const key = (subsidy: PriorSubsidy) => JSON.stringify(Object.entries(subsidy).sort())
  const all = new Map([...before.subsidies, ...found].map((subsidy) => [key(subsidy), subsidy]))
  return { asOf: before.asOf > asOf ? before.asOf : asOf, subsidies: [...all.values()] }
}
