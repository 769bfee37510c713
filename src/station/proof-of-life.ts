import { randomInt } from 'node:crypto'
import type { FaceEngine } from '../face/engine.ts'
import type { LayerReading } from '../face/liveness/layer.ts'
import { drawLight, LIGHT_MS, type LightSchedule, lightReading } from '../face/liveness/light.ts'
import type { FrameObservation } from '../face/liveness/observation.ts'
import {
  drawPrompts,
  type HeadPose,
  judgePrompt,
  neutralPose,
  type PromptKind,
  type PromptProgress,
  type PromptResult,
  promptReading,
} from '../face/liveness/prompt.ts'
import type { Template } from '../face/recogniser.ts'
import type { Answers } from './answers.ts'
import type { Display } from './display.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { FusedLiveness, LivenessGuard } from './liveness-guard.ts'
import type { Mailbox } from './mailbox.ts'
import { type WatchEnd, watchFace } from './watch-face.ts'

/** What is asked of one person at most. */
const PROMPTS = 2

/** What was found out by asking the person, beyond what the look had shown. */
export interface ProofOfLife {
  /** `cannot`: the person said that they can't do it, and somebody else must say who they are. */
  readonly answer: 'asked' | 'cannot' | 'cancelled'
  readonly liveness: FusedLiveness
  readonly prompts: readonly PromptResult[]
  readonly observations: readonly FrameObservation[]
}

interface ProofParts {
  readonly engine: FaceEngine
  readonly policy: DoorPolicy
  readonly display: Display
  readonly answers: Answers
  readonly frames: Mailbox<Uint8Array>
  readonly reference: Template
  readonly guard: LivenessGuard
  /** Of the look that left the layers unsure. */
  readonly seen: readonly FrameObservation[]
  /** Whole numbers that nobody can foresee, 0 … limit − 1. */
  readonly randomBelow?: (limit: number) => number
}

/**
 * Asks the person to show that they live: by the screen's coloured light where the site wants that, then by two prompts,
 * each until it is done, time is up or the person says that they can't.
 */
export async function proveLife(parts: ProofParts, signal: AbortSignal): Promise<ProofOfLife> {
  const { guard, seen } = parts
  const readings: LayerReading[] = []
  const observations: FrameObservation[] = []
  if (guard.light) {
    const light = await showLight(parts, signal)
    observations.push(...light.observations)
    readings.push(light.reading)
    const liveness = guard.judge(seen, readings)
    if (signal.aborted) return { answer: 'cancelled', liveness, prompts: [], observations }
    if (liveness.verdict !== 'unsure') return { answer: 'asked', liveness, prompts: [], observations }
  }
  const neutral = neutralPose(seen)
  const prompts: PromptResult[] = []
  let answer: ProofOfLife['answer'] = 'asked'
  const kinds = neutral === null ? [] : drawPrompts(PROMPTS, parts.randomBelow ?? randomInt)
  for (const [i, kind] of kinds.entries()) {
    const place = { step: i + 1, of: kinds.length }
    const asked = await ask(parts, { kind, ...place }, neutral!, signal)
    observations.push(...asked.observations)
    if (asked.result === 'cannot' || asked.result === 'cancelled') answer = asked.result
    else prompts.push(asked.result)
    if (answer !== 'asked' || prompts.at(-1)?.state !== 'done') break
  }
  if (prompts.length > 0) readings.push(promptReading(prompts))
  return { answer, liveness: guard.judge(seen, readings), prompts, observations }
}

async function ask(
  { engine, policy, display, answers, frames, reference }: ProofParts,
  prompt: { readonly kind: PromptKind; readonly step: number; readonly of: number },
  neutral: HeadPose,
  signal: AbortSignal,
): Promise<{
  readonly result: PromptResult | 'cannot' | 'cancelled'
  readonly observations: readonly FrameObservation[]
}> {
  const { kind } = prompt
  const started = performance.now()
  answers.clear()
  display.show({ screen: 'prompt', prompt, hint: null, until: Date.now() + policy.promptMs })
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  const declined = answers.wait(policy.promptMs, until).then((answer) => {
    answer?.reply(null)
    if (answer?.command.type === 'cannot') over.abort()
    return answer?.command.type === 'cannot'
  })
  let progress: PromptProgress = { state: 'waiting', moved: 0 }
  const { end, observations } = await watchFace(
    {
      engine,
      frames,
      reference,
      ms: policy.promptMs,
      onFrame: (seen) => {
        progress = judgePrompt(kind, neutral, seen)
        return progress.state !== 'waiting'
      },
    },
    until,
  )
  over.abort()
  const cannot = await declined
  display.show({ prompt: null })
  if (cannot) return { result: 'cannot', observations }
  if (end === 'aborted') return { result: 'cancelled', observations }
  const state = stateOf(progress, end)
  const ms = Math.round(performance.now() - started)
  return { result: { kind, state, moved: Math.round(progress.moved * 100) / 100, ms }, observations }
}

function stateOf({ state }: PromptProgress, end: Exclude<WatchEnd, 'aborted'>): PromptResult['state'] {
  if (state !== 'waiting') return state
  return end === 'enough' ? 'timed-out' : end
}

/** How long the window may take until the first colour is to be on the screen. */
const LIGHT_LEAD_MS = 300

async function showLight(
  { engine, display, frames, reference, answers, randomBelow = randomInt }: ProofParts,
  signal: AbortSignal,
): Promise<{ readonly reading: LayerReading; readonly observations: readonly FrameObservation[] }> {
  const wall = Date.now()
  const planned = drawLight(performance.now() + LIGHT_LEAD_MS, randomBelow)
  const began = planned[0]!.from
  const wallOf = (at: number) => Math.round(wall + LIGHT_LEAD_MS + (at - began))
  answers.clear()
  display.show({
    screen: 'light',
    hint: null,
    light: planned.map(({ colour, from, until }) => ({
      colour: `#${colour.map((level) => level.toString(16).padStart(2, '0')).join('')}`,
      from: wallOf(from),
      until: wallOf(until),
    })),
    until: wallOf(planned.at(-1)!.until),
  })
  const painted = new Map<number, number>()
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  const listening = (async () => {
    for (;;) {
      const answer = await answers.wait(LIGHT_MS * (planned.length + 2), until)
      if (answer === null) return
      answer.reply(null)
      const { command } = answer
      if (command.type !== 'painted' || painted.has(command.step)) continue
      painted.set(command.step, performance.now())
    }
  })()
  const ms = LIGHT_LEAD_MS + LIGHT_MS * (planned.length + 1)
  const { observations } = await watchFace({ engine, frames, reference, ms, onFrame: () => false }, until)
  over.abort()
  await listening
  display.show({ light: null })
  return { reading: lightReading(observations, asPainted(planned, painted)), observations }
}

/** The sequence as the window says that it was on the screen; a colour that it does not speak of stays as planned. */
function asPainted(planned: LightSchedule, painted: ReadonlyMap<number, number>): LightSchedule {
  const starts = planned.map(({ from }, step) => painted.get(step) ?? from)
  return planned.map(({ colour, until }, step) => ({
    colour,
    from: starts[step]!,
    until: starts[step + 1] ?? Math.max(until, starts[step]! + LIGHT_MS),
  }))
}
