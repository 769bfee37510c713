import { z } from 'zod'
import { Fault } from '../../../common/fault.ts'
import { failed, ok, type Result } from '../../../common/result.ts'
import type { FileLiveness } from '../judge-file.ts'
import { ATTACK_INSTRUMENTS, PRESENTED, type Presented } from './instruments.ts'

/*
 * What is kept of a red-team test: who held what before which camera, what the layers said, and which bytes they said it
 * of. No picture, no face, no file name (files are often called by people's names).
 */

export const REDTEAM_FORMAT = 'shidao-redteam-1'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const words = z.string().min(1).max(200)
const score = z.number().min(0).max(1)
const verdict = z.enum(['bonaFide', 'attack', 'unsure'])
const count = z.int().min(0)

/** Program, networks and thresholds: figures of different ones are never added up. Most limits are in the program. */
const judgedBy = z.strictObject({
  software: words,
  engine: words,
  /** Of the chain that finds the face. */
  models: z.array(z.strictObject({ name: words, sha256 })).max(16),
  /** The passive network. */
  liveness: z.strictObject({ name: words, sha256 }),
  /** Of the thresholds' file; `bonaFide` and `attack` are those of the fused score. */
  calibration: z.strictObject({ sha256, bonaFide: score, attack: score }),
})
export type JudgedBy = z.infer<typeof judgedBy>

/** What the operator said of the place; null: not said. */
const setting = z.strictObject({
  operator: words.nullable(),
  camera: words.nullable(),
  distance: words.nullable(),
  light: words.nullable(),
})
export type RedteamSetting = z.infer<typeof setting>

const presentation = z.strictObject({
  presented: z.enum(PRESENTED),
  /** Model of the phone and its brightness, printer and paper, …: what makes a species of the instrument. */
  device: words.nullable(),
  /** A mark for the person who is shown, the same for all of their presentations. Not a name. */
  person: words.nullable(),
  /** Of the film's or picture's bytes, and how many frames were looked at. */
  sha256,
  frames: count,
  /** Milliseconds since 1970, when it was judged. */
  judgedAt: count,
  verdict: z.union([verdict, z.literal('no-face')]),
  score: score.nullable(),
  layers: z
    .array(
      z.strictObject({
        layer: words,
        verdict,
        score: score.nullable(),
        detail: z.record(words, z.union([z.number(), z.string().max(200)])),
      }),
    )
    .max(16),
})
export type Presentation = z.infer<typeof presentation>

/** One test at one place with one engine. */
export const redteamLog = z.strictObject({
  format: z.literal(REDTEAM_FORMAT),
  begun: count,
  judgedBy,
  setting,
  /** How many presentations were planned, by what is presented. */
  planned: z.strictObject({
    bonaFide: count,
    each: count,
    instruments: z.array(z.enum(ATTACK_INSTRUMENTS)).max(ATTACK_INSTRUMENTS.length),
  }),
  presentations: z.array(presentation).max(100_000),
})
export type RedteamLog = z.infer<typeof redteamLog>

/** One file to judge and what is said of it (`--plan`). */
const planned = z.strictObject({
  instrument: z.enum(PRESENTED),
  /** The device, see `Presentation`. */
  description: words.nullable().optional(),
  person: words.nullable().optional(),
  /** Beside the plan, or an absolute path. */
  file: z.string().min(1).max(4096),
})
export type PlannedFile = z.infer<typeof planned>

/** Total. `FACE_REDTEAM_LOG`: no JSON, another version, an unknown or missing field. */
export function parseRedteamLog(bytes: Uint8Array): Result<RedteamLog> {
  return parsed(redteamLog, bytes, 'FACE_REDTEAM_LOG', 'this is no log of a red-team test')
}

/** Total. `FACE_REDTEAM_PLAN` with the field that is wrong. */
export function parseRedteamPlan(bytes: Uint8Array): Result<readonly PlannedFile[]> {
  return parsed(z.array(planned).min(1).max(10_000), bytes, 'FACE_REDTEAM_PLAN', 'this is no plan')
}

/** The log's bytes: JSON, a line a field, with a last newline. */
export function encodeRedteamLog(log: RedteamLog): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(log, null, 1)}\n`)
}

/** What a log keeps of a judged file. Figures to four decimals, as in the ledger. */
export function presentationOf(
  said: Pick<Presentation, 'presented' | 'device' | 'person' | 'sha256' | 'judgedAt'>,
  { verdict, score, layers, frames }: FileLiveness,
): Presentation {
  return {
    ...said,
    frames,
    verdict,
    score: rounded(score),
    layers: layers.map(({ layer, verdict, score, detail }) => ({
      layer,
      verdict,
      score: rounded(score),
      detail: Object.fromEntries(
        Object.entries(detail).map(([name, value]) => [
          name,
          typeof value === 'number' ? rounded(value) : value,
        ]),
      ),
    })),
  }
}

/** How many presentations of a kind a log still lacks; 0 for an instrument that wasn't planned. */
export function missing({ planned, presentations }: RedteamLog, presented: Presented): number {
  const isPlanned = presented === 'bona-fide' || planned.instruments.includes(presented)
  const wanted = presented === 'bona-fide' ? planned.bonaFide : isPlanned ? planned.each : 0
  return Math.max(0, wanted - presentations.filter((one) => one.presented === presented).length)
}

/** Whether two tests were judged by the same program, networks and thresholds. */
export function sameJudge(a: JudgedBy, b: JudgedBy): boolean {
  const identity = ({ software, engine, models, liveness, calibration }: JudgedBy) => [
    ...[software, engine, liveness.sha256, calibration.sha256],
    ...models.map(({ sha256 }) => sha256),
  ]
  return identity(a).join() === identity(b).join()
}

function rounded<Value extends number | null>(value: Value): Value {
  return (value === null ? null : Math.round(value * 1e4) / 1e4) as Value
}

function parsed<T>(
  schema: z.ZodType<T>,
  bytes: Uint8Array,
  code: 'FACE_REDTEAM_LOG' | 'FACE_REDTEAM_PLAN',
  sentence: string,
): Result<T> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    return failed(new Fault(code, `${sentence}: not JSON`, { cause }))
  }
  const found = schema.safeParse(json)
  if (found.success) return ok(found.data)
  const [issue] = found.error.issues
  return failed(new Fault(code, `${sentence}: ${issue?.path.join('.') || 'as a whole'}: ${issue?.message}`))
}
