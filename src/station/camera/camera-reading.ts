import { type LayerReading, nothingSeen } from '../../face/liveness/layer.ts'
import type { CameraPin } from './camera-history.ts'
import type { FoundClock } from './frame-clock.ts'
import type { CameraJudgement } from './judge-camera.ts'

/** What a station knows of the camera before it, apart from its pictures. */
export interface CameraFindings extends Pick<CameraJudgement, 'verdict' | 'reason'> {
  readonly label: string
  /** What is other than pinned. */
  readonly changed: readonly string[]
  readonly pin: CameraPin | null
  /** The station was born simulated: its camera may be a film, and says so. */
  readonly simulated: boolean
}

/** The scores stand for no measured rate: they order the cases, 0 attack … 1 nothing against it. */
const SCORE = { real: 1, unknown: 0.5, contradicted: 0.3, virtual: 0 } as const

/**
 * The `camera` layer of liveness: whether the picture comes from the hardware that this door was set up with. `bonaFide`
 * says nothing of who stands before it. A clock that contradicts itself is `unsure`, because cameras stumble too.
 */
export function cameraReading(camera: CameraFindings | null, clock: readonly FoundClock[]): LayerReading {
  if (camera === null) return nothingSeen('camera', 'no-camera')
  const { label, verdict, reason, changed, pin, simulated } = camera
  const detail = {
    label,
    camera: verdict,
    reason,
    pinned: pin?.by ?? 'none',
    changed: changed.join(','),
    clock: clock.map(({ finding }) => finding).join(','),
  }
  if (verdict === 'virtual') {
    return simulated
      ? { layer: 'camera', verdict: 'unsure', score: null, detail: { ...detail, why: 'simulated' } }
      : { layer: 'camera', verdict: 'attack', score: SCORE.virtual, detail: { ...detail, why: 'virtual' } }
  }
  const why =
    changed.length > 0 ? 'changed' : clock.length > 0 ? 'clock' : verdict === 'unknown' ? 'unknown' : null
  if (why === null) return { layer: 'camera', verdict: 'bonaFide', score: SCORE.real, detail }
  const score = why === 'unknown' ? SCORE.unknown : SCORE.contradicted
  return { layer: 'camera', verdict: 'unsure', score, detail: { ...detail, why } }
}
