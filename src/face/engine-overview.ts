import { calibrationOf, type MeasuredShare } from './calibrated-thresholds.ts'
import { backendOf, type OpenedRecogniser } from './open-recogniser.ts'
import { median, percentile } from './percentile.ts'
import type { ModelIdentity, RgbImage, Thresholds, WeightsLicence } from './recogniser.ts'

/** What somebody has to know of an engine before they choose it. */
export interface EngineOverview {
  readonly engine: string
  readonly model: ModelIdentity
  readonly thresholds: Thresholds
  /**
   * One frame against a 1 KB card portrait, people of the kiosk's population, at the thresholds above; null where nobody
   * measured it (a model folder whose manifest brings its own thresholds).
   */
  readonly measured: {
    /** Share of other people who are taken for the person. */
    readonly fmr: MeasuredShare
    /** Share of the right people who are verified. */
    readonly tar: MeasuredShare
    /** Share of the right people, and of others, whose check is left to staff. */
    readonly doubtful: { readonly genuine: number; readonly impostor: number }
  } | null
  /** One analysis of a camera frame on this machine, ms. */
  readonly ms: { readonly p50: number; readonly p95: number }
  readonly backend: string
  readonly licence: WeightsLicence
}

const WARM_UP = 3
const RUNS = 20

/** Looks up what was measured of an engine and times it on a picture with a face. */
export async function describeEngine(recogniser: OpenedRecogniser, image: RgbImage): Promise<EngineOverview> {
  const { engine, model, thresholds, licence } = recogniser
  const times: number[] = []
  for (let i = 0; i < WARM_UP + RUNS; i++) {
    const start = performance.now()
    await recogniser.analyse(image, 'frame')
    if (i >= WARM_UP) times.push(performance.now() - start)
  }
  const ms = { p50: median(times), p95: percentile(times, 0.95) }
  return { engine, model, thresholds, measured: measuredOf(model), ms, backend: backendOf(engine), licence }
}

function measuredOf(model: ModelIdentity): EngineOverview['measured'] {
  const card = calibrationOf(model)?.measured.find(
    ({ list, portrait }) => list === 'population' && portrait === 'id1k',
  )
  if (card === undefined) return null
  const { atAccept, atReject } = card
  const doubtful = {
    genuine: atReject.tar.rate - atAccept.tar.rate,
    impostor: atReject.fmr.rate - atAccept.fmr.rate,
  }
  return { fmr: atAccept.fmr, tar: atAccept.tar, doubtful }
}
