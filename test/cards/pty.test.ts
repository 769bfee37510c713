import { once } from 'node:events'
import { SerialPort } from 'serialport'
import { afterEach, expect, it } from 'vitest'
import { openPty } from '../../src/cards/transport/pty.ts'
import type { Transport } from '../../src/cards/transport/transport.ts'
import { describeIf } from '../support/requires.ts'

const every = Buffer.from(Array.from({ length: 4_096 }, (_, i) => i & 0xff))

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'pseudo-terminal', () => {
  let pty: Transport | null = null
  afterEach(async () => {
    await pty?.close()
    pty = null
  })

  it('passes every byte both ways untouched, however often the port is opened', async () => {
    const echo = openPty()
    pty = echo
    echo.onData((chunk) => echo.write(chunk))
    for (let round = 0; round < 10; round++) {
      const port = await openPort(echo.path)
      const back = collect(port, every.length)
      port.write(every)
      expect((await back).equals(every)).toBe(true)
      await new Promise<void>((resolve) => port.close(() => resolve()))
    }
  })

  it('reports its end once, without a fault when it was closed on purpose', async () => {
    const closing = openPty()
    const ends: unknown[] = []
    closing.onClose((fault) => ends.push(fault))
    await closing.close()
    await closing.close()
    closing.write(Uint8Array.of(1))
    expect(ends).toEqual([null])
  })
})

async function openPort(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 115_200 })
  await once(port, 'open')
  return port
}

async function collect(port: SerialPort, size: number): Promise<Buffer> {
  let all = Buffer.alloc(0)
  while (all.length < size) {
    const [chunk] = (await once(port, 'data')) as [Buffer]
    all = Buffer.concat([all, chunk])
  }
  return all
}
