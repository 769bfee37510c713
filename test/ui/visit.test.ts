import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeIf } from '../support/requires.ts'
import { PEOPLE, type ScriptedVisit, scriptedVisit, VISIT_PIN } from '../support/scripted-visit.ts'
import { layoutFaults } from './layout.ts'
import { OFFICE_BASE } from './office-scenes.ts'
import { SIZES, TABLET } from './scenes.ts'
import { type ScriptedStation, serveScripted } from './scripted-station.ts'
import {
  AUTHORITY_LINE,
  KEY_FILE,
  LIST_FILE,
  OPENING,
  SIGNED,
  stage,
  VISIT_SCENES,
  walkVisit,
} from './visit-scenes.ts'
import { complaintsOf, noBrowser, type Rig, show, speak, startRig } from './window-in-browser.ts'

describeIf(noBrowser, 'an inspection in the window', () => {
  let rig: Rig
  let station: ScriptedStation
  beforeAll(async () => {
    rig = await startRig({ mark: false })
    station = await serveScripted(rig.uiFolder)
  })
  afterAll(async () => {
    await station?.close()
    await rig?.close()
  })

  const open = async (width = 1024, height = 768): Promise<{ page: Page; complaints: string[] }> => {
    const page = await rig.browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
    return { page, complaints: complaintsOf(page) }
  }
  /** A window that was just opened, and an inspector who touched their door. */
  const enter = async (page: Page, scripted: ScriptedVisit): Promise<void> => {
    station.desk.office = scripted.answer
    await page.goto(station.url)
    await show(page, station, OFFICE_BASE)
    await page.locator('[data-visit="open"]').click()
    await page.locator('main[data-screen="visit"]:not([data-page="loading"])').waitFor()
  }
  const at = (page: Page, name: string) => page.locator(`main[data-page="${name}"]:visible`).waitFor()
  const touch = (page: Page, selector: string) => page.locator(`${selector}:visible`).click()

  for (const { name, width, height } of [...SIZES, TABLET]) {
    test(`at ${width}x${height} (${name}) no page is cut off, too small or in error in any language`, async () => {
      const { page, complaints } = await open(width, height)
      const faults: Record<string, string[]> = {}
      for (const scene of VISIT_SCENES) {
        await enter(page, stage(scene))
        await walkVisit(page, scene.steps)
        await at(page, scene.page)
        for (const language of ['zh-CN', 'bo', 'en'] as const) {
          await speak(page, language)
          const found = await layoutFaults(page)
          if (found.length > 0) faults[`${scene.name} ${language}`] = found
        }
      }
      expect(faults).toEqual({})
      expect(complaints).toEqual([])
      await page.close()
    }, 120_000)
  }

  const acts = (scripted: ScriptedVisit) =>
    scripted.asked.filter(({ act }) => act !== 'visit.classes' && act !== 'visit.facts')
  const drawn = (page: string): ScriptedVisit =>
    stage(VISIT_SCENES.find(({ name }) => name === page) ?? never())

  test('a visit of ten people takes at most 40 touches, and its PIN is in nothing but the acts that need it', async () => {
    const { page, complaints } = await open(800, 1280)
    const scripted = scriptedVisit()
    await enter(page, scripted)
    let touches = 1 + (await walkVisit(page, OPENING))
    await at(page, 'hub')
    touches += await walkVisit(page, ['[data-visit="draw"]', '[data-k="10"]', '[data-visit="commit"]'])
    touches += await walkVisit(page, ['[data-visit="draw"]'])
    for (let place = 0; place < 10; place += 1) {
      await page.locator('h1:visible', { hasText: `第 ${place + 1} 人` }).waitFor()
      touches += await walkVisit(page, ['[data-check="witness"]'])
    }
    await at(page, 'checks')
    touches += await walkVisit(page, ['[data-visit="back"]', '[data-visit="headcount"]', { keys: '38' }])
    touches += await walkVisit(page, ['[data-visit="close"]', '[data-end="nobody"]', SIGNED])
    await at(page, 'ended')
    expect(touches).toBeLessThanOrEqual(40)

    const done = acts(scripted)
    expect(done.map(({ act }) => act)).toEqual([
      ...['visit.admit', 'visit.open', 'visit.commit', 'visit.draw'],
      ...Array.from({ length: 10 }, () => 'visit.check'),
      ...['visit.headcount', 'visit.finish', 'visit.close'],
    ])
    const withPin = done.filter((work) => JSON.stringify(work).includes(VISIT_PIN))
    expect(withPin.map(({ act }) => act)).not.toContain('visit.open')
    expect(withPin).toHaveLength(done.length - 2)
    expect(scripted.asked.filter(({ act }) => act === 'visit.facts').join()).not.toContain(VISIT_PIN)
    expect(await page.content()).not.toContain(VISIT_PIN)
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    )
    expect(kept).toBe('[{},{},""]')
    expect(complaints).toEqual([])
    await page.close()
  })

  test('claims are readable before anybody says who they are', async () => {
    const { page } = await open()
    const scripted = scriptedVisit()
    await enter(page, scripted)
    expect(await page.locator('.visit-numbers').textContent()).toContain('42')
    expect(await page.locator('[data-flag="cameras"]').textContent()).toContain('1')
    expect(acts(scripted)).toEqual([])
    await page.close()
  })

  test('a list that was forged says so, and the files that were brought are still there', async () => {
    const { page } = await open()
    const scripted = scriptedVisit()
    scripted.refuse.set('visit.admit', 'INSPECT_LIST_FORGED')
    await enter(page, scripted)
    await walkVisit(page, ['[data-visit="begin"]', { files: [KEY_FILE, LIST_FILE, AUTHORITY_LINE] }])
    await walkVisit(page, ['[data-visit="go"]', { keys: VISIT_PIN }, { keys: VISIT_PIN }])
    await page.waitForSelector('[role="alert"][data-code="INSPECT_LIST_FORGED"]')
    expect(await page.locator('.visit-brought li').count()).toBe(3)
    const [admit] = acts(scripted)
    expect(admit).toMatchObject({ list: { note: LIST_FILE, authority: AUTHORITY_LINE }, seen: null })
    await page.close()
  })

  test('a signature that does not fit is said, and another can be shown at once', async () => {
    const { page } = await open()
    const scripted = scriptedVisit()
    scripted.refuse.set('visit.open', 'INSPECT_SIGNATURE')
    await enter(page, scripted)
    await walkVisit(page, OPENING)
    await page.waitForSelector('[role="alert"][data-code="INSPECT_SIGNATURE"]')
    scripted.refuse.clear()
    await walkVisit(page, [SIGNED])
    await at(page, 'hub')
    await page.close()
  })

  test('a wrong PIN is asked for again, and the work that waited for it is done', async () => {
    const { page } = await open()
    const scripted = drawn('visit-hub')
    await enter(page, scripted)
    await walkVisit(page, ['[data-visit="begin"]', '[data-visit="draw"]', '[data-visit="commit"]'])
    await walkVisit(page, [{ keys: '9999' }])
    await page.waitForSelector('[data-page="pin"] [data-code="LEDGER_PIN"]')
    await walkVisit(page, [{ keys: VISIT_PIN }])
    await at(page, 'nonce')
    await page.close()
  })

  test('somebody at the door is served, and the inspection comes back with what was half written', async () => {
    const { page } = await open()
    await enter(page, drawn('visit-check'))
    await walkVisit(page, ['[data-visit="begin"]', '[data-visit="checks"]', '[data-visit="extras"]'])
    await page.locator('.visit-note').fill('坐在后排')
    await show(page, station, { ...OFFICE_BASE, screen: 'reading' })
    expect(await page.locator('main:visible').getAttribute('data-screen')).toBe('reading')
    await show(page, station, { ...OFFICE_BASE, screen: 'verdict', verdict: 'verified' })
    expect(await page.locator('main:visible').getAttribute('data-screen')).toBe('verdict')
    await show(page, station, OFFICE_BASE)
    await at(page, 'extras')
    expect(await page.locator('.visit-note').inputValue()).toBe('坐在后排')
    await page.close()
  })

  test('while the camera is lent the inspection stays, and frames leave for it', async () => {
    const { page } = await open()
    await enter(page, drawn('visit-check-face'))
    await walkVisit(page, ['[data-visit="begin"]', '[data-visit="checks"]', '[data-check="face"]'])
    station.desk.frames.length = 0
    await walkVisit(page, [{ keys: VISIT_PIN }])
    await at(page, 'waiting')
    await expect.poll(() => station.desk.frames.length).toBeGreaterThan(0)
    await show(page, station, { ...OFFICE_BASE, screen: 'looking' })
    expect(await page.locator('main:visible').getAttribute('data-page')).toBe('waiting')
    await page.close()
  })

  test('the card of another person records nothing and says so; the right one goes on to the next person', async () => {
    const { page } = await open()
    const scripted = drawn('visit-check-other')
    await enter(page, scripted)
    await walkVisit(page, ['[data-visit="begin"]', '[data-visit="checks"]', '[data-check="card"]'])
    await walkVisit(page, [{ keys: VISIT_PIN }])
    await page.waitForSelector('[data-code="VISIT_OTHER_PERSON"]')
    expect(acts(scripted).some(({ act }) => act === 'visit.check')).toBe(false)
    scripted.identify = async () => ({})
    await walkVisit(page, ['[data-check="card"]'])
    await page.locator('h1:visible', { hasText: '第 2 人' }).waitFor()
    expect(acts(scripted).at(-1)).toMatchObject({
      ...{ act: 'visit.check', person: PEOPLE[0]?.person, result: 'seen', by: 'card' },
      ticket: '7'.repeat(32),
    })
    await page.close()
  })

  test('after five minutes without a touch the door comes back, and the PIN is asked for again where it was', async () => {
    const { page } = await open()
    await page.clock.install()
    await enter(page, drawn('visit-check'))
    await walkVisit(page, ['[data-visit="begin"]', '[data-visit="checks"]', '[data-check="witness"]'])
    await walkVisit(page, [{ keys: VISIT_PIN }])
    await page.locator('h1:visible', { hasText: '第 2 人' }).waitFor()
    await page.clock.runFor(299_000)
    expect(await page.locator('main:visible').getAttribute('data-page')).toBe('check')
    await page.clock.runFor(2_000)
    expect(await page.locator('main:visible').getAttribute('data-screen')).toBe('idle')
    await touch(page, '[data-visit="open"]')
    await page.locator('h1:visible', { hasText: '第 2 人' }).waitFor()
    await walkVisit(page, ['[data-check="witness"]'])
    await at(page, 'pin')
    await page.close()
  })

  test('a station that goes away says that it may be recorded, and the inspection is still there', async () => {
    const { page } = await open()
    const scripted = drawn('visit-check')
    await enter(page, scripted)
    await walkVisit(page, ['[data-visit="begin"]', '[data-visit="checks"]', '[data-check="witness"]'])
    station.desk.office = (work) =>
      work.act === 'visit.check' ? new Promise(() => {}) : scripted.answer(work)
    await walkVisit(page, [{ keys: VISIT_PIN }])
    station.leave()
    await page.locator('main[data-screen="lost"]').waitFor()
    station.back()
    await page.waitForSelector('[data-code="STATION_LOST"]:visible')
    await page.locator('h1:visible', { hasText: '第 1 人' }).waitFor()
    await page.close()
  })

  test('what a scanner types goes to the page that waits for a code, and else to the station', async () => {
    const { page } = await open()
    await enter(page, scriptedVisit())
    await touch(page, '[data-visit="begin"]')
    await at(page, 'who')
    station.desk.commands.length = 0
    await page.keyboard.type('SHIDAO-WHAT:1')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-code="VISIT_CODE_OTHER"]')
    expect(station.desk.commands.filter(({ type }) => type === 'scan')).toEqual([])
    await page.close()
  })

  test('dice that an inspector wrote are drawn with by their SHA-256, and a photograph leaves as its own only', async () => {
    const { page } = await open()
    const scripted = drawn('visit-hub')
    await enter(page, scripted)
    const lock = ['[data-visit="begin"]', '[data-visit="draw"]', '[data-visit="commit"]', { keys: VISIT_PIN }]
    await walkVisit(page, [...lock, { write: '6 3 1 1 5' }, '[data-visit="draw"]', '[data-visit="extras"]'])
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const drawing = acts(scripted).find(({ act }) => act === 'visit.draw')
    expect(drawing).toMatchObject({ nonce: sha256('6 3 1 1 5'), commitment: 'c0ffee42'.repeat(8) })
    const photograph = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('a photograph') }
    await page.locator('main:visible input[type="file"]').setInputFiles(photograph)
    await page.locator('main:visible .office-file', { hasText: '照片已记指纹' }).waitFor()
    await walkVisit(page, ['[data-visit="keep"]', '[data-check="not-seen"]'])
    await page.locator('h1:visible', { hasText: '第 2 人' }).waitFor()
    expect(acts(scripted).at(-1)).toMatchObject({ photograph: sha256('a photograph'), by: null, note: null })
    await page.close()
  })

  test('the files of a visit are saved as the station named them', async () => {
    const { page, complaints } = await open()
    await enter(page, drawn('visit-close'))
    await walkVisit(page, VISIT_SCENES.find(({ name }) => name === 'visit-ended')?.steps ?? [])
    const coming = page.waitForEvent('download')
    await page.locator('[data-file]').first().click()
    const download = await coming
    expect(download.suggestedFilename()).toBe('检查文件.shidao-visit')
    expect(readFileSync(await download.path(), 'utf8')).toBe('检查笔录，模拟')
    expect(complaints).toEqual([])
    await page.close()
  })

  test('the way in stands beside the office’s while nobody is served, whatever the camera, and not else', async () => {
    const { page } = await open()
    await page.goto(station.url)
    for (const camera of ['ok', 'changed', 'virtual'] as const) {
      await show(page, station, { camera })
      expect(await page.locator('[data-visit="open"]').count(), camera).toBe(1)
    }
    for (const screen of ['reading', 'consent', 'looking', 'verdict'] as const) {
      await show(page, station, { screen, verdict: 'verified' })
      expect(await page.locator('[data-visit="open"]').count(), screen).toBe(0)
    }
    await page.close()
  })
})

function never(): never {
  throw new Error('no such scene')
}
