import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { CommittedSample, Sample } from './sample.ts'

/* The files of a sample: what is kept closed after the commitment, and the sample that anybody draws again. */

export const SAMPLE_FORMAT = 'shidao-sample/v1'
export const COMMITTED_FORMAT = 'shidao-sample-committed/v1'
const MAX_BYTES = 32 * 1024 * 1024

const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
const name = z.string().max(1000)

const committed = {
  plan: z.string().min(2).max(4000),
  institutions: z
    .array(z.strictObject({ id, name, weight: z.int().min(1).max(16), area: name }))
    .min(1)
    .max(20_000),
  inspectors: z
    .array(z.strictObject({ id, name, areas: z.array(name).max(1000), conflicts: z.array(id).max(20_000) }))
    .min(1)
    .max(20_000),
}

const committedDocument = z.strictObject({ format: z.literal(COMMITTED_FORMAT), ...committed })
const sampleDocument = z.strictObject({
  format: z.literal(SAMPLE_FORMAT),
  commitment: z.string().regex(/^[0-9a-f]{64}$/),
  nonce: z.string().regex(/^([0-9a-f]{2}){16,64}$/),
  commitmentSeen: z.boolean(),
  sample: z.array(z.strictObject({ institution: id, inspectors: z.array(id).length(2) })).min(1),
  ...committed,
})

export function formatCommitted(sample: CommittedSample): Uint8Array {
  return jsonBytes({ format: COMMITTED_FORMAT, ...sample })
}

export function formatSample({ commitment, nonce, commitmentSeen, sample, ...rest }: Sample): Uint8Array {
  return jsonBytes({ format: SAMPLE_FORMAT, commitment, nonce, commitmentSeen, sample, ...rest })
}

/** Reads what was committed to. Total. Fault `INSPECT_SAMPLE_FORMAT`. */
export function parseCommitted(bytes: Uint8Array): Result<CommittedSample> {
  const read = committedDocument.safeParse(jsonOf(bytes))
  if (!read.success) return malformed(COMMITTED_FORMAT)
  const { format: _, ...rest } = read.data
  return inOrder(rest) ? ok(rest) : malformed(COMMITTED_FORMAT)
}

/** Reads a sample; nothing of it is believed yet. Total. Fault `INSPECT_SAMPLE_FORMAT`. */
export function parseSample(bytes: Uint8Array): Result<Sample> {
  const read = sampleDocument.safeParse(jsonOf(bytes))
  if (!read.success) return malformed(SAMPLE_FORMAT)
  const { format: _, ...rest } = read.data
  return inOrder(rest) ? ok(rest) : malformed(SAMPLE_FORMAT)
}

/** By rising id and each once: the order is part of what is drawn from. */
function inOrder({
  institutions,
  inspectors,
}: Pick<CommittedSample, 'institutions' | 'inspectors'>): boolean {
  const rises = (list: readonly { readonly id: string }[]) =>
    list.every((one, at) => at === 0 || list[at - 1]!.id < one.id)
  return rises(institutions) && rises(inspectors)
}

function jsonBytes(document: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`)
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return bytes.length > MAX_BYTES
      ? null
      : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}

function malformed(format: string) {
  return failed(new Fault('INSPECT_SAMPLE_FORMAT', `this is not a ${format}, or a damaged one`))
}
