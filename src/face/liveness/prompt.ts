import { LIVENESS_CALIBRATION } from './calibration.ts'
import { type LayerReading, nothingSeen } from './layer.ts'
import type { FrameObservation } from './observation.ts'
import { reliefOf } from './relief.ts'

/*
 * Prompts: a film that was made before cannot know which movement is asked, and a flat picture cannot make most of them.
 * All measures but size are affine invariants of the mesh's image points: whatever a sheet of paper or a screen does,
 * turned, tilted or moved, they stay, because four points of a plane keep their coordinates in each other. Only a nose
 * that stands before the ears changes them. The landmark network imagines a nose on a paper mask that turns, though: what it
 * calls a turn must show in the picture itself (relief.ts). Blinking is never asked: it needs eyes that can, and films blink too.
 */

/** Left and right are the person's own. */
export type PromptKind = 'turn-left' | 'turn-right' | 'look-up' | 'look-down' | 'open-mouth' | 'come-closer'

/** What only a thing with depth can do. */
const DEEP: readonly PromptKind[] = ['turn-left', 'turn-right', 'look-up', 'look-down']
const OTHERS: readonly PromptKind[] = [...DEEP, 'open-mouth', 'come-closer']

/**
 * Prompts for one person, none twice, at least one that needs depth, in any order. `randomBelow(n)` gives a whole
 * number from 0 to n − 1 that nobody can foresee (`crypto.randomInt`). `count` 1 … 6.
 */
export function drawPrompts(count: number, randomBelow: (limit: number) => number): readonly PromptKind[] {
  const [deep] = takeRandom([...DEEP], randomBelow)
  const drawn = deep === undefined ? [] : [deep]
  let rest = OTHERS.filter((kind) => kind !== deep)
  while (drawn.length < count && rest.length > 0) {
    const [next, left] = takeRandom(rest, randomBelow)
    if (next !== undefined) drawn.push(next)
    rest = left
  }
  return shuffled(drawn, randomBelow)
}

/** A head as its mesh draws it, in measures without unit. */
export interface HeadPose {
  /** The tip of the nose between the ears: −0.5 at the ear on the image's left, 0.5 at the other. */
  readonly aside: number
  /** The tip of the nose below the line of the ears, in heights of the face. */
  readonly down: number
  /** Height of the open mouth in heights of the face. */
  readonly mouth: number
  /** Height of the face in heights of the frame. */
  readonly size: number
  /** What the landmark network's depth says of the same two turns, radians. */
  readonly yaw: number
  readonly pitch: number
}

// Points of the mesh.
const NOSE = 1
const LEFT_EAR = 234
const RIGHT_EAR = 454
const FOREHEAD = 10
const CHIN = 152
const UPPER_LIP = 13
const LOWER_LIP = 14

/** Null without a mesh, or where its points lie on a line. */
export function headPose({ mesh, height }: FrameObservation): HeadPose | null {
  if (mesh === null) return null
  const point = (i: number) => ({ x: mesh[3 * i]!, y: mesh[3 * i + 1]!, z: mesh[3 * i + 2]! })
  const between = (from: number, to: number) => {
    const [a, b] = [point(from), point(to)]
    return { x: b.x - a.x, y: b.y - a.y, z: b.z - a.z }
  }
  const across = between(LEFT_EAR, RIGHT_EAR)
  const along = between(FOREHEAD, CHIN)
  const area = across.x * along.y - across.y * along.x
  const length = Math.hypot(along.x, along.y)
  if (!(Math.abs(area) > 1) || !(length > 1)) return null
  const nose = point(NOSE)
  const [left, right] = [point(LEFT_EAR), point(RIGHT_EAR)]
  const x = nose.x - (left.x + right.x) / 2
  const y = nose.y - (left.y + right.y) / 2
  const lips = between(UPPER_LIP, LOWER_LIP)
  return {
    aside: (x * along.y - y * along.x) / area,
    down: (across.x * y - across.y * x) / area,
    mouth: Math.hypot(lips.x, lips.y) / length,
    size: length / height,
    yaw: Math.atan2(across.z, Math.hypot(across.x, across.y)),
    pitch: Math.atan2(along.z, length),
  }
}

