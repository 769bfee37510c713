import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type {
  EngineAnswer,
  EngineInfo,
  EngineReply,
  EngineRequest,
  FrameComparison,
  TemplateFound,
} from './engine-protocol.ts'
import type { FrameObservation } from './liveness/observation.ts'
import { MODEL_FOLDER } from './models.ts'
import { DEFAULT_ENGINE } from './open-recogniser.ts'
import type { Template } from './recogniser.ts'

export type { EngineInfo, FrameComparison, TemplateFound } from './engine-protocol.ts'

/** The face engine in its own process. Requests are answered one after the other, in their order. */
export interface FaceEngine {
  readonly info: EngineInfo
  /** Of the process that runs now; null between a loss and the restart. */
  readonly pid: number | null
  /**
   * Finds the face of an encoded picture (JPEG, PNG, WebP). A portrait gets the more careful template.
   * Faults: `FACE_IMAGE_INVALID`, `FACE_IMAGE_TOO_LARGE`, `FACE_NONE`, `FACE_LOW_QUALITY`, `FACE_ENGINE_…`.
   */
  template(image: Uint8Array, purpose: 'portrait' | 'frame'): Promise<Result<TemplateFound>>
  /**
   * Compares a camera frame with a reference. No face or a failed gate is an answer, with `issue` and no score.
   * `fresh` searches the whole frame; otherwise the face may be followed from the frame before.
   */
  compare(
    frameJpeg: Uint8Array,
    reference: Template,
    options?: { readonly fresh?: boolean },
  ): Promise<Result<FrameComparison>>
  /**
   * What the liveness layers want to know of the frame that was compared last, whose pixels the process still holds. A
   * request of its own, so that the comparison's answer does not wait for it. `passive` also asks the network.
   * `FACE_NONE` when no frame was compared since the process began.
   */
  observe(options: { readonly at: number; readonly passive: boolean }): Promise<Result<FrameObservation>>
  close(): Promise<void>
}

export interface EngineOptions {
  readonly engine?: string
  readonly modelFolder?: string
  /** A request that takes longer ends in `FACE_ENGINE_TIMEOUT` and the process is replaced, ms. */
  readonly requestTimeoutMs?: number
  readonly startTimeoutMs?: number
}

/**
 * Starts the engine's process and waits until its weights are checked, its self-test has passed and it is warm.
 * Throws `FACE_MODEL_MISSING`, `FACE_MODEL_ALTERED`, `FACE_SELF_TEST`, `USAGE_ENGINE` or `FACE_ENGINE_START`.
 *
 * Inference has a process of its own so that readers and ledger are served meanwhile, and so that a hung or crashed
 * one can be replaced: the request under way gets `FACE_ENGINE_TIMEOUT` or `FACE_ENGINE_LOST`, the next one works.
 */
export async function startFaceEngine(options: EngineOptions = {}): Promise<FaceEngine> {
  const { engine = DEFAULT_ENGINE, modelFolder = MODEL_FOLDER } = options
  const { requestTimeoutMs = 5_000, startTimeoutMs = 30_000 } = options
  const start = () => EngineProcess.start([engine, modelFolder], startTimeoutMs)
  const first = await start()
  let current: EngineProcess | null = first
  let closed = false
  let queue: Promise<unknown> = Promise.resolve()

  async function request<T>(message: EngineRequest): Promise<Result<T>> {
    if (closed) return failed(new Fault('FACE_ENGINE_CLOSED', 'the face engine is closed'))
    try {
      if (current === null || current.lost) current = await start()
      const answer = await current.request(message, requestTimeoutMs)
      return ok(answer as T)
    } catch (thrown) {
      return failed(thrown as Fault)
    }
  }

  function inTurn<T>(message: EngineRequest): Promise<Result<T>> {
    const answer = queue.then(() => request<T>(message))
    queue = answer
    return answer
  }

  return {
    info: first.info,
    get pid() {
      return current === null || current.lost ? null : current.pid
    },
    template: (image, purpose) => inTurn({ type: 'template', image, purpose }),
    compare: (frame, reference, { fresh = true } = {}) =>
      inTurn({ type: 'compare', frame, reference, fresh }),
    observe: ({ at, passive }) => inTurn({ type: 'observe', at, passive }),
    async close() {
      closed = true
      await queue
      await current?.stop()
      current = null
    },
  }
}

