import type { EventData, FaceEvidence } from '../ledger/event.ts'

/**
 * What the comparison and the liveness layers saw of a visit, for whoever decides a doubtful record; each language has its words.
 * A new one wants its words in `src/ui/i18n/office`.
 */
export type FindingCode =
  | 'no-consent'
  | 'card-expired'
  | 'face-none'
  | 'face-match'
  | 'face-below'
  | 'face-other'
  | 'seen-before'
  | 'frozen'
  | 'loop'
  | 'no-noise'
  | 'camera-virtual'
  | 'camera-changed'
  | 'camera-clock'
  | 'camera-unknown'
  | 'camera-simulated'
  | 'picture'
  | 'maybe-picture'
  | 'flat'
  | 'room-follows'
  | 'room-may-follow'
  | 'pattern'
  | 'faint-pattern'
  | 'light-foreign'
  | 'light-unseen'
  | 'prompt-other'
  | 'prompt-flat'
  | 'prompt-somebody-else'
  | 'prompt-left'
  | 'prompt-timed-out'
  | 'prompts-done'
  | 'not-judged'
  | 'liveness-attack'
  | 'liveness-unsure'
  | 'other'

export interface Finding {
  readonly code: FindingCode
  /** Of the face codes: the record's similarity and the threshold that it was measured by, −1 … 1. */
  readonly score?: number
  readonly threshold?: number
  /** Of the prompt codes: which one, `PromptKind`. */
  readonly prompt?: string
  /** Of `other`: a layer or reason that has no words yet, as recorded. */
  readonly name?: string
}

type Evidence = Pick<EventData['attendance'], 'reason' | 'face'>
type Liveness = NonNullable<FaceEvidence['liveness']>
type Layer = NonNullable<Liveness['layers']>[number]

/**
 * The findings of a record, what speaks against the person first, at most one a layer. Layers that saw nothing are left out;
 * a record whose liveness was never judged says so. Total: layers and reasons of later programs become `other`.
 */
export function findingsOf({ reason, face }: Evidence): readonly Finding[] {
  const asRecorded = reason === 'card-expired' ? [{ code: 'card-expired' as const }] : []
  if (reason === 'consent-refused') return [{ code: 'no-consent' }]
  if (face === null) return [...asRecorded, { code: 'face-none' }]
  return [...asRecorded, ...faceFindings(face), ...livenessFindings(face.liveness)]
}

function faceFindings({ score, accept, reject }: FaceEvidence): readonly Finding[] {
  if (score === null) return [{ code: 'face-none' }]
  const code = score >= accept ? 'face-match' : score < reject ? 'face-other' : 'face-below'
  return [{ code, score, threshold: accept }]
}

function livenessFindings(liveness: FaceEvidence['liveness']): readonly Finding[] {
  if (liveness === null) return [{ code: 'not-judged' }]
  const { verdict, layers = [], prompts = [] } = liveness
  const found = layers.flatMap((layer) => {
    const finding = layer.layer === 'prompt' ? promptFinding(layer, prompts) : layerFinding(layer)
    return finding === null ? [] : [{ finding, isAttack: layer.verdict === 'attack' }]
  })
  const ordered = [...found.filter(({ isAttack }) => isAttack), ...found.filter(({ isAttack }) => !isAttack)]
  if (ordered.length > 0 || verdict === 'bonaFide') return ordered.map(({ finding }) => finding)
  return [{ code: verdict === 'attack' ? 'liveness-attack' : 'liveness-unsure' }]
}

/** By layer: what its reason (`detail.why`) means. */
const REASONS: Readonly<Record<string, Readonly<Record<string, FindingCode>>>> = {
  replay: {
    'seen-before': 'seen-before',
    'same-moment': 'seen-before',
    frozen: 'frozen',
    loop: 'loop',
    'no-noise': 'no-noise',
  },
  camera: {
    virtual: 'camera-virtual',
    changed: 'camera-changed',
    clock: 'camera-clock',
    unknown: 'camera-unknown',
    simulated: 'camera-simulated',
  },
  motion: {
    flat: 'flat',
    'surroundings-follow': 'room-follows',
    'surroundings-may-follow': 'room-may-follow',
  },
  texture: { pattern: 'pattern', 'faint-pattern': 'faint-pattern' },
  light: { foreign: 'light-foreign', 'too-few-frames': 'light-unseen' },
}

/** What these say without a reason. */
const WITHOUT_REASON: Readonly<Record<string, FindingCode>> = { light: 'light-unseen' }

function layerFinding({ layer, verdict, score, detail }: Layer): Finding | null {
  if (verdict === 'bonaFide') return null
  if (layer === 'passive') {
    if (score === null) return null
    return { code: verdict === 'attack' ? 'picture' : 'maybe-picture' }
  }
  const why = typeof detail.why === 'string' ? detail.why : null
  const code = why === null ? own(WITHOUT_REASON, layer) : own(own(REASONS, layer) ?? {}, why)
  if (code !== undefined) return { code }
  // Without a score it saw nothing to judge by.
  return verdict === 'unsure' && score === null ? null : { code: 'other', name: why ?? layer }
}

function promptFinding({ detail }: Layer, prompts: NonNullable<Liveness['prompts']>): Finding | null {
  const failed = prompts.find(({ state }) => state !== 'done')
  if (failed === undefined) return prompts.length === 0 ? null : { code: 'prompts-done' }
  const code = own(PROMPT_STATES, failed.state)
  return code === undefined
    ? { code: 'other', name: String(detail.why ?? failed.state) }
    : { code, prompt: failed.kind }
}

const PROMPT_STATES: Readonly<Record<string, FindingCode>> = {
  other: 'prompt-other',
  flat: 'prompt-flat',
  'somebody-else': 'prompt-somebody-else',
  left: 'prompt-left',
  'timed-out': 'prompt-timed-out',
}

/** A record may hold any word: `constructor` is no reason. */
function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
