import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { CHANNEL_CLOSE } from '../../src/common/channel-close.ts'
import { serveChannel } from '../../src/station/channel-server.ts'
import { MAX_FRAME_BYTES, type ServerMessage } from '../../src/station/protocol.ts'
import { stationSocketPath } from '../../src/station/socket-path.ts'
import { scriptedDesk } from '../support/scripted-desk.ts'
import { peerOverSocket } from '../support/window-peer.ts'

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])
const isRefused = (message: ServerMessage) => message.type === 'refused'

describe('the channel on a local socket', () => {
  let folder: string
  let socketPath: string
  let desk: ReturnType<typeof scriptedDesk>
  let server: { close(): Promise<void> }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shidao-channel-'))
    socketPath = stationSocketPath(folder)
    desk = scriptedDesk()
    server = await serveChannel({ desk, socketPath })
  })
  afterEach(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('shows the present state at once and every later newest one', async () => {
    const peer = await peerOverSocket(socketPath)
    expect(await peer.message((message) => message.type === 'snapshot')).toMatchObject({ screen: 'idle' })
    desk.show({ screen: 'looking' })
    expect(await peer.message((m) => m.type === 'snapshot' && m.revision === 2)).toMatchObject({
      screen: 'looking',
    })
  })

  it('hands commands and frames to the desk as they came', async () => {
    const peer = await peerOverSocket(socketPath)
    peer.socket.send(JPEG)
    peer.socket.send('{"type":"hello","camera":"Fake camera"}')
    await expect.poll(() => desk.commands).toEqual([{ type: 'hello', camera: 'Fake camera' }])
    expect(desk.frames.map((frame) => Buffer.from(frame))).toEqual([JPEG])
  })

  it('takes an export that nobody signed from a command, and not from a window', async () => {
    const asked: string[] = []
    desk.office = async ({ act }) => {
      asked.push(act)
      return { ok: true, value: { job: 1 } }
    }
    const about = { masked: false, person: null, period: null, seal: null }
    const what = { class: 'c1', kind: 'hours', format: 'pdf', ...about }
    const command = JSON.stringify({
      type: 'office',
      request: 1,
      work: { act: 'export.start', ...what, by: null },
    })
    const window = await peerOverSocket(socketPath)
    window.socket.send(command)
    const refused = await window.message((message) => message.type === 'answer')
    expect(refused).toMatchObject({ ok: false, code: 'STATION_SIGNER_UNKNOWN' })
    expect(asked).toEqual([])
    const socket = new WebSocket('ws://localhost/office', { createConnection: () => connect(socketPath) })
    const answer = new Promise((resolve) => socket.once('message', (raw) => resolve(JSON.parse(String(raw)))))
    socket.once('open', () => socket.send(command))
    expect(await answer).toMatchObject({ ok: true, value: { job: 1 } })
    socket.close()
  })

  it('hands a frame over with the facts that came right before it, and the next one without', async () => {
    const peer = await peerOverSocket(socketPath)
    const facts = { run: 1, sent: 12.5, captureTime: null, mediaTime: 0.4, presentedFrames: 6 }
    peer.socket.send(JSON.stringify({ type: 'frame', facts }))
    peer.socket.send(JPEG)
    peer.socket.send(JPEG)
    await expect.poll(() => desk.facts).toEqual([facts, undefined])
    expect(desk.commands).toEqual([])
  })

  it.each([
    ['no number', { mediaTime: 'soon' }],
    ['a time that no clock shows', { mediaTime: 1e300 }],
    ['a number that no record holds', { presentedFrames: 1e15 }],
  ])('takes no facts with %s', async (_what, change) => {
    const peer = await peerOverSocket(socketPath)
    const facts = { run: 1, sent: 12.5, captureTime: null, mediaTime: 0.4, presentedFrames: 6, ...change }
    peer.socket.send(JSON.stringify({ type: 'frame', facts }))
    expect(await peer.message(isRefused)).toMatchObject({ code: 'STATION_COMMAND' })
    peer.socket.send(JPEG)
    await expect.poll(() => desk.facts).toEqual([undefined])
  })

  it.each([
    ['garbage', 'not json'],
    ['an unknown command', '{"type":"open-door"}'],
    ['a surplus field', '{"type":"consent","granted":true,"actor":"x"}'],
    ['a missing field', '{"type":"consent"}'],
    ['more text than any command has', JSON.stringify({ type: 'hello', camera: 'x'.repeat(5000) })],
  ])('refuses %s and stays open', async (_what, text) => {
    const peer = await peerOverSocket(socketPath)
    peer.socket.send(text)
    expect(await peer.message(isRefused)).toEqual({
      type: 'refused',
      command: 'unknown',
      code: 'STATION_COMMAND',
    })
    peer.socket.send('{"type":"cancel"}')
    await expect.poll(() => desk.commands).toEqual([{ type: 'cancel' }])
  })

  it('refuses a binary message that is no JPEG', async () => {
    const peer = await peerOverSocket(socketPath)
    peer.socket.send(Buffer.from('GIF89a, says who'))
    expect(await peer.message(isRefused)).toMatchObject({ command: 'frame', code: 'STATION_FRAME' })
    expect(desk.frames).toEqual([])
  })

  it('takes a frame of the largest size and closes on one byte more', async () => {
    const peer = await peerOverSocket(socketPath)
    const largest = Buffer.alloc(MAX_FRAME_BYTES)
    JPEG.copy(largest)
    peer.socket.send(largest)
    await expect.poll(() => desk.frames.length).toBe(1)
    peer.socket.send(Buffer.concat([largest, Buffer.of(0)]))
    expect(await peer.closed).toBe(1009)
    expect(desk.frames.length).toBe(1)
  })

  it('answers a command that the desk refuses or fails at with its code', async () => {
    desk.answer = async (command) => {
      if (command.type === 'cancel') throw new Error('a bug, with a name in its text')
      return { type: 'refused', command: command.type, code: 'STATION_PIN' }
    }
    const peer = await peerOverSocket(socketPath)
    peer.socket.send('{"type":"consent","granted":true}')
    expect(await peer.message(isRefused)).toMatchObject({ command: 'consent', code: 'STATION_PIN' })
    peer.socket.send('{"type":"cancel"}')
    const failure = await peer.message(
      (message) => isRefused(message) && 'code' in message && message.command === 'cancel',
    )
    expect(failure).toEqual({ type: 'refused', command: 'cancel', code: 'SYSTEM_UNEXPECTED' })
  })

  it('gives the place to the newest window', async () => {
    const first = await peerOverSocket(socketPath)
    const second = await peerOverSocket(socketPath)
    expect(await first.closed).toBe(CHANNEL_CLOSE.replaced)
    await expect.poll(() => desk.listeners).toBe(1)
    desk.show({ screen: 'reading' })
    await second.message((message) => message.type === 'snapshot' && message.screen === 'reading')
  })

  it('closes a window that sends commands faster than the desk answers', async () => {
    desk.answer = () => new Promise(() => undefined)
    const peer = await peerOverSocket(socketPath)
    for (let i = 0; i < 40; i += 1) peer.socket.send('{"type":"cancel"}')
    expect(await peer.closed).toBe(CHANNEL_CLOSE.flooded)
    expect(desk.commands.length).toBeLessThan(20)
  })

  it('keeps only the newest state for a window that reads slowly', async () => {
    const peer = await peerOverSocket(socketPath)
    await peer.message((message) => message.type === 'snapshot')
    peer.socket.pause()
    const wide = { text: 'x'.repeat(100_000) }
    for (let i = 0; i < 300; i += 1) {
      desk.show({ messageValues: wide })
      await new Promise(setImmediate)
    }
    const newest = desk.snapshot().revision
    peer.socket.resume()
    await peer.message((message) => message.type === 'snapshot' && message.revision === newest)
    // What the system's own socket buffers hold arrives; the 20 MB and more between it and the newest state do not.
    expect(peer.messages.length).toBeLessThan(100)
  })

  it('lets nobody but its own user in', async () => {
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(socketPath))).mode & 0o777).toBe(0o700)
  })

  it('does not take the socket of a station that answers', async () => {
    await expect(serveChannel({ desk, socketPath })).rejects.toMatchObject({ code: 'STATION_RUNNING' })
    await peerOverSocket(socketPath)
  })

  it('leaves nothing behind when it ends', async () => {
    const peer = await peerOverSocket(socketPath)
    await server.close()
    expect(await peer.closed).toBe(1006)
    expect(await readdir(dirname(socketPath))).toEqual([])
    server = await serveChannel({ desk, socketPath })
  })
})

