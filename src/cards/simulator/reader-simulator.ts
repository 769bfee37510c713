import { Fault } from '../../common/fault.ts'
import { pseudoRandom } from '../../common/pseudo-random.ts'
import type { SamDialectName } from '../codec/command.ts'
import { type Checksum, decodeRequest, encodeAnswer, PREAMBLE, type Request } from '../codec/frame.ts'
import { FrameParser } from '../codec/frame-parser.ts'
import { parseSamNumber, SIMULATOR_SAM_NUMBER } from '../codec/sam-number.ts'
import { type LineClock, pause, systemClock } from '../driver/sam-clock.ts'
import { openPty } from '../transport/pty.ts'
import type { Transport } from '../transport/transport.ts'
import { type FaultedCommand, FaultScript, type SimulatedFault } from './line-faults.ts'
import { SamModel, type SimulatedCard } from './sam-model.ts'

export interface SimulatorOptions {
  /** The line to answer on; a new PTY if none is given. */
  readonly transport?: Transport
  /** Management number as vendors print it; the default is one that marks a simulator. */
  readonly samId?: string
  /** Which commands and checksum it understands; the standard ones if left out. */
  readonly dialect?: SamDialectName
  /** Lets bytes take the time that a wire of that speed needs, both ways. Without it they pass at once. */
  readonly wireBaudRate?: number
  readonly clock?: LineClock
  readonly card?: SimulatedCard | null
  /** What goes wrong; a script may be shared by simulators that follow each other. */
  readonly faults?: readonly SimulatedFault[] | FaultScript
  /** 0 ≤ x < 1, for noise; the default is the same at every start. */
  readonly random?: () => number
  /** A card was read and the answer has gone out. */
  readonly onRead?: (card: SimulatedCard) => void
  /** The script took the card away in the middle of a read. */
  readonly onRemoved?: (card: SimulatedCard) => void
  /** The line is gone without `stop`, `PORT_LOST`: the script unplugged it, or the system lost it. */
  readonly onLost?: (fault: Fault) => void
}

export interface ReaderSimulator {
  /** What a driver opens. */
  readonly path: string
  /** What will still go wrong; may be changed at any time. */
  readonly faults: FaultScript
  /** Lays a card down; one that lay there is replaced. */
  place(card: SimulatedCard): void
  remove(): void
  stop(): Promise<void>
}

/**
 * A serial card reader in software, answering SAM frames as real ones do, with scripted faults.
 * `PORT_PTY` where the system has no pseudo-terminal, `CARD_FILE` for a SAM number that isn't one.
 */
export function startReaderSimulator(options: SimulatorOptions = {}): ReaderSimulator {
  const samNumber = parseSamNumber(options.samId ?? SIMULATOR_SAM_NUMBER)
  if (samNumber === null)
    throw new Fault('CARD_FILE', 'a SAM number is printed like 00.00-20240101-0000000001-0000000001')
  const transport = options.transport ?? openPty()
  let isStopped = false
  transport.onClose((fault) => {
    if (!isStopped)
      options.onLost?.(fault ?? new Fault('PORT_LOST', `the script unplugged ${transport.path}`))
  })
  const sam = new SamModel(samNumber)
  if (options.card) sam.place(options.card)
  const faults =
    options.faults instanceof FaultScript ? options.faults : new FaultScript(options.faults ?? [])
  const line = new FaultyLine(transport, faults, options)
  const dialect = options.dialect ?? 'standard'
  const checksum: Checksum = dialect === 'standard' ? 'xor' : 'negative-sum'
  const parser = new FrameParser('request', [checksum])

  const answer = (asked: Request) => {
    const request = dialect === 'standard' ? asked : toStandard(asked)
    const name = commandName(request)
    const hit = (kind: 'not-authorised' | 'zero-record' | 'removal') => faults.take(kind, name) !== null
    if (faults.take('unplug', name) !== null) {
      line.unplug()
      return
    }
    const lying = sam.card
    const said = sam.answer(request, {
      notAuthorised: hit('not-authorised'),
      zeroRecord: hit('zero-record'),
      removal: hit('removal'),
      refusal: faults.take('refusal', name)?.status ?? null,
    })
    if (lying !== null && sam.card === null) options.onRemoved?.(lying)
    const wasRead = name === 'read' && sam.wasRead && lying !== null
    // The CVR-100AU's start gives thirteen bytes of which nobody knows what they say.
    const data = dialect === 'cvr-100au' && name === 'reset' ? new Uint8Array(13) : said.data
    line.send(name, encodeAnswer(said.status, data, checksum), () => {
      if (wasRead) options.onRead?.(lying)
    })
  }
  transport.onData((chunk) => {
    for (const frame of parser.push(chunk)) {
      const request = frame.kind === 'frame' ? decodeRequest(frame.body) : null
      if (request !== null) answer(request)
      else transport.write(encodeAnswer(DAMAGED_COMMAND, undefined, checksum))
    }
  })

  return {
    path: transport.path,
    faults,
    place: (card) => sam.place(card),
    remove: () => sam.remove(),
    stop: async () => {
      isStopped = true
      line.stop()
      await transport.close()
    },
  }
}

