import { closeSync, constants, openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import koffi from 'koffi'
import { Fault } from '../../common/fault.ts'
import type { Transport } from './transport.ts'

/**
 * A new pseudo-terminal: this end is the transport, the other is a serial port at `path` for whoever opens it.
 * Raw from the start, so that bytes pass untouched. Linux and macOS; `PORT_PTY` elsewhere or if the system has none.
 */
export function openPty(): Transport {
  const { posix_openpt, grantpt, unlockpt, ptsname_r } = libc()
  const master = posix_openpt(constants.O_RDWR | constants.O_NOCTTY)
  if (master < 0) throw new Fault('PORT_PTY', 'the system gives no pseudo-terminal')
  const name = Buffer.alloc(128)
  if (grantpt(master) !== 0 || unlockpt(master) !== 0 || ptsname_r(master, name, name.length) !== 0) {
    closeSync(master)
    throw new Fault('PORT_PTY', 'the system gives no name for a pseudo-terminal')
  }
  return new PtyMaster(name.toString('utf8', 0, name.indexOf(0)), master)
}

class PtyMaster implements Transport {
  readonly path: string
  // Our own hold on the slave: without it the master reads end-of-file whenever a program closes the port.
  readonly #slave: number
  // libuv polls a master like any terminal: no thread waits in read(), and a write that doesn't fit is queued.
  readonly #stream: ReadStream
  #onData: (chunk: Uint8Array) => void = () => {}
  #onClose: (fault: Fault | null) => void = () => {}
  #closing = false

  constructor(path: string, master: number) {
    this.path = path
    this.#slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY)
    makeRaw(this.#slave)
    this.#stream = new ReadStream(master)
    this.#stream.on('data', (chunk: Buffer) => this.#onData(chunk))
    this.#stream.on('error', () => this.#stream.destroy())
    this.#stream.once('close', () => {
      closeSync(this.#slave)
      this.#onClose(this.#closing ? null : new Fault('PORT_LOST', `${path} went away`))
    })
  }

  write(bytes: Uint8Array): void {
    if (!this.#closing) this.#stream.write(bytes)
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#onData = listener
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener
  }

  async close(): Promise<void> {
    if (this.#stream.closed) return
    this.#closing = true
    const closed = new Promise((resolve) => this.#stream.once('close', resolve))
    this.#stream.destroy()
    await closed
  }
}

/** More than any system's `struct termios` takes: 60 bytes with glibc, 72 on macOS. */
const TERMIOS_BYTES = 256
const TCSANOW = 0

function makeRaw(fd: number): void {
  const { tcgetattr, cfmakeraw, tcsetattr } = libc()
  const termios = Buffer.alloc(TERMIOS_BYTES)
  if (tcgetattr(fd, termios) !== 0) throw new Fault('PORT_PTY', 'the pseudo-terminal has no settings')
  cfmakeraw(termios)
  if (tcsetattr(fd, TCSANOW, termios) !== 0)
    throw new Fault('PORT_PTY', 'the pseudo-terminal cannot be made raw')
}

interface Libc {
  posix_openpt(flags: number): number
  grantpt(fd: number): number
  unlockpt(fd: number): number
  ptsname_r(fd: number, name: Buffer, size: number): number
  tcgetattr(fd: number, termios: Buffer): number
  tcsetattr(fd: number, when: number, termios: Buffer): number
  cfmakeraw(termios: Buffer): void
}

let loaded: Libc | null = null

function libc(): Libc {
  loaded ??= loadLibc()
  return loaded
}

function loadLibc(): Libc {
  const file = { linux: 'libc.so.6', darwin: 'libSystem.B.dylib' }[process.platform as string]
  if (file === undefined)
    throw new Fault(
      'PORT_PTY',
      `${process.platform} has no pseudo-terminals; use a pair of virtual serial ports`,
    )
  const library = koffi.load(file)
  const declare = (prototype: string) => library.func(prototype)
  return {
    posix_openpt: declare('int posix_openpt(int flags)'),
    grantpt: declare('int grantpt(int fd)'),
    unlockpt: declare('int unlockpt(int fd)'),
    ptsname_r: declare('int ptsname_r(int fd, void *name, size_t size)'),
    tcgetattr: declare('int tcgetattr(int fd, void *termios)'),
    tcsetattr: declare('int tcsetattr(int fd, int when, void *termios)'),
    cfmakeraw: declare('void cfmakeraw(void *termios)'),
  } as Libc
}
