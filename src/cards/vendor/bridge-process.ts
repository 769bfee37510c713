import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import koffi from 'koffi'
import { asFault, Fault } from '../../common/fault.ts'
import { type BoundFunction, bindFunction } from './bound-function.ts'
import type { BridgeReply, BridgeRequest } from './bridge-protocol.ts'
import type { WatchdogData } from './bridge-watchdog.ts'
import type { VendorPrototypes } from './prototypes.ts'

/*
 * The process that `bridge.ts` starts: one vendor library, called on this thread only, because such libraries are
 * made for programs with one thread. Argument: its working folder, which is also its current directory.
 * Runs on Node 22.18 and later too: there is no newer one for 32-bit Windows.
 */

const [folder = ''] = process.argv.slice(2)
const state = new Int32Array(new SharedArrayBuffer(8))
const functions = new Map<string, BoundFunction>()
let calls = 0

// The station is gone: nobody is left to answer.
process.once('disconnect', () => {
  process.chdir(dirname(folder))
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})
process.on('message', (request: BridgeRequest) => {
  try {
    reply(request.type === 'load' ? load(request.library, request.prototypes) : call(request))
  } catch (thrown) {
    const { code, message } = asFault(thrown)
    reply({ type: 'fault', code, message })
  }
})
forbidCoreDumps()
const watchdog = new Worker(new URL('./bridge-watchdog.ts', import.meta.url), {
  workerData: { state, folder } satisfies WatchdogData,
})
watchdog.unref()

function load(file: string, { convention, functions: prototypes }: VendorPrototypes): BridgeReply {
  const library = open(file)
  const missing: string[] = []
  for (const [name, prototype] of Object.entries(prototypes)) {
    const bound = bindFunction(library, convention, name, prototype)
    if (bound !== null) functions.set(name, bound)
    else if (prototype.optional === undefined) missing.push(name)
  }
  if (missing.length > 0)
    throw new Fault('CARD_VENDOR_SYMBOL', `the vendor library has no function ${missing.join(', ')}`)
  return { type: 'ready' }
}

function open(file: string) {
  try {
    return koffi.load(file)
  } catch (thrown) {
    const why = asFault(thrown).message.replaceAll(file, basename(file))
    throw new Fault('CARD_VENDOR_MISSING', `the vendor library does not load in this process: ${why}`)
  }
}

function call(request: Extract<BridgeRequest, { type: 'call' }>): BridgeReply {
  const bound = functions.get(request.function)
  if (bound === undefined)
    throw new Fault('CARD_VENDOR_SYMBOL', `the vendor library has no function ${request.function}`)
  watch(++calls, request.timeoutMs + WATCHDOG_GRACE_MS)
  try {
    return { type: 'answer', answer: bound(request.values) }
  } finally {
    watch(0, 0)
    emptyFolder()
  }
}

/** The station ends a hung call first; the watchdog is for when it can't. */
const WATCHDOG_GRACE_MS = 2_000

function watch(call: number, limitMs: number): void {
  Atomics.store(state, 1, limitMs)
  Atomics.store(state, 0, call)
  Atomics.notify(state, 0)
}

/** Libraries leave portraits and texts in the current directory: none outlives the call. */
function emptyFolder(): void {
  for (const name of readdirSync(folder)) {
    try {
      rmSync(`${folder}/${name}`, { recursive: true, force: true })
    } catch {
      // Windows keeps a file that the library still holds open; it goes with the folder.
    }
  }
}

/** A crash would write the memory of this process, and with it somebody's portrait, to the disk. */
function forbidCoreDumps(): void {
  if (process.platform !== 'linux') return
  const PR_SET_DUMPABLE = 4
  koffi.load(null).func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)')(
    PR_SET_DUMPABLE,
    0,
    0,
    0,
    0,
  )
}

function reply(message: BridgeReply): void {
  process.send?.(message)
}
