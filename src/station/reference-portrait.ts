import { randomBytes } from 'node:crypto'
import type { CardPhoto } from '../cards/reader.ts'
import type { Template } from '../face/recogniser.ts'
import { portraitDigest } from '../face/recompute.ts'
import type { PortraitSource } from '../ledger/event.ts'
import { type CheckContext, refusedBecause } from './check-context.ts'

/** The portrait that a live face is compared with, and where it came from. */
export interface Reference {
  readonly source: PortraitSource
  readonly template: Template
  /** Keyed hash of the portrait, hex: the same portrait at two stations cannot be linked by it. */
  readonly hash: string
  /** The encoded portrait. */
  readonly image: Uint8Array
}

/** The best reference there is, else two signers enrol one now. Null when nobody does. */
export async function findReference(
  chip: CardPhoto | null,
  person: string,
  context: CheckContext,
  signal: AbortSignal,
): Promise<Reference | null> {
  return (await keptReference(chip, person, context)) ?? enrolPortrait(person, context, signal)
}

/**
 * The best reference without anybody's help: the chip's portrait where it can be decoded, else the institution's, else
 * one that was enrolled here. Null without any.
 */
export async function keptReference(
  chip: CardPhoto | null,
  person: string,
  context: CheckContext,
): Promise<Reference | null> {
  const { side } = context.data
  const portraits: readonly [PortraitSource, () => Uint8Array | null][] = [
    ['chip', () => chip?.image ?? null],
    ['official', () => side.get(person, 'biometric', 'portrait/official')],
    ['enrolled', () => side.get(person, 'biometric', 'portrait/enrolled')],
  ]
  for (const [source, portrait] of portraits) {
    const image = portrait()
    const found = image === null ? null : await portraitTemplate(image, context)
    if (image !== null && found?.ok) {
      const hash = portraitHash(person, image, context)
      return { source, template: found.value.template, hash, image }
    }
  }
  return null
}

/** Asks again when the engine was lost over it: the next request has a new one, and the portrait is as good as before. */
async function portraitTemplate(image: Uint8Array, { engine, onFault }: CheckContext) {
  const found = await engine.template(image, 'portrait')
  if (found.ok || !found.fault.code.startsWith('FACE_ENGINE_')) return found
  onFault?.(found.fault)
  return engine.template(image, 'portrait')
}

/** Two different enrolled people take the portrait of somebody who has none, and sign that they know who it is. */
async function enrolPortrait(
  person: string,
  context: CheckContext,
  signal: AbortSignal,
): Promise<Reference | null> {
  const { display, answers, policy, staff, data, recorder, frames, engine } = context
  answers.clear()
  frames.clear()
  display.show({ screen: 'enrol', until: Date.now() + policy.answerMs })
  for (;;) {
    const answer = await answers.wait(policy.answerMs, signal)
    if (answer?.command.type !== 'enrol') {
      answer?.reply(null)
      return null
    }
    frames.clear()
    const frame = await frames.take(policy.nobodyMs, signal)
    if (frame === null) {
      answer.reply(refusedBecause('enrol', 'STATION_NO_PICTURE'))
      continue
    }
    // Judged like a frame, because a better one can be taken; then read as a portrait, as it will be from now on.
    const judged = await engine.template(frame, 'frame')
    const found = judged.ok ? await engine.template(frame, 'portrait') : judged
    if (!found.ok) {
      answer.reply(refusedBecause('enrol', found.fault.code))
      continue
    }
    const hash = portraitHash(person, frame, context)
    const act = staff.sign({ act: 'portrait.enrol', person, portrait: hash }, answer.command.signers)
    if (!act.ok) {
      answer.reply(refusedBecause('enrol', act.fault.code))
      continue
    }
    data.side.put(person, 'biometric', 'portrait/enrolled', frame)
    recorder.append({ type: 'portrait.enrolled', data: { person, portrait: hash, act: act.value } })
    answer.reply(null)
    return { source: 'enrolled', template: found.value.template, hash, image: frame }
  }
}

function portraitHash(person: string, image: Uint8Array, { data: { side } }: CheckContext): string {
  let salt = side.get(person, 'biometric', 'salt')
  if (salt === null) {
    salt = randomBytes(16)
    side.put(person, 'biometric', 'salt', salt)
  }
  return portraitDigest(salt, image)
}
