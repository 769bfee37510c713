import { setTimeout as sleep } from 'node:timers/promises'
import { pseudoRandom } from '../../common/pseudo-random.ts'
import { type ChipCard, parseApdu } from './chip-card.ts'
import type { DeliverReports } from './hid-device.ts'
import type { FaultedCommand, FaultScript } from './line-faults.ts'

/** What is told of a card in a slot. */
export interface ChipEvents {
  /** It was read and the reader has done with it. */
  readonly onRead?: () => void
  /** A script took it away in the middle. */
  readonly onRemoved?: () => void
  /** A script pulls the reader out. */
  readonly onUnplug?: () => void
}

/**
 * A card in a slot, with a script of bad days. Power on is `reset`, READ RECORD and READ BINARY are `read`, SELECT and
 * GET RESPONSE are `select`, anything else is `status`.
 */
export class FaultyChip implements ChipCard {
  readonly #card: ChipCard
  readonly #faults: FaultScript
  readonly #events: ChipEvents
  #command: FaultedCommand = 'status'
  #wasRead = false

  constructor(card: ChipCard, faults: FaultScript, events: ChipEvents = {}) {
    this.#card = card
    this.#faults = faults
    this.#events = events
  }

  get atr(): Uint8Array {
    return this.#card.atr
  }

  /** The command whose answer is on its way. */
  get command(): FaultedCommand {
    return this.#command
  }

  reset(): void {
    this.#command = 'reset'
    this.#wasRead = false
    this.#card.reset()
    if (this.#faults.take('unplug', 'reset') !== null) this.#events.onUnplug?.()
  }

  answer(apdu: Uint8Array): Uint8Array | null {
    this.#command = commands.get(parseApdu(apdu).instruction) ?? 'status'
    if (this.#faults.take('unplug', this.#command) !== null) this.#events.onUnplug?.()
    const answer = this.#faults.take('removal', this.#command) === null ? this.#card.answer(apdu) : null
    if (answer === null) this.#events.onRemoved?.()
    else if (this.#command === 'read') this.#wasRead = true
    return answer
  }

  powerOff(): void {
    this.#command = 'status'
    this.#card.powerOff?.()
    if (this.#wasRead) this.#events.onRead?.()
    this.#wasRead = false
  }
}

const commands: ReadonlyMap<number, FaultedCommand> = new Map([
  [0xa4, 'select'],
  [0xc0, 'select'],
  [0xb0, 'read'],
  [0xb2, 'read'],
])

export interface FaultyReportsOptions {
  readonly faults: FaultScript
  /** The command that the next answer belongs to. */
  readonly command: () => FaultedCommand
  /** The reports of an answer with its checksum wrong, for framings that have one. */
  readonly spoilChecksum?: (reports: readonly Uint8Array[]) => readonly Uint8Array[]
}

/** Sends the answers of a contact slot in order, each with what the script does to its input reports. */
export function faultyReports({ faults, command, spoilChecksum }: FaultyReportsOptions): DeliverReports {
  const random = pseudoRandom(1)
  let previous: readonly Uint8Array[] = []
  let queue: Promise<void> = Promise.resolve()
  return (answer, emit) => {
    const asked = command()
    const take = <K extends Parameters<FaultScript['take']>[0]>(kind: K) => faults.take(kind, asked)
    if (take('silent') !== null) return
    let reports = answer
    if (take('wrong-checksum') !== null) reports = spoilChecksum?.(reports) ?? reports
    if (take('truncated') !== null) reports = reports.slice(0, reports.length >> 1)
    if (take('join') !== null) reports = [...previous, ...reports]
    if (take('noise') !== null) reports = [noise(random, answer[0]?.length ?? 0), ...reports]
    previous = answer
    const delay = faults.take('delay', asked)
    const split = faults.take('split', asked)
    queue = queue.then(async () => {
      if (delay !== null) await sleep(delay.ms)
      for (const [place, report] of reports.entries()) {
        if (place > 0 && split !== null) await sleep(split.gapMs)
        emit(report)
      }
    })
  }
}

/** The last digit before the end mark belongs to the checksum of a GWI frame. */
export function spoilGwiChecksum(reports: readonly Uint8Array[]): readonly Uint8Array[] {
  const spoiled = reports.map((report) => Uint8Array.from(report))
  for (let i = spoiled.length - 1; i >= 0; i--) {
    const report = spoiled[i]
    const end = report?.indexOf(END_OF_FRAME) ?? -1
    const digit =
      end > 0 ? ([report, end - 1] as const) : ([spoiled[i - 1], (spoiled[i - 1]?.length ?? 0) - 1] as const)
    if (end < 0 || digit[0] === undefined) continue
    digit[0][digit[1]] = (digit[0][digit[1]] ?? 0) ^ 1
    return spoiled
  }
  return spoiled
}

const END_OF_FRAME = 0x03

function noise(random: () => number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256))
}
