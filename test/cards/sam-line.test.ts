import { describe, expect, it } from 'vitest'
import { FIND, READ, RESET, SELECT, STATUS } from '../../src/cards/codec/command.ts'
import { encodeAnswer } from '../../src/cards/codec/frame.ts'
import { joinReadAnswer } from '../../src/cards/codec/read-answer.ts'
import { SamLine } from '../../src/cards/driver/sam-line.ts'
import type { Transport } from '../../src/cards/transport/transport.ts'
import { Fault } from '../../src/common/fault.ts'
import type { Result } from '../../src/common/result.ts'
import { textOf } from './simulated-people.ts'

const found = encodeAnswer(0x9f, new Uint8Array(4))
const notFound = encodeAnswer(0x80)
const selected = encodeAnswer(0x90, new Uint8Array(8))
const read = encodeAnswer(0x90, joinReadAnswer({ text: textOf(), photo: new Uint8Array(1024) }))

/** A line in memory: the test says what comes and when. */
class ScriptedLine implements Transport {
  readonly path = 'memory'
  readonly sent: string[] = []
  arrives: (chunk: Uint8Array) => void = () => {}
  ends: (fault: Fault | null) => void = () => {}
  /** What each command is answered with, in order. */
  readonly #script: (Uint8Array | null)[]

  constructor(script: (Uint8Array | null)[]) {
    this.#script = script
  }

  write(bytes: Uint8Array): void {
    this.sent.push(Buffer.from(bytes).toString('hex'))
    const answer = this.#script.shift()
    if (answer) queueMicrotask(() => this.arrives(answer))
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.arrives = listener
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.ends = listener
  }

  async close(): Promise<void> {
    this.ends(null)
  }
}

function lineWith(...script: (Uint8Array | null)[]): { port: ScriptedLine; line: SamLine } {
  const port = new ScriptedLine(script)
  return { port, line: new SamLine(port) }
}

const within = (ms: number) => ({ deadline: performance.now() + ms, baudRate: 115_200 })

function codeOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.fault.code
}

describe('one command at a time', () => {
  it('throws away what came before the command, even half a frame that would swallow the answer', async () => {
    const { port, line } = lineWith(notFound)
    port.arrives(found)
    port.arrives(read.subarray(0, 600))
    expect(codeOf(await line.exchange(FIND, within(1_000)))).toBe('CARD_NONE')
    expect(line.lateAnswers).toBe(1)
    expect(line.skippedBytes).toBe(600)
  })

  it('does not complete a late record that had begun before the command', async () => {
    const other = encodeAnswer(
      0x90,
      joinReadAnswer({ text: textOf({ name: '模拟学员乙' }), photo: new Uint8Array(1024) }),
    )
    const { port, line } = lineWith(Buffer.concat([read.subarray(600), other]))
    port.arrives(read.subarray(0, 600))
    const answer = await line.exchange(READ, within(1_000))
    expect(answer.ok && encodeAnswer(answer.value.status, answer.value.data)).toEqual(other)
  })

  it.each([
    ['a refused find', SELECT, notFound, selected],
    ['a find', SELECT, found, selected],
    ['a select', FIND, selected, found],
    ['a refused select', READ, encodeAnswer(0x81), read],
    ['a select, before a read', READ, selected, read],
    ['a read', STATUS, read, encodeAnswer(0x90)],
    ['a SAM number', RESET, encodeAnswer(0x90, new Uint8Array(16)), encodeAnswer(0x90)],
  ])('does not take the late answer to %s for its own', async (_, command, late, own) => {
    const { line } = lineWith(Buffer.concat([late, own]))
    const answer = await line.exchange(command, within(1_000))
    expect(answer.ok && encodeAnswer(answer.value.status, answer.value.data)).toEqual(own)
    expect(line.lateAnswers).toBe(1)
  })

  it('waits after a failure until a late answer has come to its end', async () => {
    const { port, line } = lineWith(null, found)
    expect(codeOf(await line.exchange(READ, within(20)))).toBe('CARD_TIMEOUT')
    port.arrives(read.subarray(0, 600))
    const next = line.exchange(FIND, within(1_000))
    port.arrives(read.subarray(600))
    expect((await next).ok).toBe(true)
    expect(line.lateAnswers).toBe(1)
  })

  it('takes a good answer that follows a damaged frame', async () => {
    const damaged = Uint8Array.from(found)
    damaged[7] = 1
    const { line } = lineWith(Buffer.concat([damaged, found]))
    expect((await line.exchange(FIND, within(1_000))).ok).toBe(true)
  })

  it('finds the answer that noise with the head of a long frame had swallowed', async () => {
    const { line } = lineWith(Buffer.concat([read.subarray(0, 7), found]))
    expect((await line.exchange(FIND, within(50))).ok).toBe(true)
  })

  it('ends every wait when the line is gone, and sends nothing more', async () => {
    const { port, line } = lineWith(null)
    const waiting = line.exchange(FIND, within(60_000))
    port.ends(new Fault('PORT_LOST', 'memory went away'))
    expect(codeOf(await waiting)).toBe('PORT_LOST')
    expect(codeOf(await line.exchange(FIND, within(60_000)))).toBe('PORT_LOST')
    expect(port.sent).toHaveLength(1)
  })

  it('sends nothing for a signal that was aborted before', async () => {
    const { port, line } = lineWith(found)
    expect(codeOf(await line.exchange(FIND, { ...within(1_000), signal: AbortSignal.abort() }))).toBe(
      'CARD_ABORTED',
    )
    expect(port.sent).toEqual([])
  })
})
