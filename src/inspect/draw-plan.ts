import { z } from 'zod'
import { toHex } from '../ledger/bytes.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { sha256 } from '../ledger/sha256.ts'
import type { Candidate } from './draw-order.ts'

/*
 * What a station commits to before it knows the inspector's nonce: who can be drawn, with what weights, and a seed.
 * Only the plan's hash is recorded then; the plan itself is revealed with the draw (docs/formats.md, "Draw").
 */

type Strata = EventData['draw.committed']['strata']
export type StratumName = Strata[number]['name']

/** One line of a draw's roster. `on-site`: the station itself made the portrait, or there is none. */
export interface DrawSeat {
  readonly person: string
  readonly stratum: StratumName
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))

const drawPlan = z.strictObject({
  format: z.literal('shidao-draw-plan/v1'),
  origin: z.string().min(1),
  class: z.string().min(1),
  draw: hex(32),
  roster: hex(64),
  strata: z
    .array(
      z.strictObject({
        name: z.enum(['on-site', 'other']),
        weight: z.int().min(1).max(16),
        people: z.int().min(0),
      }),
    )
    .min(1)
    .max(2),
  /** 256 random bits. */
  seed: hex(64),
})
export type DrawPlan = z.infer<typeof drawPlan>

/** The text that is committed to, byte for byte. */
export function planText(plan: Omit<DrawPlan, 'format'>): string {
  const { origin, class: classId, draw, roster, strata, seed } = plan
  const written: DrawPlan = {
    ...{ format: 'shidao-draw-plan/v1', origin, class: classId, draw },
    ...{ roster, strata, seed },
  }
  return JSON.stringify(written)
}

/** SHA-256 of the plan's UTF-8 text, hex. The seed in it is what nobody can guess. */
export function planCommitment(text: string): string {
  return toHex(sha256(new TextEncoder().encode(text)))
}

/** Reads a plan's text, null when it is none. */
export function readPlan(text: string): DrawPlan | null {
  try {
    const parsed = drawPlan.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** SHA-256, hex, over lines `person TAB stratum LF` in the order of the seats. */
export function seatsDigest(seats: readonly DrawSeat[]): string {
  return toHex(sha256(new TextEncoder().encode(seats.map(seatLine).join(''))))
}

/** How many people each stratum has; strata without people are left out. `onSiteWeight` from 1 to 16. */
export function strataOf(seats: readonly DrawSeat[], onSiteWeight: number): Strata {
  const people = (name: StratumName) => seats.filter(({ stratum }) => stratum === name).length
  const strata: Strata = [
    { name: 'on-site', weight: onSiteWeight, people: people('on-site') },
    { name: 'other', weight: 1, people: people('other') },
  ]
  return strata.filter((stratum) => stratum.people > 0)
}

/** The seats with their weights, in the same order; a stratum that isn't named has weight 1. */
export function candidatesOf(seats: readonly DrawSeat[], strata: Strata): Candidate[] {
  const weights = new Map(strata.map(({ name, weight }) => [name, weight]))
  return seats.map(({ person, stratum }) => ({ person, weight: weights.get(stratum) ?? 1 }))
}

/**
 * Who can be drawn from a class, people enrolled on site first, then by id: those who have a seat after these events.
 * Null for a class that isn't in them.
 */
export function seatsOf(events: Iterable<LedgerEvent>, classId: string): DrawSeat[] | null {
  let known = false
  const portraits = new Map<string, string>()
  const enrolledHere = new Set<string>()
  for (const { type, data } of events) {
    if (type === 'class.opened' && data.class === classId) known = true
    if (type === 'portrait.enrolled') enrolledHere.add(data.person)
    if (type !== 'roster.changed' || data.class !== classId) continue
    for (const { person, portrait } of data.added) portraits.set(person, portrait)
    for (const person of data.removed) portraits.delete(person)
  }
  if (!known) return null
  const seats = [...portraits].map(([person, portrait]): DrawSeat => {
    const brought = portrait === 'chip' || portrait === 'official'
    return { person, stratum: brought && !enrolledHere.has(person) ? 'other' : 'on-site' }
  })
  return seats.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

function sortKey({ person, stratum }: DrawSeat): string {
  return `${stratum === 'on-site' ? 0 : 1}${person}`
}

function seatLine({ person, stratum }: DrawSeat): string {
  return `${person}\t${stratum}\n`
}