/** How the person looks when nothing is asked: medians over the frames; null when none shows a face. */
export function neutralPose(observations: readonly FrameObservation[]): HeadPose | null {
  const poses = observations.map(headPose).filter((pose) => pose !== null)
  if (poses.length === 0) return null
  const median = (of: (pose: HeadPose) => number): number =>
    poses.map(of).sort((a, b) => a - b)[Math.floor(poses.length / 2)]!
  return {
    aside: median(({ aside }) => aside),
    down: median(({ down }) => down),
    mouth: median(({ mouth }) => mouth),
    size: median(({ size }) => size),
    yaw: median(({ yaw }) => yaw),
    pitch: median(({ pitch }) => pitch),
  }
}

export interface PromptLimits {
  /** Least change of `aside`: on a head of the mesh's own shape 0.15 is a turn of 13°. */
  readonly aside: number
  /** Least change of `down`: 0.1 is a nod of 10°. */
  readonly down: number
  readonly mouth: number
  /** Least growth of the face. */
  readonly growth: number
  /** Frames in a row that a movement must last: one may be a slip of the landmarks. */
  readonly frames: number
  /** Other turns and nods than the asked one that are forgiven: many mix up left and right, a film tries them all. */
  readonly forgiven: number
  /** A turn that only the network's depth sees, while the picture stays a plane's, radians: something flat was turned. */
  readonly flatTurn: number
  /** Sine of the turn that the picture must show of one that the landmarks show; theirs is at least 0.17. */
  readonly relief: number
}

export const PROMPT_LIMITS: PromptLimits = {
  aside: 0.15,
  down: 0.1,
  mouth: 0.07,
  growth: 1.2,
  frames: 2,
  forgiven: 1,
  flatTurn: 0.35,
  relief: LIVENESS_CALIBRATION.relief.shown,
}

export interface PromptProgress {
  /** `flat`: turned like a sheet. `other`: more other movements than are forgiven. */
  readonly state: 'waiting' | 'done' | 'other' | 'flat'
  /** The farthest that the asked movement went; 1 is enough. */
  readonly moved: number
}

/** Below this share of a movement the head counts as back where it was. */
const AT_REST = 0.5
/** The picture is followed from where less than this share of the movement was made: a long wait before it shows no turn. */
const BEGUN = 0.25
/** Or over so many frames, of a quick movement. */
const LEAST_FOLLOWED = 8
/** A picture that could not be followed in some frame, standard deviations, proves nothing. */
const WORST_RESIDUAL = 0.2

/**
 * What came of one prompt so far. A movement counts that begins where the head was at rest as to this movement, so that a
 * head that was turned already when the prompt came has done nothing.
 */
export function judgePrompt(
  kind: PromptKind,
  neutral: HeadPose,
  observations: readonly FrameObservation[],
  limits: PromptLimits = PROMPT_LIMITS,
): PromptProgress {
  const resting = new Set<PromptKind>()
  let moved = 0
  let flatFrames = 0
  let others = 0
  let lasting: PromptKind | null = null
  let frames = 0
  let began = 0
  for (const [i, observation] of observations.entries()) {
    const pose = headPose(observation)
    if (pose === null) {
      lasting = null
      continue
    }
    const movements = movementsOf(pose, neutral, limits)
    const asked = movements[kind]
    const largest = DEEP.reduce((a, b) => (movements[b] > movements[a] ? b : a))
    for (const one of OTHERS) if (movements[one] < AT_REST) resting.add(one)
    if (asked < BEGUN) began = i
    if (resting.has(kind)) moved = Math.max(moved, asked)
    if (isTurnedFlat(kind, pose, neutral, asked, limits)) flatFrames++
    if (flatFrames > limits.frames) return { state: 'flat', moved }
    const current = asked >= 1 ? kind : movements[largest] >= 1 ? largest : null
    if (current === null || !resting.has(current)) {
      lasting = null
      continue
    }
    frames = lasting === current ? frames + 1 : 1
    lasting = current
    if (frames !== limits.frames) continue
    if (current === kind) {
      const seen = observations.slice(Math.min(began, Math.max(0, i + 1 - LEAST_FOLLOWED)), i + 1)
      const isPaper = DEEP.includes(kind) && lacksRelief(seen, limits)
      return { state: isPaper ? 'flat' : 'done', moved }
    }
    others++
    resting.delete(current)
    if (others > limits.forgiven) return { state: 'other', moved }
  }
  return { state: 'waiting', moved }
}

