import { afterEach, expect, test } from 'vitest'
import type { LayerReading } from '../../src/face/liveness/layer.ts'
import type { FrameObservation } from '../../src/face/liveness/observation.ts'
import type { PromptKind } from '../../src/face/liveness/prompt.ts'
import type { DoorPolicy } from '../../src/station/door-policy.ts'
import type { FusedLiveness, LivenessGuard } from '../../src/station/liveness-guard.ts'
import { type HeadMovement, headObservation } from '../face/liveness/moving-head.ts'
import { DoorRig } from './door-rig.ts'

/*
 * What the door makes of the layers' verdicts. Faces match in every frame; the person is a simulated head, and what the
 * layers say of the look is scripted, because how well they judge is measured elsewhere.
 */

let rig: DoorRig

afterEach(() => rig.stop())

const MOVES: Record<PromptKind, HeadMovement> = {
  'turn-left': { yaw: 25 },
  'turn-right': { yaw: -25 },
  'look-up': { pitch: -18 },
  'look-down': { pitch: 18 },
  'open-mouth': { mouth: 0.12 },
  'come-closer': { growth: 1.35 },
}

class ScriptedGuard implements LivenessGuard {
  readonly light: boolean
  readonly #look: FusedLiveness['verdict']
  readonly remembered: FrameObservation[] = []

  constructor(look: FusedLiveness['verdict'], light = false) {
    this.#look = look
    this.light = light
  }

  judge(observations: readonly FrameObservation[], proofs: readonly LayerReading[] = []): FusedLiveness {
    const score = observations.length === 0 ? null : 0.43
    const passive: LayerReading = { layer: 'passive', verdict: this.#look, score, detail: { frames: 2 } }
    const last = proofs.at(-1)
    return { verdict: last?.verdict ?? this.#look, score: 0.43, layers: [passive, ...proofs] }
  }

  remember(observations: readonly FrameObservation[]): void {
    this.remembered.push(...observations)
  }
}

function doorWith(guard: LivenessGuard, policy: Partial<DoorPolicy> = {}): void {
  rig = new DoorRig({ livenessMs: 30, promptMs: 400, lookMs: 5_000, nobodyMs: 5_000, ...policy }, { guard })
  let turn = 0
  // Every frame has bytes of its own, as a camera's have.
  rig.observed = (at) => ({ ...headObservation(at, {}), sha256: (turn++).toString(16).padStart(64, '0') })
  rig.consent()
  rig.door.start()
}

/** The person does what the screen asks, by a factor of how far they should. */
function obey(factor = 1, change: (kind: PromptKind) => PromptKind = (kind) => kind): void {
  let asked: { kind: PromptKind; step: number } | null = null
  let frames = 0
  const still = rig.observed
  rig.door.subscribe(({ screen, prompt }) => {
    const next = screen === 'prompt' ? prompt : null
    if (next?.step !== asked?.step) frames = 0
    asked = next
  })
  rig.observed = (at) => {
    if (asked === null) return still(at)
    const { yaw = 0, pitch = 0, mouth = 0, growth = 1 } = MOVES[change(asked.kind)]
    const share = factor * Math.min(1, Math.max(0, (frames++ - 2) / 4))
    const moved = {
      yaw: yaw * share,
      pitch: pitch * share,
      mouth: mouth * share,
      growth: 1 + (growth - 1) * share,
    }
    return { ...headObservation(at, moved), sha256: still(at).sha256 }
  }
}

test('a person that the layers are sure of passes as before, and the record says what each saw', async () => {
  const guard = new ScriptedGuard('bonaFide')
  doorWith(guard)
  expect(await rig.pass()).toMatchObject({ verdict: 'verified', reason: null })
  expect(rig.screens).not.toContain('prompt')
  expect(rig.last('attendance').face?.liveness).toEqual({
    verdict: 'bonaFide',
    score: 0.43,
    layers: [{ layer: 'passive', verdict: 'bonaFide', score: 0.43, detail: { frames: 2 } }],
  })
  expect(guard.remembered.length).toBeGreaterThan(0)
})

test('an attack enters as doubtful with its reason, without a prompt, and is never passed in silence', async () => {
  doorWith(new ScriptedGuard('attack'))
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'liveness-attack' })
  expect(rig.screens).not.toContain('prompt')
  expect(rig.last('attendance')).toMatchObject({
    outcome: 'doubtful',
    face: { liveness: { verdict: 'attack' } },
  })
})

