import { z } from 'zod'

/*
 * Scripted bad days. A card file and a test name them the same way: `"noise"`, or `{"kind":"noise","bytes":40}`.
 * `on` is the command that is hit (default: any; for damage to answers: read), `times` how often (default: always).
 */

const commandName = z.enum([
  'reset',
  'status',
  'sam-number',
  'find',
  'select',
  'read',
  /** 30 03: the additional address, also asked to learn whether the card still lies there. */
  'probe',
  'max-rf-bytes',
  'speed',
])

const kinds = [
  'delay',
  'split',
  'join',
  'noise',
  'wrong-checksum',
  'truncated',
  'silent',
  'removal',
  'not-authorised',
  'refusal',
  'unplug',
  'zero-record',
] as const

const common = {
  on: commandName.optional(),
  times: z.int().min(1).max(1_000_000).optional(),
}

const detailedFault = z.discriminatedUnion(
  'kind',
  [
    /** The answer comes late, milliseconds. */
    z.strictObject({ kind: z.literal('delay'), ...common, ms: z.int().min(0).max(60_000).default(500) }),
    /** The answer comes in pieces of that many bytes with a gap between them, milliseconds. */
    z.strictObject({
      kind: z.literal('split'),
      ...common,
      bytes: z.int().min(1).max(4_096).default(64),
      gapMs: z.int().min(0).max(10_000).default(5),
    }),
    /** The answer before comes again, glued to the front of this one. */
    z.strictObject({ kind: z.literal('join'), ...common }),
    /** Random bytes before the answer. */
    z.strictObject({ kind: z.literal('noise'), ...common, bytes: z.int().min(1).max(4_096).default(24) }),
    z.strictObject({ kind: z.literal('wrong-checksum'), ...common }),
    /** Only half of the answer comes. */
    z.strictObject({ kind: z.literal('truncated'), ...common }),
    /** No answer at all. */
    z.strictObject({ kind: z.literal('silent'), ...common }),
    /** The card goes during the read. */
    z.strictObject({ kind: z.literal('removal'), ...common }),
    /** Every command is refused with 66. */
    z.strictObject({ kind: z.literal('not-authorised'), ...common }),
    /** The command is refused with that status byte, decimal: 96 is a failed self-test. */
    z.strictObject({ kind: z.literal('refusal'), ...common, status: z.int().min(0).max(255) }),
    /** The reader is pulled out: the line ends. */
    z.strictObject({ kind: z.literal('unplug'), ...common }),
    /** A text record of zero bytes. */
    z.strictObject({ kind: z.literal('zero-record'), ...common }),
  ],
  {
    error: ({ code }) =>
      code === 'invalid_union' ? `there is no such fault; there are: ${kinds.join(', ')}` : undefined,
  },
)
export type SimulatedFault = z.infer<typeof detailedFault>
export type FaultKind = SimulatedFault['kind']
/** Every kind there is. */
export const faultKinds: readonly FaultKind[] = kinds
export type FaultedCommand = z.infer<typeof commandName>

/** A fault as it is written: a bare kind or the details. */
export const simulatedFault = z.preprocess(
  (written) => (typeof written === 'string' ? { kind: written } : written),
  detailedFault,
)

/** What is still to go wrong. */
export class FaultScript {
  readonly #pending: { fault: SimulatedFault; left: number }[]

  constructor(faults: readonly SimulatedFault[]) {
    this.#pending = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }))
  }

  /** The fault of that kind that hits this command now, used up once; null if there is none. */
  take<K extends FaultKind>(kind: K, command: FaultedCommand): Extract<SimulatedFault, { kind: K }> | null {
    const hit = this.#pending.find(
      ({ fault, left }) => left > 0 && fault.kind === kind && hits(fault, command),
    )
    if (hit === undefined) return null
    hit.left--
    return hit.fault as Extract<SimulatedFault, { kind: K }>
  }

  add(fault: SimulatedFault): void {
    this.#pending.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }

  clear(): void {
    this.#pending.length = 0
  }
}

function hits(fault: SimulatedFault, command: FaultedCommand): boolean {
  const on = fault.on ?? (readFaults.has(fault.kind) ? 'read' : undefined)
  return on === undefined || on === command
}

/** Faults that hit only the read where a script doesn't say otherwise. */
const readFaults: ReadonlySet<FaultKind> = new Set([
  'wrong-checksum',
  'truncated',
  'removal',
  'zero-record',
  'unplug',
])
