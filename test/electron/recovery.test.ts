import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepAlive, PATIENCE } from '../../electron/recovery.ts'

/** A window's contents as the watch sees them. Its script answers while `answers`. */
class Contents extends EventEmitter {
  answers = true
  reloads = 0
  crashes = 0
  alive = () => {}
  send() {
    if (this.answers) this.alive()
  }
  reload() {
    this.reloads += 1
    this.answers = true
    this.emit('did-start-loading')
    this.emit('did-finish-load')
  }
  forcefullyCrashRenderer() {
    this.crashes += 1
    this.emit('render-process-gone', {}, { reason: 'crashed' })
  }
  isDestroyed() {
    return false
  }
}

describe('the watch over the window', () => {
  let contents: Contents
  let said: string[]
  let givenUp: number

  beforeEach(() => {
    vi.useFakeTimers()
    contents = new Contents()
    said = []
    givenUp = 0
    const watch = keepAlive({
      contents: contents as never,
      log: (code) => said.push(code),
      giveUp: () => {
        givenUp += 1
      },
    })
    contents.alive = watch.alive
    contents.emit('did-finish-load')
  })
  afterEach(() => vi.useRealTimers())

  it('leaves a window alone that answers, for as long as it likes', () => {
    vi.advanceTimersByTime(3_600_000)
    expect({ crashes: contents.crashes, reloads: contents.reloads, said }).toEqual({
      crashes: 0,
      reloads: 0,
      said: [],
    })
  })

  it('ends and reloads a window that stops answering', () => {
    contents.answers = false
    vi.advanceTimersByTime(PATIENCE.beatEveryMs + PATIENCE.answerWithinMs + PATIENCE.firstReloadAfterMs)
    expect(said).toEqual(['SYSTEM_WINDOW_HANGS', 'SYSTEM_WINDOW_GONE'])
    expect(contents).toMatchObject({ crashes: 1, reloads: 1 })
    vi.advanceTimersByTime(60_000)
    expect(contents).toMatchObject({ crashes: 1, reloads: 1 })
  })

  it('does not take a slow load for a hang', () => {
    contents.answers = false
    contents.emit('did-start-loading')
    vi.advanceTimersByTime(60_000)
    expect(contents.crashes).toBe(0)
  })

  it('waits twice as long before each further reload', () => {
    for (const wait of [500, 1000, 2000]) {
      const { reloads } = contents
      contents.emit('render-process-gone', {}, { reason: 'oom' })
      vi.advanceTimersByTime(wait - 1)
      expect(contents.reloads).toBe(reloads)
      vi.advanceTimersByTime(1)
      expect(contents.reloads).toBe(reloads + 1)
    }
  })

  it('gives up on a window that fails again and again', () => {
    for (let i = 0; i < PATIENCE.mostFailures; i += 1) {
      contents.emit('render-process-gone', {}, { reason: 'crashed' })
      vi.advanceTimersByTime(20_000)
    }
    expect(givenUp).toBe(0)
    contents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(givenUp).toBe(1)
  })

  it('forgets failures of long ago', () => {
    for (let i = 0; i < 3 * PATIENCE.mostFailures; i += 1) {
      contents.emit('render-process-gone', {}, { reason: 'crashed' })
      vi.advanceTimersByTime(PATIENCE.failuresWithinMs / 2)
    }
    expect(givenUp).toBe(0)
    expect(contents.reloads).toBe(3 * PATIENCE.mostFailures)
  })

  it('loads again what could not be loaded, but not for a frame inside or a load that was refused', () => {
    contents.emit('did-fail-load', {}, -3, '', '', true)
    contents.emit('did-fail-load', {}, -6, '', '', false)
    vi.advanceTimersByTime(10_000)
    expect(contents.reloads).toBe(0)
    contents.emit('did-fail-load', {}, -6, '', '', true)
    vi.advanceTimersByTime(10_000)
    expect(contents.reloads).toBe(1)
  })
})
