import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleWindow } from '../../build/bundle.ts'
import { citizenCheckCharacter } from '../../src/cards/codec/citizen-number.ts'
import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import { type ReaderSimulator, startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { unwrap } from '../../src/common/result.ts'
import { inspectorCode, readVisitCode, signedCode } from '../../src/common/visit-codes.ts'
import { at, CLASS_ID, sessions } from '../../src/demo/scenario.ts'
import { createSimulatedSite, SIMULATED_PINS, type SimulatedSite } from '../../src/demo/site.ts'
import { openDesk } from '../../src/desk/desk.ts'
import { createInspectorKey, signAsInspector } from '../../src/inspect/inspector-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { serveBrowser } from '../../src/station/channel-server.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { readSettings } from '../../src/station/settings.ts'
import { addToRoster } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'
import { type Station, startStation } from '../../src/station/station.ts'
import { readPrintedCode } from '../support/printed-code.ts'
import { describeIf } from '../support/requires.ts'
import { type VisitStep, walkVisit } from '../ui/visit-scenes.ts'
import { complaintsOf, noBrowser } from '../ui/window-in-browser.ts'

/** What the issue allows for a visit of ten people. */
const MOST_TOUCHES = 40
const KEY_PIN = 'simulated-inspector'
const VISIT_PIN = '2468'
/** Where to leave a picture of each page; none without it. */
const PICTURES = process.env.SHIDAO_VISIT_PICTURES

/*
 * An inspector's whole visit with nothing scripted but the inspector: window in a browser → channel → station → ledger.
 * Their phone reads the window's QR code as a picture and answers with a code. Everybody is simulated.
 */
describeIf(noBrowser, 'an inspector visits a class of twelve and draws ten', () => {
  const root = mkdtempSync(join(tmpdir(), 'shidao-e2e-visit-'))
  const dir = join(root, 'station')
  const { key } = unwrap(createInspectorKey(KEY_PIN))
  let site: SimulatedSite
  let reader: ReaderSimulator
  let station: Station
  let closeBrowserServer: () => Promise<void>
  let browser: Browser
  let page: Page
  let complaints: string[]
  let touches = 0
  let pictures = 0
  let began = 0

  beforeAll(async () => {
    const ui = join(root, 'dist')
    await bundleWindow({ out: ui })
    if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true })
    site = createSimulatedSite(dir, simulatedClock(at('08:15')), { id: CLASS_ID, title: '模拟班', sessions })
    const others = ['011', '012', '013', '014', '015', '016'].map((sequence) => {
      const digits = `99000019900101${sequence}`
      return { name: `模拟学员${sequence}`, number: digits + citizenCheckCharacter(digits), portrait: null }
    })
    const change = { reason: '模拟花名册', by: site.supervisor }
    unwrap(addToRoster(site.data, new Staff(site.data), CLASS_ID, others, change))
    for (const person of Object.values(site.personIds)) {
      site.data.ledger.append({
        type: 'attendance',
        data: {
          ...{ class: CLASS_ID, session: sessions[0].id, person, direction: 'in', outcome: 'doubtful' },
          ...{
            reason: 'face-unsure',
            portrait: 'none',
            face: null,
            act: null,
            reader: null,
            simulated: true,
          },
        },
      })
    }
    reader = startReaderSimulator()
    station = await startStation({
      data: site.data,
      settings: { ...readSettings(dir), class: CLASS_ID },
      openReader: () => openSerialReader({ port: reader.path }),
      openDesk,
    })
    const served = await serveBrowser({ desk: station.door, uiFolder: join(ui, 'ui') })
    closeBrowserServer = () => served.close()
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    })
    page = await browser.newPage({ viewport: { width: 800, height: 1280 }, reducedMotion: 'reduce' })
    complaints = complaintsOf(page)
    await page.goto(served.url)
    await page.waitForSelector('[data-screen="idle"]')
    began = performance.now()
  })

  afterAll(async () => {
    await browser?.close()
    await closeBrowserServer?.()
    await station?.stop()
    await reader?.stop()
    site?.data.close()
    rmSync(root, { recursive: true })
  })

  const walk = async (...steps: VisitStep[]): Promise<void> => {
    touches += await walkVisit(page, steps)
  }
  const arrive = async (name: string): Promise<void> => {
    await page.locator(`main[data-page="${name}"]:visible`).waitFor()
    if (PICTURES === undefined) return
    pictures += 1
    await page.screenshot({ path: join(PICTURES, `${String(pictures).padStart(2, '0')}-${name}.png`) })
  }
  /** The inspector's phone before the window: reads the code, signs what it asks for, shows its answer. */
  const signWithPhone = async (): Promise<VisitStep> => {
    const address = (await page.locator('.visit-qr:visible').getAttribute('src')) ?? ''
    const svg = decodeURIComponent(address.slice('data:image/svg+xml,'.length))
    const asked = readVisitCode(await readPrintedCode(svg))
    if (asked?.kind !== 'ask') throw new Error('the window asks for no signature')
    const signature = unwrap(signAsInspector(asked.statement, key, KEY_PIN)).signatures[0]?.signature ?? ''
    return { code: signedCode(key.publicKey, signature) }
  }
  const events = () => [...site.data.ledger.events()].map(({ event }) => event)
  const newest = (type: string) => events().findLast((event) => event.type === type)

  test('the visit opens with a phone’s signature, after the claims were read without one', async () => {
    await walk('[data-visit="open"]')
    await arrive('facts')
    expect(await page.locator('.visit-numbers').textContent()).toContain('12')
    await walk('[data-visit="begin"]')
    await arrive('who')
    await walk({ code: inspectorCode(key.publicKey) }, { keys: VISIT_PIN }, { keys: VISIT_PIN })
    await arrive('standing')
    await walk('[data-visit="go"]')
    await arrive('sign')
    await walk(await signWithPhone())
    await arrive('hub')
    expect(newest('visit.opened')).toMatchObject({
      data: { class: CLASS_ID, standing: 'no-list', inspector: { publicKey: key.publicKey } },
    })
  })

  test('ten of twelve are drawn by a commitment that was seen before the number', async () => {
    await walk('[data-visit="draw"]')
    await arrive('draw')
    const ten = page.locator('[data-k="10"]:visible')
    await page.locator('.office-rows:visible').waitFor()
    if ((await ten.count()) > 0) await walk('[data-k="10"]')
    else {
      await walk('other?', { keys: '10' })
      touches += 1
    }
    await walk('[data-visit="commit"]')
    await arrive('nonce')
    await walk('[data-visit="draw"]')
    await arrive('check')
    expect(newest('visit.drawn')).toMatchObject({ data: { k: 10, commitmentSeen: true } })
  })

  test('ten people are looked for with one touch each', async () => {
    for (let place = 1; place <= 10; place += 1) {
      await page.locator('h1:visible', { hasText: `第 ${place} 人` }).waitFor()
      await walk(place === 4 ? '[data-check="not-seen"]' : '[data-check="witness"]')
    }
    await arrive('checks')
    const looks = events().filter(({ type }) => type === 'visit.checked')
    expect(looks).toHaveLength(10)
  })

  test('heads are counted, the institution signs, the inspector signs, and the files are there', async () => {
    await walk('[data-visit="back"]', '[data-visit="headcount"]', { keys: '9' })
    await arrive('hub')
    await walk('[data-visit="close"]')
    await arrive('close')
    await walk('[data-end="refused"]')
    await arrive('sign')
    await walk(await signWithPhone())
    await arrive('ended')
    const spent = Math.round(performance.now() - began)
    console.log(`a visit of ten people: ${touches} touches, ${spent} ms of machine time`)
    expect(newest('visit.closed')).toMatchObject({
      data: { institution: { signed: false, reason: 'refused' } },
    })
    expect(await page.locator('[data-file]').count()).toBeGreaterThan(0)
    const coming = page.waitForEvent('download')
    await page.locator('[data-file]').first().click()
    expect(readFileSync(await (await coming).path()).length).toBeGreaterThan(0)
  })

  test('it took at most forty touches, no PIN stayed on the page, and the ledger verifies', async () => {
    expect(touches).toBeLessThanOrEqual(MOST_TOUCHES)
    const content = await page.content()
    for (const pin of [VISIT_PIN, KEY_PIN, SIMULATED_PINS.supervisor]) expect(content).not.toContain(pin)
    expect(complaints).toEqual([])
    expect(verifyLog(dir, {})).toMatchObject({ ok: true, problem: null })
  })
})
