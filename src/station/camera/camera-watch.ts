import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { LayerReading } from '../../face/liveness/layer.ts'
import type { CameraIdentity, EventInput } from '../../ledger/event.ts'
import type { FrameFacts, Snapshot, StreamFacts } from '../protocol.ts'
import type { Signer, Staff } from '../staff.ts'
import type { CameraHistory } from './camera-history.ts'
import { cameraKey, differences, identityOf } from './camera-identity.ts'
import { type CameraFindings, cameraReading } from './camera-reading.ts'
import { type ArrivedFacts, type ClockFinding, clockFindings } from './frame-clock.ts'
import { type CameraJudgement, judgeCamera } from './judge-camera.ts'
import type { ListCameras } from './list-cameras.ts'

/** What a window shows of its camera. */
export type CameraView = Pick<Snapshot, 'camera' | 'cameraDetail'>

interface OpenCamera extends Pick<CameraJudgement, 'verdict' | 'reason'> {
  readonly label: string
  readonly identity: CameraIdentity
}

interface WatchParts {
  readonly history: CameraHistory
  readonly staff: Pick<Staff, 'sign'>
  readonly listCameras: ListCameras
  /** The station was born simulated. */
  readonly simulated: boolean
  /** Appends to the ledger; false when that failed and was reported. */
  readonly record: (input: EventInput) => boolean
}

/** A look lasts seconds; more frames than these are not needed to see that their clock is wrong. */
const MOST_FACTS = 512
/** So often at most is one kind of clock fault recorded: a window must not be able to fill the ledger. */
const CLOCK_RECORD_MS = 60_000

/**
 * Watches the camera of one window: asks the system which device is behind the stream, holds it against the one that
 * the station is pinned to, records what changed, and keeps the clock of its frames.
 */
export class CameraWatch {
  readonly #parts: WatchParts
  #open: OpenCamera | null = null
  #frames: ArrivedFacts[] = []
  #turn = 0
  readonly #clockRecorded = new Map<ClockFinding, number>()

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** The window opened a camera, or has none. False when a later call overtook this one: then nothing was done. */
  async opened(label: string | null, stream: StreamFacts | null): Promise<boolean> {
    const turn = ++this.#turn
    const judged = label === null ? null : judgeCamera(label, await this.#parts.listCameras())
    if (turn !== this.#turn) return false
    this.#frames = []
    this.#open =
      label === null || judged === null
        ? null
        : {
            label,
            identity: identityOf(label, judged.device, stream?.most ?? null),
            verdict: judged.verdict,
            reason: judged.reason,
          }
    this.#record(stream)
    return true
  }

  /** The window's facts about the frame that it sends; `at` is the station's monotonic clock, ms. */
  frame(facts: FrameFacts, at: number): void {
    if (facts.run !== this.#frames[0]?.run) this.#frames = []
    this.#frames.push({ ...facts, at })
    if (this.#frames.length > MOST_FACTS) this.#frames.shift()
  }

  /** The `camera` layer's word on the frames since the stream was opened for this look. Records a wrong clock. */
  reading(): LayerReading {
    const found = clockFindings(this.#frames)
    const now = this.#frames.at(-1)?.at ?? 0
    for (const clock of found) {
      const recorded = this.#clockRecorded.get(clock.finding)
      if (recorded !== undefined && now - recorded < CLOCK_RECORD_MS) continue
      const data = { ...clock, camera: this.#open?.label ?? null }
      if (this.#parts.record({ type: 'camera.clock', data })) this.#clockRecorded.set(clock.finding, now)
    }
    return cameraReading(this.#findings(), found)
  }

  view(): CameraView {
    if (this.#open === null) return { camera: 'missing', cameraDetail: null }
    const { label, identity, reason } = this.#open
    return { camera: this.#state(), cameraDetail: { label, reason, key: cameraKey(identity) } }
  }

  /**
   * A supervisor looked at the camera that the window showed as `key`, and signs for it. Faults: those of `Staff.sign`,
   * `STATION_CAMERA_OTHER` when it is not that one any more, `STATION_CAMERA_VIRTUAL`: nobody can vouch for a program.
   */
  confirm(key: string, by: Signer): Result<null> {
    const open = this.#open
    if (open === null || cameraKey(open.identity) !== key) {
      return failed(new Fault('STATION_CAMERA_OTHER', 'the camera is another one than was shown'))
    }
    if (open.verdict === 'virtual') {
      return failed(new Fault('STATION_CAMERA_VIRTUAL', 'a virtual camera cannot be confirmed'))
    }
    const { identity, verdict } = open
    const act = this.#parts.staff.sign({ act: 'camera.confirm', identity, verdict }, [by], 'supervisor')
    if (!act.ok) return act
    return this.#parts.record({ type: 'camera.confirmed', data: { identity, verdict, act: act.value } })
      ? ok(null)
      : failed(new Fault('LEDGER_NOT_RECORDED', 'the confirmation could not be recorded'))
  }

  #state(): Snapshot['camera'] {
    const found = this.#findings()
    if (found === null) return 'missing'
    if (found.verdict === 'virtual') return found.simulated ? 'simulated' : 'virtual'
    if (found.changed.length > 0) return 'changed'
    return found.verdict === 'unknown' && found.pin?.by !== 'confirmed' ? 'unknown' : 'ok'
  }

  #findings(): CameraFindings | null {
    if (this.#open === null) return null
    const { history, simulated } = this.#parts
    const { label, identity, verdict, reason } = this.#open
    const changed = history.pin === null ? [] : differences(history.pin.identity, identity)
    return { label, verdict, reason, changed, pin: history.pin, simulated }
  }

  /** Another label, device or verdict than the last record says. */
  #record(stream: StreamFacts | null): void {
    const { history, record } = this.#parts
    const identity = this.#open?.identity ?? null
    const verdict = this.#open?.verdict ?? null
    const after = this.#open?.label ?? null
    const isSame =
      after === history.label &&
      verdict === history.verdict &&
      (identity === null || history.identity === null
        ? identity === history.identity
        : isDeepStrictEqual(identity, history.identity))
    if (isSame) return
    record({
      type: 'camera.changed',
      data: {
        before: history.label,
        after,
        identity,
        verdict,
        reason: this.#open?.reason ?? null,
        changed: [...(this.#findings()?.changed ?? [])],
        stream: stream && streamed(stream),
      },
    })
  }
}

function streamed({ device, width, height, frameRate }: StreamFacts) {
  return { device, width, height, frameRate }
}
