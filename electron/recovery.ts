import type { WebContents } from 'electron'

/** How long a window may be silent, and how often it may die. */
export const PATIENCE = {
  beatEveryMs: 3000,
  answerWithinMs: 2000,
  firstReloadAfterMs: 500,
  mostFailures: 5,
  failuresWithinMs: 10 * 60_000,
} as const

/**
 * Keeps the window alive: reloads it when its process is gone, and ends that process when its script hangs.
 *
 * The heartbeat is our own, because Chromium's `unresponsive` waits for an input event, and nobody may touch a kiosk
 * for hours. After `mostFailures` within `failuresWithinMs` it calls `giveUp`, which starts the program anew.
 * `log` gets a code and a word, never anything about a person. `alive` is what the window's answer calls.
 */
export function keepAlive(watch: {
  readonly contents: Pick<WebContents, 'on' | 'send' | 'reload' | 'forcefullyCrashRenderer' | 'isDestroyed'>
  readonly log: (code: string, reason: string) => void
  readonly giveUp: () => void
  readonly now?: () => number
}): { alive(): void; stop(): void } {
  const { contents, log, giveUp, now = Date.now } = watch
  let failures: number[] = []
  let deadline: NodeJS.Timeout | undefined
  let beat: NodeJS.Timeout | undefined
  let reload: NodeJS.Timeout | undefined

  const rest = () => {
    clearTimeout(deadline)
    clearTimeout(beat)
    deadline = undefined
  }
  const ask = () => {
    if (contents.isDestroyed()) return
    deadline = setTimeout(() => {
      log('SYSTEM_WINDOW_HANGS', `no answer within ${PATIENCE.answerWithinMs} ms`)
      contents.forcefullyCrashRenderer()
    }, PATIENCE.answerWithinMs)
    contents.send('kiosk:beat')
  }
  const fail = (code: string, reason: string) => {
    rest()
    log(code, reason)
    failures = [...failures.filter((at) => now() - at < PATIENCE.failuresWithinMs), now()]
    if (failures.length > PATIENCE.mostFailures) return giveUp()
    clearTimeout(reload)
    const wait = PATIENCE.firstReloadAfterMs * 2 ** (failures.length - 1)
    reload = setTimeout(() => {
      if (!contents.isDestroyed()) contents.reload()
    }, wait)
  }

  contents.on('did-start-loading', rest)
  contents.on('did-finish-load', () => {
    rest()
    beat = setTimeout(ask, PATIENCE.beatEveryMs)
  })
  contents.on('did-fail-load', (_event, code, _text, _url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) fail('SYSTEM_WINDOW_LOAD', String(code))
  })
  contents.on('render-process-gone', (_event, details) => fail('SYSTEM_WINDOW_GONE', details.reason))

  return {
    alive() {
      if (deadline === undefined) return
      rest()
      beat = setTimeout(ask, PATIENCE.beatEveryMs)
    },
    stop() {
      rest()
      clearTimeout(reload)
    },
  }
}

/** net::ERR_ABORTED: a load that we refused or replaced ourselves. */
const ABORTED = -3
