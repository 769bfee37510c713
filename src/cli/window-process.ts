import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '../common/fault.ts'
import { stopChild } from './station-process.ts'

/** Electron's window, as long as somebody wants it. */
export interface WindowProcess {
  /** Resolves when people closed the window, or with `SYSTEM_WINDOW` when it failed too often. */
  readonly closed: Promise<'closed' | Fault>
  stop(): Promise<void>
}

/**
 * Runs Electron with these words and starts it anew whenever it ends with anything but 0, after `restartAfterMs`, but
 * not more than `MOST_FAILURES` times within `FAILURES_WITHIN_MS`.
 */
export function keepWindow(electron: string, words: readonly string[], restartAfterMs = 1000): WindowProcess {
  let running: { stop(): Promise<void> } | null = null
  let isOver = false

  const keep = async () => {
    let failures: number[] = []
    while (!isOver) {
      const window = openWindow(electron, words)
      running = window
      const how = await window.ended
      if (how === 'code 0' || isOver) break
      failures = [...failures.filter((at) => Date.now() - at < FAILURES_WITHIN_MS), Date.now()]
      if (failures.length > MOST_FAILURES) {
        return new Fault('SYSTEM_WINDOW', `the window failed ${failures.length} times, at last with ${how}`)
      }
      await pause(restartAfterMs)
    }
    return 'closed'
  }
  const closed = keep()
  return {
    closed,
    async stop() {
      isOver = true
      await running?.stop()
      await closed
    },
  }
}

function openWindow(electron: string, words: readonly string[]) {
  // Either variable would turn Electron into a plain Node.
  const { ELECTRON_RUN_AS_NODE: _asNode, NODE_OPTIONS: _options, ...environment } = process.env
  const child = spawn(electron, [...words], { stdio: ['ignore', 'ignore', 'pipe'], env: environment })
  // Chromium talks about graphics and buses a lot; our own lines have codes.
  createInterface(child.stderr).on('line', (line) => {
    if (/^[A-Z]+_[A-Z_]+ /.test(line)) process.stderr.write(`${line}\n`)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (cause) => resolve(cause.message))
    child.once('close', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`))
  })
  return { ended, stop: () => stopChild(child, ended) }
}

const MOST_FAILURES = 5
const FAILURES_WITHIN_MS = 10 * 60_000