describe('the place of the socket', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shidao-place-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is taken over from a station that was killed', async () => {
    const socketPath = stationSocketPath(folder)
    const first = await serveChannel({ desk: scriptedDesk(), socketPath })
    await first.close()
    await leaveStaleSocket(socketPath)
    expect((await stat(socketPath)).isSocket()).toBe(true)
    const second = await serveChannel({ desk: scriptedDesk(), socketPath })
    await peerOverSocket(socketPath)
    await second.close()
  })

  it('is refused when a file lies there', async () => {
    const socketPath = join(folder, 'station.sock')
    await writeFile(socketPath, 'not a socket')
    await expect(serveChannel({ desk: scriptedDesk(), socketPath })).rejects.toMatchObject({
      code: 'STATION_SOCKET',
    })
  })

  it('is short enough for a socket address however deep the data folder lies', () => {
    expect(stationSocketPath('/var/lib/shidao')).toBe('/var/lib/shidao/run/station.sock')
    const deep = stationSocketPath(`/${'very-long-name/'.repeat(12)}`)
    expect(Buffer.byteLength(deep)).toBeLessThan(104)
    expect(deep).not.toBe(stationSocketPath(`/${'very-long-name/'.repeat(13)}`))
  })
})

/** What a killed process leaves: a socket file on which nobody listens. */
async function leaveStaleSocket(socketPath: string): Promise<void> {
  const child = spawn(process.execPath, [
    '-e',
    'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))',
    socketPath,
  ])
  await new Promise((resolve) => child.on('exit', resolve))
}
