import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { encodeAdditionalAddresses } from '../../src/cards/codec/additional-address.ts'
import {
  ADDITIONAL_ADDRESS,
  FIND,
  PROBE,
  READ,
  RESET,
  SELECT,
  STATUS,
} from '../../src/cards/codec/command.ts'
import { encodeAnswer } from '../../src/cards/codec/frame.ts'
import { joinReadAnswer } from '../../src/cards/codec/read-answer.ts'
import { SamLine } from '../../src/cards/driver/sam-line.ts'
import type { Transport } from '../../src/cards/transport/transport.ts'
import { Fault } from '../../src/common/fault.ts'
import { type Result, unwrap } from '../../src/common/result.ts'
import { textOf } from './simulated-people.ts'

const found = encodeAnswer(0x9f, new Uint8Array(4))
const notFound = encodeAnswer(0x80)
const selected = encodeAnswer(0x90, new Uint8Array(8))
const read = encodeAnswer(0x90, joinReadAnswer({ text: textOf(), photo: new Uint8Array(1024) }))

const addresses = encodeAnswer(0x90, unwrap(encodeAdditionalAddresses(['模拟路2号'])))
const readOf = (name: string) =>
  encodeAnswer(0x90, joinReadAnswer({ text: textOf({ name }), photo: new Uint8Array(1024) }))

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
    ['a status', FIND, encodeAnswer(0x90), found],
    ['a probe', FIND, encodeAnswer(0x91), found],
    ['a status', ADDITIONAL_ADDRESS, encodeAnswer(0x90), addresses],
    ['a select', ADDITIONAL_ADDRESS, selected, addresses],
    ['a read', ADDITIONAL_ADDRESS, read, addresses],
    ['a SAM number', PROBE, encodeAnswer(0x90, new Uint8Array(16)), encodeAnswer(0x91)],
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

  it('waits for an answer that comes in slow pieces as long as they keep coming', async () => {
    const { port, line } = lineWith(null)
    const answer = line.exchange({ ...FIND, timeoutMs: 30 }, within(10_000))
    for (const byte of found) {
      port.arrives(Uint8Array.of(byte))
      await sleep(25)
    }
    expect((await answer).ok).toBe(true)
  })

  it('says that a read of a size that no card gives is misshapen, and does not wait on', async () => {
    const short = encodeAnswer(0x90, new Uint8Array(104))
    const { line } = lineWith(short)
    expect(codeOf(await line.exchange(READ, within(60_000)))).toBe('CARD_LAYOUT')
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

describe('answers that are owed', () => {
  const reads = { ...READ, timeoutMs: 1 }
  const at = (baudRate: number) => ({ deadline: performance.now() + 100, baudRate })
  const fast = 100_000_000

  it('are not taken for the next record, though every command between was answered late too', async () => {
    const { port, line } = lineWith(null, null, null, null)
    const ask = (command: typeof READ) => line.exchange({ ...command, timeoutMs: 1 }, at(fast))
    expect(codeOf(await ask(FIND))).toBe('CARD_TIMEOUT')
    expect(codeOf(await ask(SELECT))).toBe('CARD_TIMEOUT')
    expect(codeOf(await ask(READ))).toBe('CARD_TIMEOUT')

    // The reader is a whole cycle behind: each answer is to the command of the card before.
    const late = async (command: typeof READ, ...answers: Uint8Array[]) => {
      const pending = line.exchange({ ...command, timeoutMs: 200 }, within(1_000))
      while (port.sent.length < sent + 1) await new Promise((resolve) => setTimeout(resolve, 1))
      sent++
      for (const answer of answers) port.arrives(answer)
      return await pending
    }
    let sent = port.sent.length
    expect((await late(FIND, found)).ok).toBe(true)
    expect((await late(SELECT, selected)).ok).toBe(true)
    const answer = await late(READ, readOf('模拟学员甲'), found, selected, readOf('模拟学员乙'))
    expect(answer.ok && encodeAnswer(0x90, answer.value.data)).toEqual(readOf('模拟学员乙'))
    expect(line.lateAnswers).toBe(3)
  })

  it('end with the command that was given up when only they come', async () => {
    const { line } = lineWith(null, read)
    expect(codeOf(await line.exchange(reads, at(fast)))).toBe('CARD_TIMEOUT')
    expect(codeOf(await line.exchange(READ, within(100)))).toBe('CARD_TIMEOUT')
    expect(line.lateAnswers).toBe(1)
  })

  it('are forgotten once a later command of another kind succeeds, because a SAM keeps the order', async () => {
    const { line } = lineWith(null, found, read)
    expect(codeOf(await line.exchange(reads, at(fast)))).toBe('CARD_TIMEOUT')
    expect((await line.exchange(FIND, within(1_000))).ok).toBe(true)
    expect((await line.exchange(READ, within(1_000))).ok).toBe(true)
  })

  it('are forgotten after a reset', async () => {
    const { line } = lineWith(null, null, null, encodeAnswer(0x90), found, selected, read)
    for (const command of [FIND, SELECT, READ]) await line.exchange({ ...command, timeoutMs: 1 }, at(fast))
    for (const command of [RESET, FIND, SELECT, READ])
      expect((await line.exchange(command, within(1_000))).ok).toBe(true)
  })

  it('do not keep a probe from seeing the card', async () => {
    const { line } = lineWith(null, encodeAnswer(0x91))
    expect(codeOf(await line.exchange({ ...PROBE, timeoutMs: 1 }, at(fast)))).toBe('CARD_TIMEOUT')
    expect((await line.exchange(PROBE, within(1_000))).ok).toBe(true)
  })
})

describe('what a line says of its reader', () => {
  const signs = (line: SamLine): (string | null)[] => {
    const heard: (string | null)[] = []
    line.onSign((fault) => heard.push(fault?.code ?? null))
    return heard
  }

  it('is silence when a command is left unanswered, though its caller ended it sooner, and a word when it is over', async () => {
    const transport = new ScriptedLine([null, null, notFound])
    const line = new SamLine(transport)
    const heard = signs(line)
    const soon = { deadline: performance.now() + 50, baudRate: 115_200 }
    expect((await line.exchange(FIND, soon)).ok).toBe(false)
    expect(heard).toEqual([])
    await line.exchange(FIND, { ...soon, deadline: performance.now() + FIND.timeoutMs })
    expect(heard).toEqual(['CARD_READER_SILENT'])
    await line.exchange(FIND, { ...soon, deadline: performance.now() + 50 })
    expect(heard).toEqual(['CARD_READER_SILENT', null])
  })

  it('is nothing while it answers, whatever it answers', async () => {
    const line = new SamLine(new ScriptedLine([notFound, found]))
    const heard = signs(line)
    await line.exchange(FIND, { deadline: performance.now() + 50, baudRate: 115_200 })
    await line.exchange(FIND, { deadline: performance.now() + 50, baudRate: 115_200 })
    await sleep(FIND.timeoutMs)
    expect(heard).toEqual([])
  })

  it('is its loss, to whoever listens later too, and nothing when it was closed here', async () => {
    const transport = new ScriptedLine([])
    const line = new SamLine(transport)
    const heard = signs(line)
    transport.ends(new Fault('PORT_LOST', 'gone'))
    expect([heard, signs(line)]).toEqual([['PORT_LOST'], ['PORT_LOST']])
    const other = new SamLine(new ScriptedLine([]))
    const quiet = signs(other)
    await other.transport.close()
    expect(quiet).toEqual([])
  })
})
