import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { serveBrowser } from '../../src/station/channel-browser.ts'
import { describeIf } from '../support/requires.ts'
import { scriptedDesk } from '../support/scripted-desk.ts'
import { BASE } from './scenes.ts'
import { serveScripted } from './scripted-station.ts'
import { noBrowser, type Rig, show, startRig } from './window-in-browser.ts'

describeIf(noBrowser, 'the window and its line to the station', () => {
  let rig: Rig
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    rig = await startRig({ mark: false })
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  afterAll(async () => {
    await rig?.close()
  })

  const newContext = async () => {
    const context = await rig.browser.newContext({ viewport: { width: 1024, height: 768 } })
    closing.push(() => context.close())
    return context
  }
  const screenOf = (page: Page, screen: string) => page.waitForSelector(`[data-screen="${screen}"]`)

  test('offers the token of its address once and takes it out of the address bar', async () => {
    const station = await serveScripted(rig.uiFolder)
    closing.push(() => station.close())
    const page = await (await newContext()).newPage()
    await page.goto(`${station.url}#token=abc-DEF_123`)
    await show(page, station, {})
    expect(station.offered).toEqual(['shidao.abc-DEF_123'])
    expect(page.url()).toBe(station.url)
    expect(await page.content()).not.toContain('abc-DEF_123')
  })

  test('a lost station is shown at once, and the window comes back by itself', async () => {
    const station = await serveScripted(rig.uiFolder)
    closing.push(() => station.close())
    const page = await (await newContext()).newPage()
    await page.goto(station.url)
    await show(page, station, { person: { name: '扎**', number: '632**************1' } })
    station.leave()
    await screenOf(page, 'lost')
    expect(await page.locator('body').textContent()).not.toContain('扎**')
    expect(await page.getByText('SIMULATED').isVisible()).toBe(true)
    station.back()
    await screenOf(page, 'idle')
    await expect.poll(() => station.desk.commands.map(({ type }) => type)).toEqual(['hello', 'hello'])
  })

  test('the station’s own browser server lets it in, lets a reload in, and bars a second browser', async () => {
    const desk = scriptedDesk()
    desk.show(BASE)
    const served = await serveBrowser({ desk, uiFolder: rig.uiFolder })
    closing.push(() => served.close())
    const page = await (await newContext()).newPage()
    await page.goto(served.url)
    await screenOf(page, 'idle')
    await page.reload()
    await screenOf(page, 'idle')
    const stranger = await (await newContext()).newPage()
    await stranger.goto(served.url)
    await screenOf(stranger, 'lost')
    expect(await stranger.locator('main').getAttribute('data-connection')).toBe('barred')
    expect(await page.locator('main').getAttribute('data-screen')).toBe('idle')
  })

  test('a newer window takes over, and the older one says so instead of fighting for the place', async () => {
    const desk = scriptedDesk()
    desk.show(BASE)
    const served = await serveBrowser({ desk, uiFolder: rig.uiFolder })
    closing.push(() => served.close())
    const context = await newContext()
    const older = await context.newPage()
    await older.goto(served.url)
    await screenOf(older, 'idle')
    const newer = await context.newPage()
    await newer.goto(new URL('/', served.url).href)
    await screenOf(newer, 'idle')
    await screenOf(older, 'lost')
    expect(await older.locator('main').getAttribute('data-connection')).toBe('replaced')
  })

  test('in Electron it uses the bridge of the preload: snapshots in, commands and frames out', async () => {
    const station = await serveScripted(rig.uiFolder)
    closing.push(() => station.close())
    const page = await (await newContext()).newPage()
    await page.addInitScript(BRIDGE)
    await page.goto(station.url)
    await page.evaluate('bridge.connected(true)')
    await page.evaluate(`bridge.message(${JSON.stringify(JSON.stringify(snapshot('looking')))})`)
    await screenOf(page, 'looking')
    await expect.poll(() => page.evaluate('bridge.frames.length')).toBeGreaterThan(2)
    const first = await page.evaluate<number[]>('[...new Uint8Array(bridge.frames[0]).slice(0, 3)]')
    expect(first).toEqual([0xff, 0xd8, 0xff])
    const [hello, ...facts] = await page.evaluate<string[]>('bridge.sent')
    expect(hello).toMatch(/^\{"type":"hello","camera":".*\.y4m","stream":\{/)
    for (const text of facts) expect(text).toMatch(/^\{"type":"frame","facts":\{"run":1,/)
    expect(station.offered).toEqual([])
    await page.evaluate('bridge.connected(false)')
    await screenOf(page, 'lost')
  })

  test('a message that is no message of the protocol changes nothing', async () => {
    const station = await serveScripted(rig.uiFolder)
    closing.push(() => station.close())
    const page = await (await newContext()).newPage()
    await page.addInitScript(BRIDGE)
    await page.goto(station.url)
    await page.evaluate('bridge.connected(true)')
    await page.evaluate(`bridge.message(${JSON.stringify(JSON.stringify(snapshot('reading')))})`)
    await screenOf(page, 'reading')
    for (const text of ['', '{', 'null', '7', '{"type":"other"}']) {
      await page.evaluate(`bridge.message(${JSON.stringify(text)})`)
    }
    await screenOf(page, 'reading')
  })
})

const snapshot = (screen: string) => ({ type: 'snapshot', revision: 1, ...BASE, screen })

/** A preload that the test plays: what the page says is kept, what the station says is called in. */
const BRIDGE = `
  const messages = [], connections = []
  globalThis.bridge = {
    sent: [],
    frames: [],
    message: (text) => messages.forEach((listener) => listener(text)),
    connected: (state) => connections.forEach((listener) => listener(state)),
  }
  globalThis.kiosk = {
    onMessage: (listener) => (messages.push(listener), () => {}),
    onConnection: (listener) => (connections.push(listener), listener(false), () => {}),
    send: (text) => bridge.sent.push(text),
    frame: (bytes) => bridge.frames.push(bytes),
  }`
