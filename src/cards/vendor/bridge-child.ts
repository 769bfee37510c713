import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { Fault } from '../../common/fault.ts'
import type { BridgeReply, BridgeRequest, VendorAnswer } from './bridge-protocol.ts'
import type { VendorPrototypes } from './prototypes.ts'

export interface ChildOptions {
  /** Absolute. */
  readonly file: string
  readonly prototypes: VendorPrototypes
  readonly execPath: string
  readonly timeoutMs: number
  /** Called once when the process is lost, for whatever reason but `stop`. */
  readonly onLoss: (fault: Fault) => void
}

/** One process from its start to its end; never reused after a loss. Rejections are always a `Fault`. */
export class BridgeChild {
  static async start(options: ChildOptions): Promise<BridgeChild> {
    const child = new BridgeChild(options)
    const { file, prototypes, timeoutMs } = options
    try {
      await child.#request({ type: 'load', library: file, prototypes }, timeoutMs)
      return child
    } catch (thrown) {
      child.#lose(thrown as Fault)
      throw thrown
    }
  }

  readonly #library: string
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  readonly #onLoss: (fault: Fault) => void
  #lost = false
  #settle: ((reply: BridgeReply | Fault) => void) | null = null

  private constructor({ file, execPath, onLoss }: ChildOptions) {
    this.#onLoss = onLoss
    this.#library = basename(file)
    this.#folder = mkdtempSync(join(realpathSync(tmpdir()), 'shidao-vendor-'))
    // Silent: a vendor's debugging output would carry names and numbers into the station's log.
    // The parent's flags (a test runner's, an inspector's port) are not the helper's.
    this.#child = fork(join(import.meta.dirname, 'bridge-process.ts'), [this.#folder], {
      execPath,
      execArgv: [],
      cwd: this.#folder,
      env: environment(file, this.#folder),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child.on('message', (reply: BridgeReply) => this.#settle?.(reply))
    this.#ended = new Promise((resolve) => {
      const end = (fault: Fault) => {
        this.#lose(fault)
        rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 })
        resolve()
      }
      this.#child.once('exit', (code, signal) => end(this.#crashed(code, signal)))
      this.#child.on('error', (cause) => {
        // Without a process there will be no `exit`; with one, `exit` tells the rest.
        if (this.#child.pid !== undefined) return
        end(new Fault('CARD_VENDOR_HELPER', 'the process for vendor libraries can’t be started', { cause }))
      })
    })
  }

  get pid(): number | null {
    return this.#child.pid ?? null
  }

  get lost(): boolean {
    return this.#lost
  }

  async call(request: Extract<BridgeRequest, { type: 'call' }>): Promise<VendorAnswer> {
    const reply = await this.#request(request, request.timeoutMs)
    if (reply.type === 'answer') return reply.answer
    throw new Fault('CARD_VENDOR_HELPER', 'the process for vendor libraries answered out of turn')
  }

  async stop(): Promise<void> {
    this.#lost = true
    if (this.#child.connected) this.#child.disconnect()
    // It may hang in the library, where it hears nothing.
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 1_000)
    await this.#ended
    clearTimeout(timer)
  }

  async #request(request: BridgeRequest, timeoutMs: number): Promise<BridgeReply> {
    const reply = await new Promise<BridgeReply | Fault>((resolve) => {
      const timer = setTimeout(() => this.#lose(this.#late(timeoutMs)), timeoutMs)
      this.#settle = (settled) => {
        clearTimeout(timer)
        this.#settle = null
        resolve(settled)
      }
      // A write to a process that is gone: `exit` says why.
      if (!this.#lost) this.#child.send(request, () => undefined)
    })
    if (reply instanceof Fault) {
      await this.#ended
      throw reply
    }
    if (reply.type !== 'fault') return reply
    const fault = new Fault(reply.code, `${this.#library}: ${reply.message}`)
    // What lies beyond the memory that was overrun is unknown: nothing of this process is trusted.
    if (fault.code === 'CARD_VENDOR_OVERRUN') this.#lose(fault)
    throw fault
  }

  #lose(fault: Fault): void {
    if (this.#lost) return
    this.#lost = true
    this.#child.kill('SIGKILL')
    this.#onLoss(fault)
    this.#settle?.(fault)
  }

  #late(timeoutMs: number): Fault {
    return new Fault('CARD_VENDOR_TIMEOUT', `the vendor library ${this.#library} hung for ${timeoutMs} ms`)
  }

  #crashed(code: number | null, signal: NodeJS.Signals | null): Fault {
    const how = signal ?? `exit 0x${((code ?? 0) >>> 0).toString(16).toUpperCase()}`
    return new Fault('CARD_VENDOR_CRASHED', `the vendor library ${this.#library} ended its process (${how})`)
  }
}

/** What a library needs to find its neighbours and a place for scratch files, and nothing of the station's. */
function environment(file: string, folder: string): NodeJS.ProcessEnv {
  if (process.platform !== 'win32') return { HOME: folder, TMPDIR: folder }
  const { SystemRoot = 'C:\\Windows' } = process.env
  const path = [dirname(file), join(SystemRoot, 'System32'), SystemRoot].join(delimiter)
  return { SystemRoot, windir: SystemRoot, PATH: path, TEMP: folder, TMP: folder }
}
