import { connect, type Socket } from 'node:net'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import {
  decodeSimHello,
  encodeSimMessage,
  SIM_MESSAGE,
  type SimHello,
  type SimMessage,
  type SimMessageKind,
  SimMessageParser,
} from './sim-message.ts'

/** A connection to a simulated device in another process. */
export interface SimLink {
  /** `sim:PATH`. */
  readonly path: string
  /** What the device says that it is. */
  readonly hello: SimHello
  /** Why nothing can be sent any more; null while the link stands. */
  readonly ended: Fault | null
  send(kind: SimMessageKind, body?: Uint8Array): void
  /** Adds a listener. */
  onMessage(listener: (message: SimMessage) => void): void
  /** Adds a listener, called once: null after `close`, `PORT_LOST` when the device was unplugged or its process ended. */
  onClose(listener: (fault: Fault | null) => void): void
  /** Ends the link; safe to call twice. */
  close(): Promise<void>
}

/** A local socket answers at once or never. */
const HELLO_MS = 2_000

/**
 * Plugs into the simulated device that listens at `socketPath`: a Unix socket, or a named pipe on Windows.
 * `PORT_NOT_FOUND`, `PORT_BUSY`, `PORT_DENIED`, or `PORT_OPEN` where something else listens.
 */
export async function connectToSimulator(socketPath: string): Promise<Result<SimLink>> {
  const path = `sim:${socketPath}`
  const socket = connect({ path: socketPath })
  const parser = new SimMessageParser()
  const first = await new Promise<SimMessage | Fault>((resolve) => {
    const timer = setTimeout(() => resolve(noSimulator(path)), HELLO_MS)
    const settle = (said: SimMessage | Fault) => {
      clearTimeout(timer)
      resolve(said)
    }
    socket.on('error', (cause) => settle(openFault(path, cause)))
    socket.once('close', () => settle(noSimulator(path)))
    socket.on('data', function waitForHello(chunk: Buffer) {
      const [message] = parser.push(chunk)
      if (message === undefined) return
      socket.off('data', waitForHello)
      settle(message)
    })
  })
  const refusal = refusalIn(first, path)
  const hello = first instanceof Fault ? null : decodeSimHello(first)
  if (refusal !== null || hello === null) {
    socket.destroy()
    return failed(refusal ?? noSimulator(path))
  }
  return ok(new OpenSimLink(path, hello, socket, parser))
}

class OpenSimLink implements SimLink {
  readonly path: string
  readonly hello: SimHello
  readonly #socket: Socket
  readonly #onMessage: ((message: SimMessage) => void)[] = []
  readonly #onClose: ((fault: Fault | null) => void)[] = []
  #ended: Fault | null = null

  constructor(path: string, hello: SimHello, socket: Socket, parser: SimMessageParser) {
    this.path = path
    this.hello = hello
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      for (const message of parser.push(chunk)) for (const listener of this.#onMessage) listener(message)
    })
    const lost = () => {
      const fault = new Fault('PORT_LOST', `${path} went away`)
      this.#end(fault, fault)
    }
    socket.once('close', lost)
    if (socket.closed) lost()
  }

  get ended(): Fault | null {
    return this.#ended
  }

  send(kind: SimMessageKind, body?: Uint8Array): void {
    if (this.#ended === null) this.#socket.write(encodeSimMessage(kind, body))
  }

  onMessage(listener: (message: SimMessage) => void): void {
    this.#onMessage.push(listener)
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose.push(listener)
  }

  async close(): Promise<void> {
    this.#end(new Fault('PORT_CLOSED', `${this.path} was closed`), null)
    if (this.#socket.closed) return
    const closed = new Promise((resolve) => this.#socket.once('close', resolve))
    // An orderly end: the simulator has seen it before we go on, so that the next open isn't "busy".
    this.#socket.end()
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_MS)
    await closed
    clearTimeout(timer)
  }

  #end(ended: Fault, told: Fault | null): void {
    if (this.#ended !== null) return
    this.#ended = ended
    for (const listener of this.#onClose.splice(0)) listener(told)
  }
}

const CLOSE_MS = 500

function refusalIn(first: SimMessage | Fault, path: string): Fault | null {
  if (first instanceof Fault) return first
  return first.kind === SIM_MESSAGE.busy ? new Fault('PORT_BUSY', `another program has ${path} open`) : null
}

function noSimulator(path: string): Fault {
  return new Fault('PORT_OPEN', `what listens at ${path} is no card simulator of this version`)
}

function openFault(path: string, cause: NodeJS.ErrnoException): Fault {
  if (cause.code === 'EACCES' || cause.code === 'EPERM')
    return new Fault('PORT_DENIED', `this user may not open ${path}`, { cause })
  if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED' || cause.code === 'ENOTSOCK')
    return new Fault('PORT_NOT_FOUND', `no simulator listens at ${path}; start "shidao card simulate"`, {
      cause,
    })
  return new Fault('PORT_OPEN', `${path} cannot be opened: ${cause.code ?? cause.message}`, { cause })
}
