import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleWindow } from '../../build/bundle.ts'
import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import { type ReaderSimulator, startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { people } from '../../src/demo/people.ts'
import { at, CLASS_ID, sessions } from '../../src/demo/scenario.ts'
import { createSimulatedSite, SIMULATED_PINS, type SimulatedSite } from '../../src/demo/site.ts'
import { openDesk } from '../../src/desk/desk.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import type { FaceEvidence } from '../../src/ledger/event.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { serveBrowser } from '../../src/station/channel-server.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { readSettings } from '../../src/station/settings.ts'
import { type Station, startStation } from '../../src/station/station.ts'
import { programAbsent, sheetsByLibreOffice } from '../export/outside-readers.ts'
import { describeIf } from '../support/requires.ts'
import { complaintsOf, noBrowser } from '../ui/window-in-browser.ts'

/** What a door writes of somebody who fits their portrait and did not do what was asked. */
const SEEN: FaceEvidence = {
  ...{ engine: 'arcface', model: { name: 'made up', sha256: 'a'.repeat(64) }, accept: 0.5, reject: 0.3 },
  ...{ portrait: 'b'.repeat(64), score: 0.61, frames: [] },
  liveness: {
    ...{ verdict: 'unsure', score: 0.2 },
    layers: [{ layer: 'prompt', verdict: 'unsure', score: 0, detail: { done: 0, why: 'timed-out' } }],
    prompts: [{ kind: 'open-mouth', state: 'timed-out', moved: 0.2, ms: 8000 }],
  },
}

/* A day at the desk with nothing scripted: window in a browser → channel → station → ledger. Everybody is simulated. */
describeIf(noBrowser, 'the office in a browser, at a station that runs', () => {
  const root = mkdtempSync(join(tmpdir(), 'shidao-e2e-office-'))
  const dir = join(root, 'station')
  let site: SimulatedSite
  let reader: ReaderSimulator
  let station: Station
  let closeBrowserServer: () => Promise<void>
  let browser: Browser
  let page: Page
  let complaints: string[]
  let doubtful: number

  beforeAll(async () => {
    const ui = join(root, 'dist')
    await bundleWindow({ out: ui })
    const clock = simulatedClock(at('08:15'))
    site = createSimulatedSite(dir, clock, { id: CLASS_ID, title: '模拟班', sessions })
    doubtful = site.data.ledger.append({
      type: 'attendance',
      data: {
        ...{ class: CLASS_ID, session: sessions[0].id, person: site.personIds.甲 ?? '', direction: 'in' },
        ...{ outcome: 'doubtful', reason: 'liveness-unsure', portrait: 'official', face: SEEN, act: null },
        ...{ reader: null, simulated: true },
      },
    }).index
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
    page = await browser.newPage({ viewport: { width: 1024, height: 768 } })
    complaints = complaintsOf(page)
    await page.goto(served.url)
    await page.waitForSelector('[data-screen="idle"]')
    await page.locator('[data-office="open"]').click()
  })

  afterAll(async () => {
    await browser?.close()
    await closeBrowserServer?.()
    await station?.stop()
    await reader?.stop()
    site?.data.close()
    rmSync(root, { recursive: true })
  })

  const touch = (value: string) => page.locator(`[data-choice="${value}"]`).click()
  const write = async (words: string): Promise<void> => {
    await page.locator('.office-input').fill(words)
    await page.locator('[data-office="go"]').click()
  }
  const sign = async (name: string, pin: string): Promise<void> => {
    await page.locator('.staff-member', { hasText: name }).click()
    for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
    await page.locator('.key-done').click()
  }
  const signers = [
    ['模拟督导', SIMULATED_PINS.supervisor],
    ['模拟班主任', SIMULATED_PINS.teacher],
  ] as const
  const signAll = async (count: 1 | 2): Promise<void> => {
    await page.locator('[data-office="sign"]').click()
    for (const [name, pin] of signers.slice(0, count)) await sign(name, pin)
    await page.waitForSelector('[data-page="done"]')
  }
  const back = () => page.locator('[data-office="back"]').click()
  const newest = () => [...site.data.ledger.events()].map(({ event }) => event).at(-1)

  test('a class is opened with a morning on each weekday', async () => {
    await touch(' open')
    await write('E2E-1')
    await write('模拟新班')
    await write('2026-03-06')
    await write('2026-03-09')
    await touch('weekdays')
    await write('08:30')
    await write('11:30')
    await touch('no')
    await signAll(1)
    await back()
    expect(newest()).toMatchObject({ type: 'class.opened', data: { class: 'E2E-1', title: '模拟新班' } })
    const opened = newest()
    const days = opened?.type === 'class.opened' ? opened.data.sessions.map(({ id }) => id) : []
    expect(days).toEqual(['2026-03-06T08:30', '2026-03-09T08:30'])
  })

  test('a roster with a bad line brings in nobody, and once it is corrected everybody', async () => {
    await touch('E2E-1')
    await touch('roster')
    await touch('roster.import')
    const choose = async (number: string): Promise<void> => {
      await page.locator('input[type="file"]').setInputFiles({
        ...{ name: 'roster.csv', mimeType: 'text/csv' },
        buffer: Buffer.from(`名,号\n模拟甲,11010519491231002X\n模拟乙,${number}\n`),
      })
      await page.waitForSelector('[data-page="roster.import/columns"]')
      await page.locator('input[type="file"]').setInputFiles({
        ...{ name: 'columns.json', mimeType: 'application/json' },
        buffer: Buffer.from('{"name":["名"],"number":["号"],"portrait":[]}'),
      })
      await page.waitForSelector('[data-page="roster.import/photos"]')
      await page.locator('[data-office="skip"]').click()
    }
    const { number } = people.庚.record
    await choose(`${number.slice(0, -1)}${number.endsWith('1') ? '2' : '1'}`)
    await touch('新学员名单')
    await page.waitForSelector('.office-bad')
    expect(await page.locator('.office-bad').textContent()).toContain('第 3 行')
    expect(await page.locator('[data-office="sign"]').isDisabled()).toBe(true)
    for (let step = 0; step < 4; step += 1) await back()
    await choose(number)
    await touch('新学员名单')
    await page.waitForSelector('.office-good')
    expect(await page.content()).not.toContain(number)
    await signAll(1)
    await back()
    expect(newest()).toMatchObject({ type: 'roster.changed', data: { class: 'E2E-1', reason: '新学员名单' } })
    await back()
    await back()
  })

  test('a doubtful record is accepted by two signers, after one entered a wrong PIN', async () => {
    await touch(CLASS_ID)
    await touch('attendance')
    await touch('doubt.resolve')
    const row = page.locator(`[data-choice="${doubtful}"]`)
    expect(await row.textContent()).toContain('人脸相符（0.61，要 0.50） · 动作没做完：请张开嘴')
    await touch(String(doubtful))
    await touch('accept')
    await touch('已核对本人和照片')
    await page.locator('[data-office="sign"]').click()
    await sign('模拟督导', '999999')
    await sign('模拟班主任', SIMULATED_PINS.teacher)
    await page.waitForSelector('[role="alert"][data-code="LEDGER_PIN"]')
    await signAll(2)
    await back()
    expect(newest()).toMatchObject({
      type: 'doubtful.resolved',
      data: { record: doubtful, person: site.personIds.甲, decision: 'accept' },
    })
  })

  test('a missing sign-in is added, and shows among the person’s records', async () => {
    await touch('attendance.correct')
    await touch(site.personIds.乙 ?? '')
    await touch(sessions[0].id)
    await touch('in')
    await write('08:10')
    await touch('忘记签了，有人证明')
    await signAll(2)
    expect(newest()).toMatchObject({
      type: 'attendance.corrected',
      data: { person: site.personIds.乙, add: { direction: 'in', at: at('08:10') }, void: null },
    })
    await page.locator('[data-office="again"]').click()
    await touch(site.personIds.乙 ?? '')
    await touch(sessions[0].id)
    await page.waitForSelector('[data-choice^="void "]')
    expect(await page.locator('[data-choice^="void "]').textContent()).toContain('08:10')
  })

  test('a table is exported while the station runs, its file is taken along, and LibreOffice opens it', async () => {
    for (let step = 0; step < 4; step += 1) await back()
    await touch('class')
    await touch('export.start')
    await touch('attendance')
    await touch('xlsx')
    await touch('full')
    await page.locator('[data-office="sign"]').click()
    await sign('模拟督导', SIMULATED_PINS.supervisor)
    await page.waitForSelector('[data-part="file"]', { timeout: 60_000 })
    const exported = newest()
    expect(exported).toMatchObject({
      type: 'export',
      data: { class: CLASS_ID, kind: 'attendance', format: 'xlsx', edition: 'full' },
    })
    const saved = page.waitForEvent('download')
    await page.locator('[data-office="take"]').click()
    const download = await saved
    const bytes = readFileSync((await download.path()) ?? '')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(exported?.data).toMatchObject({ sha256 })
    expect(readFileSync(join(dir, 'exports', download.suggestedFilename()))).toEqual(bytes)
    if (programAbsent('libreoffice', '--version') === null) {
      const sheets = sheetsByLibreOffice(new Map([['table', new Uint8Array(bytes)]]))
      expect([...sheets.values()].flat().join('\n')).toContain(people.甲.record.name)
    }
    await page.locator('[data-office="back"]').click()
  })

  test('a month with a session ahead is closed by two people with a reason', async () => {
    await touch('month.close')
    await touch('2026-03 open')
    await touch('按月结账')
    await signAll(2)
    expect(newest()).toMatchObject({
      type: 'month.closed',
      data: { class: CLASS_ID, month: '2026-03', exceptions: { reason: '按月结账' } },
    })
    await back()
  })

  test('every signature verifies, the ledger verifies, and the window never complained', () => {
    expect(falseAct([...site.data.ledger.events()].map(({ event }) => event))).toBeNull()
    expect(complaints).toEqual([])
    expect(verifyLog(dir, {})).toMatchObject({ ok: true, problem: null })
  })
})
