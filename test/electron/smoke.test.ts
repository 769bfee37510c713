import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveChannel } from '../../src/station/channel-server.ts'
import { describeIf } from '../support/requires.ts'
import { scriptedDesk } from '../support/scripted-desk.ts'
import { giveToUser, kioskPlace, type RunningKiosk, whatLacks } from './real-electron.ts'

const SOON = { timeout: 30_000, interval: 100 }

describeIf(whatLacks(), 'the kiosk in a real Electron, as an ordinary user, sandbox on', () => {
  const desk = scriptedDesk()
  let place: Awaited<ReturnType<typeof kioskPlace>>
  let station: { close(): Promise<void> }
  let kiosk: RunningKiosk

  const serve = async () => {
    const socketPath = join(place.folder, 'run', 'station.sock')
    // The folder was given away: the station would not take it for its own again.
    await rm(dirname(socketPath), { recursive: true, force: true })
    station = await serveChannel({ desk, socketPath })
    await giveToUser(dirname(socketPath))
    await giveToUser(socketPath)
    return socketPath
  }
  const hellos = () => desk.commands.filter(({ type }) => type === 'hello').length
  const helloAfter = async (act: () => Promise<unknown>) => {
    const before = hellos()
    await act()
    await expect.poll(hellos, SOON).toBeGreaterThan(before)
  }

  beforeAll(async () => {
    place = await kioskPlace()
    kiosk = await place.launch(await serve())
  })
  afterAll(async () => {
    await kiosk?.app.close()
    await station?.close()
    await place?.end()
  })

  it('comes up full screen, tells the station its camera and shows something', async () => {
    await expect.poll(hellos, SOON).toBe(1)
    expect(desk.commands[0]).toMatchObject({ type: 'hello', camera: expect.stringContaining('camera.y4m') })
    const window = await kiosk.app.evaluate(({ BrowserWindow, Menu }) => {
      const [only, ...others] = BrowserWindow.getAllWindows()
      return {
        others: others.length,
        isKiosk: only?.isKiosk(),
        isVisible: only?.isVisible(),
        url: only?.webContents.getURL(),
        menu: Menu.getApplicationMenu(),
      }
    })
    expect(window).toEqual({ others: 0, isKiosk: true, isVisible: true, url: 'app://kiosk/', menu: null })
    const png = await kiosk.app.evaluate(async ({ BrowserWindow }) => {
      const picture = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage()
      return picture?.toPNG().toString('base64') ?? ''
    })
    const { channels } = await sharp(Buffer.from(png, 'base64')).stats()
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(5)
  })

  it('runs the page in a sandboxed process of a user who is not root', async () => {
    const pid = await kiosk.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    )
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    expect(status).toMatch(/^Seccomp:\t2$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    expect(status).not.toMatch(/^Uid:\t0\t/m)
  })

  it('gives the page the four functions of the bridge and nothing of Node or Electron', async () => {
    expect(await kiosk.inPage('Object.keys(window.kiosk).sort()')).toEqual([
      'frame',
      'onConnection',
      'onMessage',
      'send',
    ])
    expect(await kiosk.inPage('[typeof require, typeof process, typeof Buffer, typeof ipcRenderer]')).toEqual(
      Array(4).fill('undefined'),
    )
  })

  it('lets no message through that the protocol does not know', async () => {
    const { length } = desk.commands
    await kiosk.inPage(`{
      kiosk.send('garbage')
      kiosk.send('{"type":"open-door"}')
      kiosk.send('{"type":"consent","granted":"yes"}')
      kiosk.send({ type: 'cancel' })
      kiosk.frame(new ArrayBuffer(3 * 1024 * 1024))
      kiosk.frame('not bytes')
      kiosk.send('{"type":"direction","direction":"out"}')
    }`)
    await expect
      .poll(() => desk.commands.slice(length), SOON)
      .toEqual([{ type: 'direction', direction: 'out' }])
    expect(desk.frames).toEqual([])
  })

  it('stays on its page, in its window, off the network', async () => {
    const { length } = desk.commands
    await kiosk.inPage(`location.href = 'https://example.org/'; 0`)
    await kiosk.inPage(`location.href = 'file:///etc/passwd'; 0`)
    expect(await kiosk.inPage(`window.open('app://kiosk/') === null`)).toBe(true)
    expect(await kiosk.inPage(`fetch('http://127.0.0.1:1/').then(() => 'went out', () => 'stayed')`)).toBe(
      'stayed',
    )
    const frame = `new Promise((done) => {
      const frame = document.createElement('iframe')
      frame.src = 'file:///etc/passwd'
      frame.onload = () => done(frame.contentDocument === null || frame.contentDocument.body.textContent === '')
      setTimeout(() => done(true), 1000)
      document.body.append(frame)
    })`
    expect(await kiosk.inPage(frame)).toBe(true)
    expect(await kiosk.inPage('location.href')).toBe('app://kiosk/')
    expect(await kiosk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    expect(desk.commands.length).toBe(length)
  })

  it('runs no script that was written into the page', async () => {
    const script = `new Promise((done) => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      setTimeout(() => done(window.injected ?? 'blocked'), 100)
    })`
    expect(await kiosk.inPage(script)).toBe('blocked')
  })

  it('lets the page have the camera and no other power', async () => {
    const ask = (constraints: string) =>
      kiosk.inPage(`navigator.mediaDevices.getUserMedia(${constraints}).then(
        (stream) => { stream.getTracks().forEach((track) => track.stop()); return 'granted' }, (error) => error.name)`)
    expect(await ask('{ video: true }')).toBe('granted')
    expect(await ask('{ audio: true }')).toBe('NotAllowedError')
    expect(await ask('{ audio: true, video: true }')).toBe('NotAllowedError')
    expect(await kiosk.inPage('Notification.requestPermission()')).toBe('denied')
    const place = `new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('found'), () => done('denied')))`
    expect(await kiosk.inPage(place)).toBe('denied')
  })

  it('brings what the camera sees to the station while it looks, and nothing afterwards', async () => {
    desk.show({ screen: 'looking' })
    await expect.poll(() => desk.frames.length, SOON).toBeGreaterThan(5)
    desk.show({ screen: 'idle' })
    const picture = sharp(desk.frames.at(-1))
    expect(await picture.metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 480 })
    const [left, right] = await Promise.all([20, 360].map((x) => meanColour(desk.frames.at(-1), x)))
    expect(left?.red).toBeGreaterThan((left?.blue ?? 0) + 60)
    expect(right?.blue).toBeGreaterThan((right?.red ?? 0) + 60)
    // A round trip through page and station later, the last frame has long arrived.
    await kiosk.inPage(`kiosk.send('{"type":"cancel"}')`)
    await expect.poll(() => desk.commands.at(-1)).toEqual({ type: 'cancel' })
    const { length } = desk.frames
    await kiosk.inPage('new Promise((done) => setTimeout(done, 500))')
    expect(desk.frames.length).toBe(length)
  })

  it('does not close because somebody in front of it wants so', async () => {
    const outcome = await kiosk.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return new Promise<string>((done) => {
        window?.once('closed', () => done('closed'))
        window?.close()
        setTimeout(() => done('still open'), 500)
      })
    })
    expect(outcome).toBe('still open')
  })

  it('comes back when its process crashes', async () => {
    await helloAfter(() =>
      kiosk.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
      ),
    )
    expect(kiosk.said).toContain('SYSTEM_WINDOW_GONE crashed')
    expect(await kiosk.inPage('document.body.innerText.length')).toBeGreaterThan(0)
  })

  it('comes back when its script hangs, though nobody touches it', async () => {
    await helloAfter(() => kiosk.inPage('setTimeout(() => { for (;;); }, 0)'))
    expect(kiosk.said).toContainEqual(expect.stringMatching(/^SYSTEM_WINDOW_HANGS /))
    expect(await kiosk.inPage('document.body.innerText.length')).toBeGreaterThan(0)
  })

  it('finds the station again when that was started anew', async () => {
    await helloAfter(async () => {
      await station.close()
      await serve()
    })
  })

  it('ends when it is told to', async () => {
    const ended = new Promise((resolve) =>
      kiosk.electron.once('exit', (code, signal) => resolve({ code, signal })),
    )
    kiosk.electron.kill('SIGTERM')
    expect(await ended).toEqual({ code: 0, signal: null })
  })
})

/** Of one half of the picture, without its edges. */
async function meanColour(
  jpeg: Uint8Array | undefined,
  left: number,
): Promise<{ red: number; blue: number }> {
  const half = sharp(jpeg).extract({ left, top: 20, width: 260, height: 440 })
  const [red = 0, _green, blue = 0] = await half.resize(1, 1).raw().toBuffer()
  return { red, blue }
}