test('whom the layers are unsure of does two prompts and passes', async () => {
  doorWith(new ScriptedGuard('unsure'), { promptMs: 5_000 })
  obey()
  expect(await rig.pass()).toMatchObject({ verdict: 'verified', reason: null })
  const { liveness } = rig.last('attendance').face!
  expect(liveness).toMatchObject({ verdict: 'bonaFide', prompts: [{ state: 'done' }, { state: 'done' }] })
  expect(liveness?.layers?.map(({ layer }) => layer)).toEqual(['passive', 'prompt'])
  expect(new Set(liveness?.prompts?.map(({ kind }) => kind)).size).toBe(2)
  expect(liveness?.frames?.length).toBeGreaterThan(4)
})

test('who does nothing is noted as doubtful when the time of the first prompt is up', async () => {
  doorWith(new ScriptedGuard('unsure'))
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'liveness-unsure' })
  expect(rig.last('attendance').face?.liveness).toMatchObject({
    verdict: 'unsure',
    prompts: [{ state: 'timed-out' }],
  })
})

test('who can’t do a prompt is signed by a supervisor, and the record keeps what the camera saw', async () => {
  doorWith(new ScriptedGuard('unsure'), { promptMs: 5_000, answerMs: 5_000 })
  const passing = rig.pass()
  await rig.until('prompt')
  expect(await rig.door.command({ type: 'cannot' })).toBeNull()
  expect((await rig.until('witness')).message).toBe('prompt-declined')
  await rig.door.command({ type: 'witness', ...rig.supervisor })
  expect(await passing).toMatchObject({ verdict: 'witnessed', reason: 'prompt-declined' })
  expect(rig.last('attendance').face?.liveness).toMatchObject({ verdict: 'unsure', prompts: [] })
})

test('a prompt can be cancelled, and then nobody is recorded as present', async () => {
  doorWith(new ScriptedGuard('unsure'), { promptMs: 5_000 })
  const passing = rig.pass()
  await rig.until('prompt')
  expect(await rig.door.command({ type: 'cancel' })).toBeNull()
  expect(await passing).toMatchObject({ verdict: 'refused', reason: 'cancelled' })
})

test('somebody else who does the prompts for a picture is found by the comparison', async () => {
  doorWith(new ScriptedGuard('unsure'), { promptMs: 5_000 })
  rig.door.subscribe(({ screen }) => {
    if (screen === 'prompt') rig.frames = [{ score: 0.1 }]
  })
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'liveness-attack' })
  expect(rig.last('attendance').face?.liveness).toMatchObject({ prompts: [{ state: 'somebody-else' }] })
})

test('an unsure comparison is doubtful anyway: nobody is asked for prompts on top', async () => {
  doorWith(new ScriptedGuard('unsure'))
  rig.frames = [{ score: 0.4 }]
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'face-unsure' })
  expect(rig.screens).not.toContain('prompt')
})

test('where the engine gives the layers nothing to see, nobody passes in silence', async () => {
  doorWith(new ScriptedGuard('unsure'))
  rig.observed = (at) => ({ ...headObservation(at, {}), mesh: null })
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'liveness-unsure' })
})

test('the screen’s light comes first where the site wants it, with a sequence that the window is told', async () => {
  doorWith(new ScriptedGuard('unsure', true))
  const passing = rig.pass({}, undefined, 20_000)
  const { light } = await rig.until('light')
  expect(light!.length).toBeGreaterThanOrEqual(4)
  for (const [i, { colour, from, until }] of light!.entries()) {
    expect(colour).toMatch(/^#[0-9a-f]{6}$/)
    expect(until).toBeGreaterThan(from)
    if (i > 0) expect(from).toBe(light![i - 1]!.until)
  }
  expect(await rig.door.command({ type: 'painted', step: 0 })).toBeNull()
  expect(await passing).toMatchObject({ verdict: 'doubtful', reason: 'liveness-unsure' })
  const layers = rig.last('attendance').face?.liveness?.layers?.map(({ layer }) => layer)
  expect(layers).toEqual(['passive', 'light', 'prompt'])
  expect(rig.door.snapshot()).toMatchObject({ light: null, prompt: null })
}, 20_000)
