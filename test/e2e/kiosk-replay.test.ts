import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleWindow } from '../../build/bundle.ts'
import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import { type ReaderSimulator, startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { simulatedCard } from '../../src/demo/cards.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { livingFrames } from '../../src/demo/living-camera.ts'
import { type PersonKey, people } from '../../src/demo/people.ts'
import { at, CLASS_ID, sessions } from '../../src/demo/scenario.ts'
import { createSimulatedSite, type SimulatedSite } from '../../src/demo/site.ts'
import type { EventData } from '../../src/ledger/event.ts'
import { serveBrowser } from '../../src/station/channel-server.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import type { StationDesk } from '../../src/station/desk.ts'
import { readSettings } from '../../src/station/settings.ts'
import { type Station, startStation } from '../../src/station/station.ts'
import { describeIf } from '../support/requires.ts'
import { noBrowser } from '../ui/window-in-browser.ts'

/*
 * Attacks through the camera of a real window: the browser's camera is fed from a film, the station judges. Live: a head
 * that moves in depth. Replay: the frames of that visit, caught on their way and shown to the camera at the next one.
 * Cut-out: a face cut out of its photograph before a bare wall. All films are simulated (模拟).
 */
describeIf(noBrowser, 'the kiosk before a live film, its replay and a cut-out', () => {
  const root = mkdtempSync(join(tmpdir(), 'shidao-replay-'))
  const dir = join(root, 'station')
  const ui = join(root, 'dist')
  const clock = simulatedClock(at('08:10'))
  const caught = new Map<string, Uint8Array>()
  const browsers: Browser[] = []
  let site: SimulatedSite
  let reader: ReaderSimulator
  let station: Station

  beforeAll(async () => {
    await bundleWindow({ out: ui })
    site = createSimulatedSite(dir, clock, { id: CLASS_ID, title: '模拟班', sessions })
    reader = startReaderSimulator()
    station = await startStation({
      data: site.data,
      settings: { ...readSettings(dir), class: CLASS_ID, door: { verdictMs: 1_000 } },
      openReader: () => openSerialReader({ port: reader.path }),
    })
  })

  afterAll(async () => {
    await station?.stop()
    await reader?.stop()
    site?.data.close()
    rmSync(root, { recursive: true })
  })

  /** One visit in a browser whose camera shows the film again and again; gives what was recorded. */
  async function visit(card: PersonKey, film: readonly Uint8Array[]): Promise<EventData['attendance']> {
    const file = join(root, `film-${browsers.length}.mjpeg`)
    writeFileSync(file, Buffer.concat(film))
    const served = await serveBrowser({ desk: catching(station.door, caught), uiFolder: join(ui, 'ui') })
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${file}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    })
    browsers.push(browser)
    try {
      const page: Page = await (await browser.newContext({ permissions: ['camera'] })).newPage()
      await page.goto(served.url)
      await page.waitForSelector('[data-screen="idle"]')
      const before = site.data.ledger.size
      reader.place(await simulatedCard(card, 'none'))
      await answerConsent(page)
      await page.waitForSelector('[data-screen="verdict"]', { timeout: 60_000 })
      reader.remove()
      await page.waitForSelector('[data-screen="idle"]')
      const [record] = [...site.data.ledger.events(before)]
        .map(({ event }) => event)
        .filter((event) => event.type === 'attendance')
      return record!.data
    } finally {
      await browser.close()
      await served.close()
    }
  }

  test('a live film is verified, and its own frames at the next visit are a replay', async () => {
    const live = await Array.fromAsync(livingFrames(demoFaces[people.甲.face]!, { count: 60, seed: 7 }))
    const first = await visit('甲', live)
    expect(first).toMatchObject({ outcome: 'verified', face: { liveness: { verdict: 'bonaFide' } } })
    // The browser's film camera stretches their tones by 1.14, and the window encodes them anew: only the moments are old.
    const replay = first.face!.frames.flatMap(({ sha256 }) => caught.get(sha256) ?? [])
    expect(replay.length).toBeGreaterThan(1)
    clock.set(at('11:31'))
    const second = await visit('甲', replay)
    expect(second).toMatchObject({ outcome: 'doubtful', reason: 'liveness-attack', direction: 'out' })
    const layer = second.face?.liveness?.layers?.find(({ layer }) => layer === 'replay')
    expect(layer).toMatchObject({ verdict: 'attack', score: 0 })
  }, 120_000)

  test('a cut-out with the right face is doubtful, never passed in silence', async () => {
    const cutOut = await Array.fromAsync(cameraFrames(demoFaces[people.乙.face]!, { count: 60, seed: 3 }))
    clock.set(at('08:20'))
    const record = await visit('乙', cutOut)
    expect(record).toMatchObject({ person: site.personIds.乙, outcome: 'doubtful' })
    expect(record.reason).toMatch(/^liveness-(attack|unsure)$/)
  }, 120_000)
})

/** The same desk, but whoever sits on the line keeps a copy of each frame. */
function catching(desk: StationDesk, caught: Map<string, Uint8Array>): StationDesk {
  return {
    snapshot: () => desk.snapshot(),
    subscribe: (listener) => desk.subscribe(listener),
    command: (command) => desk.command(command),
    office: (work) => desk.office(work),
    frame: (jpeg) => {
      caught.set(createHash('sha256').update(jpeg).digest('hex'), jpeg)
      desk.frame(jpeg)
    },
  }
}

async function answerConsent(page: Page): Promise<void> {
  const seen = await Promise.race([
    page.waitForSelector('[data-screen="consent"]', { timeout: 60_000 }).then(() => 'consent'),
    page.waitForSelector('[data-screen="verdict"]', { timeout: 60_000 }).then(() => 'verdict'),
  ])
  if (seen === 'consent') await page.getByRole('button', { name: '同意，用人脸' }).click()
}