const DAMAGED_COMMAND = 0x10

/** Sends answers in order, each with what the script does to it on the way. */
class FaultyLine {
  readonly #transport: Transport
  readonly #faults: FaultScript
  readonly #random: () => number
  readonly #clock: LineClock
  readonly #wireBaudRate: number
  readonly #stopping = new AbortController()
  #previous: Uint8Array = new Uint8Array()
  #queue: Promise<void> = Promise.resolve()

  constructor(transport: Transport, faults: FaultScript, options: SimulatorOptions) {
    this.#transport = transport
    this.#faults = faults
    this.#random = options.random ?? pseudoRandom(1)
    this.#clock = options.clock ?? systemClock
    this.#wireBaudRate = options.wireBaudRate ?? Number.POSITIVE_INFINITY
  }

  unplug(): void {
    this.stop()
    void this.#transport.close()
  }

  send(command: FaultedCommand, frame: Uint8Array, sent: () => void): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#faults.take('silent', command) === null) await this.#deliver(command, frame)
      if (!this.#stopping.signal.aborted) sent()
    })
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #deliver(command: FaultedCommand, frame: Uint8Array): Promise<void> {
    let bytes = frame
    if (this.#faults.take('wrong-checksum', command)) bytes = withWrongChecksum(bytes)
    if (this.#faults.take('truncated', command)) bytes = bytes.subarray(0, bytes.length >> 1)
    if (this.#faults.take('join', command)) bytes = Buffer.concat([this.#previous, bytes])
    const noise = this.#faults.take('noise', command)
    if (noise !== null) bytes = Buffer.concat([this.#noise(noise.bytes), bytes])
    this.#previous = frame

    const delay = this.#faults.take('delay', command)
    if (delay !== null) await this.#pause(delay.ms)
    const split = this.#faults.take('split', command)
    const size = split?.bytes ?? bytes.length
    await this.#pause(this.#wireMs(REQUEST_BYTES))
    for (let at = 0; at < bytes.length && !this.#stopping.signal.aborted; at += size) {
      if (at > 0 && split !== null) await this.#pause(split.gapMs)
      await this.#write(bytes.subarray(at, at + size))
    }
  }

  /** In pieces as a UART's buffer hands them on, each when its last byte has passed the wire. */
  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#wireBaudRate === Number.POSITIVE_INFINITY) {
      this.#transport.write(bytes)
      return
    }
    const begun = this.#clock.now()
    for (let at = 0; at < bytes.length && !this.#stopping.signal.aborted; at += UART_BYTES) {
      const piece = bytes.subarray(at, at + UART_BYTES)
      await this.#pause(begun + this.#wireMs(at + piece.length) - this.#clock.now())
      this.#transport.write(piece)
    }
  }

  /** Ten bits a byte: start, eight, stop. */
  #wireMs(bytes: number): number {
    return (bytes * 10 * 1000) / this.#wireBaudRate
  }

  /** Noise with beginnings of preambles in it, because those are what a parser can stumble over. */
  #noise(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, (_, i) =>
      this.#random() < 0.3 ? (PREAMBLE[i % PREAMBLE.length] ?? 0) : Math.floor(this.#random() * 256),
    )
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await pause(this.#clock, Math.ceil(ms), this.#stopping.signal)
  }
}

function withWrongChecksum(frame: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(frame)
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 0xff
  return damaged
}

/** Requests are ten bytes, but for one that is sent once. */
const REQUEST_BYTES = 10
/** Half of what a 16550 and the usual USB converters hold. */
const UART_BYTES = 32

function commandName({ command, parameter }: Request): FaultedCommand {
  if (command === 0x60) return 'speed'
  return names.get((command << 8) | parameter) ?? 'status'
}

const names: ReadonlyMap<number, FaultedCommand> = new Map([
  [0x10ff, 'reset'],
  [0x11ff, 'status'],
  [0x12ff, 'sam-number'],
  [0x2001, 'find'],
  [0x2002, 'select'],
  [0x3001, 'read'],
  [0x3010, 'read'],
  [0x3003, 'probe'],
  [0x61ff, 'max-rf-bytes'],
])

/** What a CVR-100AU's command would be in the standard; its 00 01 starts anew. */
function toStandard({ command, parameter, data }: Request): Request {
  const code = command === 0 ? cvrCommands.get(parameter) : undefined
  return { command: (code ?? 0) >> 8, parameter: (code ?? 0) & 0xff, data }
}

const cvrCommands: ReadonlyMap<number, number> = new Map([
  [0x01, 0x10ff],
  [0x81, 0x2001],
  [0x82, 0x2002],
  [0x83, 0x3001],
])
