import { asFault, Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { StationData } from './data-folder.ts'

/** What a look is repeated from: the reference portrait and every frame of the record, in its order. */
export interface KeptLook {
  readonly portrait: Uint8Array
  readonly frames: readonly Uint8Array[]
}

export interface KeepingPolicy {
  readonly megabytes: number
  readonly days: number
}

const PREFIX = 'look/'
const DAY_MS = 24 * 3600_000
const MEGABYTE = 1_000_000
/** A look that is larger is not kept at all: half a look repeats nothing. */
const LARGEST_LOOK = 32 * MEGABYTE

/**
 * Keeps the frames of checks beside the ledger, one sealed record a look under the person's biometric key: destroying
 * that key, as withdrawal does, removes them. What is older than the policy or above its quota goes, oldest first.
 */
export class FrameKeeper {
  readonly #data: StationData
  readonly #policy: KeepingPolicy
  readonly #onFault: (fault: Fault) => void

  constructor(data: StationData, policy: KeepingPolicy, onFault: (fault: Fault) => void) {
    this.#data = data
    this.#policy = policy
    this.#onFault = onFault
  }

  /**
   * Keeps the look behind the record at `index`. The record is durable by then and stands whatever happens here: a
   * fault goes to `onFault`, and this look cannot be repeated.
   */
  keep(person: string, index: number, look: KeptLook): void {
    try {
      this.prune()
      const packed = pack([look.portrait, ...look.frames])
      if (packed.length > LARGEST_LOOK) return
      this.#data.side.put(person, 'biometric', lookName(index), packed)
      this.prune()
    } catch (thrown) {
      this.#onFault(asFault(thrown))
    }
  }

  /** Removes looks that are too old, then the oldest until the rest is within the quota. */
  prune(): void {
    const { side, ledger, clock } = this.#data
    const looks = side.sizes(PREFIX)
    const oldest = clock.now().wall - this.#policy.days * DAY_MS
    let total = looks.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const { person, kind, name, bytes } of looks) {
      const recorded = ledger.events(Number(name.slice(PREFIX.length))).next().value
      const isOld = recorded === undefined || recorded.event.time.wall < oldest
      if (!isOld && total <= this.#policy.megabytes * MEGABYTE) return
      side.remove(person, kind, name)
      total -= bytes
    }
  }
}

/** The look behind the record at `index`; `STATION_FRAMES_MISSING` where none was kept or its key was destroyed. */
export function keptLook({ side }: StationData, person: string, index: number): Result<KeptLook> {
  const packed = side.get(person, 'biometric', lookName(index))
  const [portrait, ...frames] = packed === null ? [] : unpack(packed)
  if (portrait === undefined) {
    return failed(new Fault('STATION_FRAMES_MISSING', `no frames are kept for record ${index}`))
  }
  return ok({ portrait, frames })
}

/** By rising index, which is by rising age. */
function lookName(index: number): string {
  return `${PREFIX}${String(index).padStart(10, '0')}`
}

/** Each part behind its length, 4 bytes, big-endian. */
function pack(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(part.length)
      return [length, part]
    }),
  )
}

function unpack(bytes: Uint8Array): Uint8Array[] {
  const buffer = Buffer.from(bytes)
  const parts: Uint8Array[] = []
  for (let at = 0; at + 4 <= buffer.length; ) {
    const end = at + 4 + buffer.readUInt32BE(at)
    parts.push(buffer.subarray(at + 4, end))
    at = end
  }
  return parts
}
