import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import {
  encodeSimHello,
  encodeSimMessage,
  SIM_MESSAGE,
  type SimHello,
  type SimMessage,
  SimMessageParser,
} from '../transport/sim-message.ts'

/** A simulated device at the end of its cable. */
export interface PluggedDevice {
  /** An output report with its number in front, or an OUT transfer. */
  output(bytes: Uint8Array): void
  /** A feature report with its number in front. */
  setFeature?(report: Uint8Array): void
  /** The feature report that the host asks for; null: it never comes. */
  getFeature?(bytes: number): Promise<Uint8Array | null>
  /** Input reports without a number, or IN transfers. */
  onInput(listener: (bytes: Uint8Array) => void): void
  /** Somebody pulls the cable. */
  onUnplug(listener: () => void): void
}

export interface DeviceSocketOptions {
  /** A Unix socket that doesn't exist yet, or a name of a pipe on Windows. */
  readonly socketPath: string
  readonly hello: SimHello
  /** The device, made anew each time that it is plugged in. */
  readonly plug: () => PluggedDevice
  /** How long an unplugged device stays away, milliseconds. */
  readonly awayMs?: number
}

export interface DeviceSocket {
  stop(): Promise<void>
}

/** Long enough to be seen as gone, short enough to wait for. */
const AWAY_MS = 2_000

/**
 * Lets one host at a time use a simulated device over a local socket, readable by this user alone. A device that was
 * unplugged ends the connection, stays away for a while and is plugged in again.
 * Throws `PORT_BUSY` where another simulator listens, `PORT_OPEN` where no socket can be made.
 */
export async function serveDevice(options: DeviceSocketOptions): Promise<DeviceSocket> {
  const socket = new ListeningDevice(options)
  try {
    await socket.plugIn()
  } catch (thrown) {
    // Else the device that its maker ends now would be plugged in again.
    await socket.stop()
    throw thrown
  }
  return socket
}

class ListeningDevice implements DeviceSocket {
  readonly #options: DeviceSocketOptions
  #server: Server | null = null
  #host: Socket | null = null
  #replugging: Promise<void> = Promise.resolve()
  readonly #stopping = new AbortController()

  constructor(options: DeviceSocketOptions) {
    this.#options = options
  }

  async plugIn(): Promise<void> {
    const device = this.#options.plug()
    device.onInput((bytes) => this.#host?.write(encodeSimMessage(SIM_MESSAGE.in, bytes)))
    device.onUnplug(() => {
      if (!this.#stopping.signal.aborted) this.#replugging = this.#replug()
    })
    this.#server = await listen(this.#options.socketPath, (host) => this.#connected(host, device))
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#replugging
    await this.#unplug()
  }

  async #replug(): Promise<void> {
    await this.#unplug()
    await sleep(this.#options.awayMs ?? AWAY_MS, undefined, { signal: this.#stopping.signal }).catch(() => {})
    if (!this.#stopping.signal.aborted) await this.plugIn()
  }

  async #unplug(): Promise<void> {
    const server = this.#server
    this.#server = null
    this.#host?.destroy()
    this.#host = null
    if (server !== null) await new Promise((resolve) => server.close(resolve))
  }

  #connected(host: Socket, device: PluggedDevice): void {
    host.on('error', () => host.destroy())
    if (this.#host !== null) {
      host.end(encodeSimMessage(SIM_MESSAGE.busy))
      return
    }
    this.#host = host
    const left = () => {
      if (this.#host === host) this.#host = null
    }
    host.once('end', left)
    host.once('close', left)
    const parser = new SimMessageParser()
    host.on('data', (chunk: Buffer) => {
      for (const message of parser.push(chunk)) obey(message, device, host)
    })
    host.write(encodeSimHello(this.#options.hello))
  }
}

function obey({ kind, body }: SimMessage, device: PluggedDevice, host: Socket): void {
  if (kind === SIM_MESSAGE.out) device.output(body)
  else if (kind === SIM_MESSAGE.setFeature) device.setFeature?.(body)
  else if (kind === SIM_MESSAGE.getFeature) {
    const [high = 0, low = 0] = body
    void device.getFeature?.((high << 8) | low).then((report) => {
      if (report !== null && host.writable) host.write(encodeSimMessage(SIM_MESSAGE.feature, report))
    })
  }
}

async function listen(path: string, connected: (host: Socket) => void): Promise<Server> {
  try {
    return await tryToListen(path, connected)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE') throw new Fault('PORT_OPEN', `no socket can be made at ${path}`, { cause })
    if (!isSocket(path)) throw new Fault('PORT_OPEN', `${path} is there and is no socket`, { cause })
    if (await answers(path)) throw new Fault('PORT_BUSY', `another simulator listens at ${path}`, { cause })
    // What a simulator left that was killed.
    rmSync(path, { force: true })
    return await tryToListen(path, connected)
  }
}

function tryToListen(path: string, connected: (host: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: false }, connected)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      if (process.platform !== 'win32') chmodSync(path, 0o600)
      resolve(server)
    })
  })
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? true
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code !== 'ECONNREFUSED'))
  })
}
