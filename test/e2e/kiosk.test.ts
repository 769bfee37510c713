import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleWindow } from '../../build/bundle.ts'
import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import { type ReaderSimulator, startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { simulatedCard } from '../../src/demo/cards.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { livingFrames } from '../../src/demo/living-camera.ts'
import { people } from '../../src/demo/people.ts'
import { at, CLASS_ID, sessions } from '../../src/demo/scenario.ts'
import { createSimulatedSite, type SimulatedSite } from '../../src/demo/site.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { serveBrowser } from '../../src/station/channel-server.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { readSettings } from '../../src/station/settings.ts'
import { type Station, startStation } from '../../src/station/station.ts'
import { describeIf } from '../support/requires.ts'
import { complaintsOf, noBrowser } from '../ui/window-in-browser.ts'

/*
 * The whole lane with nothing scripted between card and record: simulated card → PTY → serial driver → station →
 * window in a browser → camera from a film → face engine → ledger. The person in the film is 甲, who moves as a head in
 * depth does.
 */
describeIf(noBrowser, 'the kiosk in a browser, with a camera fed from a film', () => {
  const root = mkdtempSync(join(tmpdir(), 'shidao-e2e-'))
  const dir = join(root, 'station')
  let site: SimulatedSite
  let reader: ReaderSimulator
  let station: Station
  let closeBrowserServer: () => Promise<void>
  let browser: Browser
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    const film = join(root, 'person.mjpeg')
    const frames: Uint8Array[] = []
    for await (const frame of livingFrames(demoFaces[people.甲.face]!, { count: 60, seed: 7 }))
      frames.push(frame)
    writeFileSync(film, Buffer.concat(frames))
    const ui = join(root, 'dist')
    await bundleWindow({ out: ui })
    site = createSimulatedSite(dir, simulatedClock(at('08:10')), { id: CLASS_ID, title: '模拟班', sessions })
    reader = startReaderSimulator()
    station = await startStation({
      data: site.data,
      settings: { ...readSettings(dir), class: CLASS_ID, door: { verdictMs: 1_500 } },
      openReader: () => openSerialReader({ port: reader.path }),
    })
    const served = await serveBrowser({ desk: station.door, uiFolder: join(ui, 'ui') })
    closeBrowserServer = () => served.close()
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    })
    const context = await browser.newContext({
      permissions: ['camera'],
      viewport: { width: 1080, height: 1920 },
    })
    page = await context.newPage()
    complaints = complaintsOf(page)
    await page.goto(served.url)
    await page.waitForSelector('[data-screen="idle"]')
  })

  afterAll(async () => {
    await browser?.close()
    await closeBrowserServer?.()
    await station?.stop()
    await reader?.stop()
    site?.data.close()
    expect(existsSync(dir)).toBe(true)
    rmSync(root, { recursive: true })
  })

  test('a trainee lays the card down, agrees, looks at the camera and is recorded as verified', async () => {
    reader.place(await simulatedCard('甲', 'none'))
    await page.waitForSelector('[data-screen="consent"]')
    await page.getByRole('button', { name: '同意，用人脸' }).click()
    await page.waitForSelector('[data-screen="verdict"]')
    expect(await page.locator('main').textContent()).toContain('签到成功')
    reader.remove()
    await page.waitForSelector('[data-screen="idle"]')
    const records = [...site.data.ledger.events()].filter(({ event }) => event.type === 'attendance')
    expect(records.map(({ event }) => event.data)).toMatchObject([
      {
        person: site.personIds.甲,
        outcome: 'verified',
        direction: 'in',
        portrait: 'chip',
        simulated: true,
        face: { liveness: { verdict: 'bonaFide' } },
      },
    ])
  })

  test('the same person with somebody else’s card is refused', async () => {
    reader.place(await simulatedCard('乙', 'none'))
    await page.waitForSelector('[data-screen="consent"]')
    await page.getByRole('button', { name: '同意，用人脸' }).click()
    await page.waitForSelector('[data-screen="verdict"]')
    reader.remove()
    const refusal = [...site.data.ledger.events()]
      .map(({ event }) => event)
      .findLast((event) => event.type === 'refusal')
    expect(refusal?.data).toMatchObject({ person: site.personIds.乙, reason: 'face-mismatch' })
    await page.waitForSelector('[data-screen="idle"]')
  })

  test('the film is recognised as no camera, and the window says that it is simulated', async () => {
    expect(await page.locator('[data-part="camera-simulated"]').textContent()).toBe('模拟摄像头')
    const changes = [...site.data.ledger.events()].flatMap(({ event }) =>
      event.type === 'camera.changed' ? [event.data] : [],
    )
    expect(changes).toMatchObject([
      { before: null, after: expect.stringMatching(/\.mjpeg$/), verdict: 'virtual', reason: 'virtual-name' },
    ])
    expect(station.door.cameraReading()).toMatchObject({ score: null, detail: { why: 'simulated' } })
  })

  test('the window never complained, and the ledger verifies', () => {
    expect(complaints).toEqual([])
    expect(verifyLog(dir, {})).toMatchObject({ ok: true, problem: null })
  })
})
