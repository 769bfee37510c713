import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { ARCFACE_TEMPLATE, type FivePoints } from './align.ts'
import { type EmbedderFormat, type PerChannel, similarityAt } from './embed.ts'
import type { Thresholds } from './recogniser.ts'

const text = z.string().min(1).max(200)
const side = z.int().min(32).max(512)
const channels = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])])
const point = z.tuple([z.number(), z.number()])

/** `manifest.json` of a model folder, version 1: see docs/face-models.md. Unknown fields are faults, as typing errors are. */
const manifest = z.strictObject({
  format: z.literal('shidao-face-model-1'),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'wants small letters, digits, dot, dash and underline'),
  /** Beside the manifest; no folders in it. */
  file: z.string().regex(/^[\w.-]+\.onnx$/, 'wants the name of an .onnx file in the same folder'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'wants 64 hexadecimal digits'),
  input: z.strictObject({
    width: side,
    height: side,
    layout: z.enum(['nchw', 'nhwc']),
    order: z.enum(['rgb', 'bgr']),
    /** Subtracted from 0 … 255; three numbers are in the order that `order` says. */
    mean: channels,
    /** Then multiplied with. */
    scale: channels,
  }),
  output: z.strictObject({ name: text.optional(), dimensions: z.int().min(2).max(4_096) }),
  /** Where eyes, nose and mouth corners belong in the input, pixels; `arcface` scales ArcFace's 112 × 112. */
  template: z.union([z.literal('arcface'), z.tuple([point, point, point, point, point])]),
  metric: z.enum(['cosine', 'euclidean', 'euclidean-raw']),
  /** In the metric's own unit. Without them no face is compared. */
  thresholds: z
    .strictObject({
      accept: z.number(),
      reject: z.number(),
      fmr: z.number().gt(0).lt(1),
      population: text,
    })
    .optional(),
  licence: z.strictObject({ name: text, source: text, provenance: z.string().min(1).max(2_000) }),
  /** Base64 of float32: what the network makes of the self-test's face on a machine that works. */
  golden: z.base64().optional(),
})
export type FaceModelManifest = z.infer<typeof manifest>

/** Throws `FACE_MODEL_MANIFEST` with the field that is wrong. */
export function parseManifest(bytes: Uint8Array): FaceModelManifest {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new Fault('FACE_MODEL_MANIFEST', 'manifest.json is not JSON', { cause })
  }
  const parsed = manifest.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Fault('FACE_MODEL_MANIFEST', `manifest.json: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** What the manifest says about the picture and the metric. */
export function formatOf({ input, template, metric }: FaceModelManifest): EmbedderFormat {
  const { width, height, layout, order } = input
  return {
    width,
    height,
    layout,
    order,
    mean: perChannel(input.mean),
    scale: perChannel(input.scale),
    template: template === 'arcface' ? arcfaceTemplate(width, height) : (template.map(pointOf) as never),
    metric,
  }
}

/**
 * The manifest's thresholds as similarities; null when it has none.
 * Throws `FACE_MODEL_MANIFEST` when `accept` isn't stricter than `reject`, which is how a wrong metric shows.
 */
export function thresholdsOf({ metric, thresholds }: FaceModelManifest): Thresholds | null {
  if (thresholds === undefined) return null
  const { fmr, population } = thresholds
  const accept = similarityAt(metric, thresholds.accept)
  const reject = similarityAt(metric, thresholds.reject)
  if (!(reject >= -1 && reject <= accept && accept <= 1)) {
    const wanted = metric === 'cosine' ? 'a cosine, accept ≥ reject' : 'a distance, accept ≤ reject'
    throw new Fault('FACE_MODEL_MANIFEST', `manifest.json: thresholds: each is ${wanted}`)
  }
  return { accept, reject, fmr, population }
}

function perChannel(value: number | [number, number, number]): PerChannel {
  return typeof value === 'number' ? [value, value, value] : value
}

function pointOf([x, y]: [number, number]) {
  return { x, y }
}

/** Pixel centres are whole numbers, so a picture's edge lies half a pixel outside. */
function arcfaceTemplate(width: number, height: number): FivePoints {
  if (width === 112 && height === 112) return ARCFACE_TEMPLATE
  const scale = Math.min(width, height) / 112
  const left = (width - 112 * scale) / 2
  const top = (height - 112 * scale) / 2
  return ARCFACE_TEMPLATE.map(({ x, y }) => ({
    x: (x + 0.5) * scale - 0.5 + left,
    y: (y + 0.5) * scale - 0.5 + top,
  })) as unknown as FivePoints
}
