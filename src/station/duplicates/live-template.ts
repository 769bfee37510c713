import type { FaceEngine } from '../../face/engine.ts'
import type { ModelIdentity, Template } from '../../face/recogniser.ts'
import { decodeFloats, encodeFloats } from '../../face/self-test.ts'
import type { SideRecords } from '../../ledger/side-records.ts'

/** The part of a face engine that makes templates. */
export interface TemplateSource extends Pick<FaceEngine, 'template'> {
  readonly info: { readonly model: ModelIdentity }
}

/** What is kept of a frame that was looked at. */
export interface LookedAt {
  readonly frames: readonly { readonly jpeg: Uint8Array; readonly score: number | null }[]
}

/** More frames of one look are nearly the same picture again. */
const FRAMES = 3

/**
 * One template of a verified look: the direction of the mean of its best frames' embeddings, length 1. Null when the engine
 * finds no face that can be compared in any of them, or is lost.
 */
export async function liveTemplate(look: LookedAt, engine: TemplateSource): Promise<Template | null> {
  const compared = look.frames.filter(({ score }) => score !== null)
  const best = compared.toSorted((a, b) => b.score! - a.score!).slice(0, FRAMES)
  const embeddings: Float32Array[] = []
  for (const { jpeg } of best) {
    const found = await engine.template(jpeg, 'frame')
    if (found.ok) embeddings.push(found.value.template.embedding)
  }
  const embedding = meanDirection(embeddings)
  return embedding && { model: engine.info.model, embedding }
}

/** Seals a person's template under their biometric key; the one of an earlier look is replaced. */
export function keepLiveTemplate(side: SideRecords, person: string, { model, embedding }: Template): void {
  const record: TemplateRecord = { v: 1, model, embedding: encodeFloats(embedding) }
  side.put(person, 'biometric', recordName(model), Buffer.from(JSON.stringify(record)))
}

/** A person's template by this model; null without one, or where the key was destroyed. */
export function keptLiveTemplate(side: SideRecords, person: string, model: ModelIdentity): Template | null {
  const bytes = side.get(person, 'biometric', recordName(model))
  if (bytes === null) return null
  const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as TemplateRecord
  // Eight digits name the record, all of them say whose numbers these are.
  if (record.model.sha256 !== model.sha256) return null
  return { model: record.model, embedding: decodeFloats(record.embedding) }
}

/** Removes a person's templates by every model, and nothing else of theirs. Gives how many there were. */
export function removeLiveTemplates(side: SideRecords, person: string): number {
  const templates = side
    .list(person)
    .filter(({ kind, name }) => kind === 'biometric' && name.startsWith(PREFIX))
  for (const { kind, name } of templates) side.remove(person, kind, name)
  return templates.length
}

interface TemplateRecord {
  readonly v: 1
  readonly model: ModelIdentity
  /** Base64 of little-endian float32. */
  readonly embedding: string
}

const PREFIX = 'template/live/'

function recordName({ sha256 }: ModelIdentity): string {
  return `${PREFIX}${sha256.slice(0, 8)}`
}

function meanDirection(embeddings: readonly Float32Array[]): Float32Array | null {
  const [first] = embeddings
  if (first === undefined) return null
  const sum = first.map((_, i) => embeddings.reduce((total, embedding) => total + embedding[i]!, 0))
  const length = Math.hypot(...sum)
  return length > 0 ? sum.map((value) => value / length) : null
}