/** One prompt and what became of it, as it is recorded. */
export interface PromptResult {
  readonly kind: PromptKind
  readonly state: Exclude<PromptProgress['state'], 'waiting'> | 'timed-out' | 'left' | 'somebody-else'
  readonly moved: number
  readonly ms: number
}

/** What the prompts of one visit say together. A failed one is no proof of an attack; a plane that was turned is. */
export function promptReading(results: readonly PromptResult[]): LayerReading {
  if (results.length === 0) return nothingSeen('prompt', 'none-asked')
  const done = results.filter(({ state }) => state === 'done').length
  const failed = results.find(({ state }) => state !== 'done')
  const isAttack = failed?.state === 'flat' || failed?.state === 'somebody-else'
  return {
    layer: 'prompt',
    verdict: failed === undefined ? 'bonaFide' : isAttack ? 'attack' : 'unsure',
    score: isAttack ? 0 : done / results.length,
    detail: {
      asked: results.map(({ kind }) => kind).join(' '),
      done,
      ...(failed === undefined ? {} : { why: failed.state }),
    },
  }
}

/** How far each movement went, 1 being enough. */
function movementsOf(pose: HeadPose, neutral: HeadPose, limits: PromptLimits): Record<PromptKind, number> {
  // The camera does not mirror: the person's left is on the image's right.
  const left = (pose.aside - neutral.aside) / limits.aside
  const down = (pose.down - neutral.down) / limits.down
  return {
    'turn-left': left,
    'turn-right': -left,
    'look-up': -down,
    'look-down': down,
    'open-mouth': (pose.mouth - neutral.mouth) / limits.mouth,
    'come-closer': (pose.size / neutral.size - 1) / (limits.growth - 1),
  }
}

function isTurnedFlat(
  kind: PromptKind,
  pose: HeadPose,
  neutral: HeadPose,
  asked: number,
  { flatTurn }: PromptLimits,
): boolean {
  if (Math.abs(asked) > FLAT_SHARE) return false
  if (kind === 'turn-left' || kind === 'turn-right') return Math.abs(pose.yaw - neutral.yaw) >= flatTurn
  if (kind === 'look-up' || kind === 'look-down') return Math.abs(pose.pitch - neutral.pitch) >= flatTurn
  return false
}

/** False where pictures of the face were not kept, are too few, or could not be followed. */
function lacksRelief(observations: readonly FrameObservation[], limits: PromptLimits): boolean {
  const relief = reliefOf(observations)
  return relief !== null && relief.worstResidual < WORST_RESIDUAL && relief.shown < limits.relief
}

/** With a turn that large a head would have moved its nose by twice the least change. */
const FLAT_SHARE = 0.3

function takeRandom<T>(from: readonly T[], randomBelow: (limit: number) => number): [T | undefined, T[]] {
  const at = randomBelow(from.length)
  return [from[at], from.filter((_, i) => i !== at)]
}

function shuffled<T>(items: readonly T[], randomBelow: (limit: number) => number): readonly T[] {
  let rest = [...items]
  const order: T[] = []
  while (rest.length > 0) {
    const [next, left] = takeRandom(rest, randomBelow)
    if (next !== undefined) order.push(next)
    rest = left
  }
  return order
}