/** One process from its start to its end; never reused after a loss. Rejections are always a `Fault`. */
class EngineProcess {
  static start(words: readonly string[], timeoutMs: number): Promise<EngineProcess> {
    // The parent's flags (a test runner's, an inspector's port) are not the engine's.
    const child = fork(join(import.meta.dirname, 'engine-process.ts'), [...words], {
      // Measured: together 50 of 250 MB less. Pictures pass through young memory and through several threads' heaps.
      execArgv: ['--max-semi-space-size=2'],
      env: { ...process.env, MALLOC_ARENA_MAX: '2' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    return new Promise((resolve, reject) => {
      const give = (settle: () => void) => {
        clearTimeout(timer)
        for (const event of ['error', 'exit', 'message']) child.removeAllListeners(event)
        settle()
      }
      const giveUp = (fault: Fault) =>
        give(() => {
          child.kill('SIGKILL')
          reject(fault)
        })
      const timer = setTimeout(
        () => giveUp(new Fault('FACE_ENGINE_START', `the face engine did not start in ${timeoutMs} ms`)),
        timeoutMs,
      )
      child.once('error', (cause) =>
        giveUp(new Fault('FACE_ENGINE_START', 'the face engine can’t be started', { cause })),
      )
      child.once('exit', () => giveUp(new Fault('FACE_ENGINE_START', 'the face engine ended at its start')))
      child.once('message', (message: EngineReply) => {
        if (message.type === 'ready') give(() => resolve(new EngineProcess(child, message.info)))
        else if (message.type === 'fault') giveUp(new Fault(message.code, message.message))
      })
    })
  }

  readonly info: EngineInfo
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  #lost = false
  #nextId = 0
  #waiting: { id: number; settle(reply: EngineReply | Fault): void } | null = null

  private constructor(child: ChildProcess, info: EngineInfo) {
    this.#child = child
    this.info = info
    child.on('message', (reply: EngineReply) => this.#receive(reply))
    // A write to a dead process reports here, and then `exit` tells the rest.
    child.on('error', () => undefined)
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#lose(new Fault('FACE_ENGINE_LOST', 'the face engine ended; it is started again'))
        resolve()
      })
    })
  }

  get pid(): number | null {
    return this.#child.pid ?? null
  }

  get lost(): boolean {
    return this.#lost
  }

  request(message: EngineRequest, timeoutMs: number): Promise<EngineAnswer> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#lose(new Fault('FACE_ENGINE_TIMEOUT', `the face engine took longer than ${timeoutMs} ms`))
      }, timeoutMs)
      const settle = (reply: EngineReply | Fault) => {
        clearTimeout(timer)
        this.#waiting = null
        if (reply instanceof Fault) reject(reply)
        else if (reply.type === 'answer') resolve(reply.value)
        else if (reply.type === 'fault') reject(new Fault(reply.code, reply.message))
      }
      this.#waiting = { id, settle }
      this.#child.send({ id, ...message }, (error) => {
        if (error !== null)
          this.#lose(new Fault('FACE_ENGINE_LOST', 'the face engine is gone', { cause: error }))
      })
    })
  }

  async stop(): Promise<void> {
    this.#lost = true
    if (this.#child.connected) this.#child.disconnect()
    // It may hang in a native call, where it hears nothing.
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 1_000)
    await this.#ended
    clearTimeout(timer)
  }

  #receive(reply: EngineReply): void {
    if (reply.type !== 'ready' && reply.id === this.#waiting?.id) this.#waiting.settle(reply)
  }

  #lose(fault: Fault): void {
    this.#lost = true
    this.#child.kill('SIGKILL')
    this.#waiting?.settle(fault)
  }
}
