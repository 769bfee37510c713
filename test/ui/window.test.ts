import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duplicateNotices, duplicateNoticeText } from '../../src/common/notice.ts'
import { describeIf } from '../support/requires.ts'
import { layoutFaults } from './layout.ts'
import { SCENES, SIZES } from './scenes.ts'
import { type ScriptedStation, serveScripted } from './scripted-station.ts'
import { complaintsOf, noBrowser, type Rig, show, speak, startRig } from './window-in-browser.ts'

describeIf(noBrowser, 'the window shows every state of the station', () => {
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

  const open = async (width: number, height: number): Promise<{ page: Page; complaints: string[] }> => {
    const page = await rig.browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
    const complaints = complaintsOf(page)
    await page.goto(station.url)
    await show(page, station, {})
    return { page, complaints }
  }

  for (const { name, width, height } of SIZES) {
    for (const language of ['zh-CN', 'bo', 'en'] as const) {
      test(`in ${language} at ${width}x${height} (${name}) nothing is cut off, too small or in error`, async () => {
        const { page, complaints } = await open(width, height)
        const faults: Record<string, string[]> = {}
        for (const scene of SCENES) {
          await show(page, station, scene.show)
          await speak(page, language)
          expect(await page.locator('main').getAttribute('data-screen')).toBe(scene.show.screen ?? 'idle')
          expect(await page.locator('[data-part="simulated"]').isVisible()).toBe(true)
          const found = await layoutFaults(page)
          if (found.length > 0) faults[scene.name] = found
          if (scene.show.screen !== 'witness' && scene.show.screen !== 'enrol') continue
          await page.locator('.staff-member').first().click()
          const withKeypad = await layoutFaults(page)
          if (withKeypad.length > 0) faults[`${scene.name} with keypad`] = withKeypad
        }
        expect(faults).toEqual({})
        expect(complaints).toEqual([])
        await page.close()
      })
    }
  }

  test('the simulated stripe is on every screen of a simulated station, and on none of a real one', async () => {
    const { page } = await open(1024, 768)
    for (const simulated of [true, false]) {
      for (const scene of SCENES) {
        await show(page, station, { ...scene.show, simulated })
        expect(await page.getByText('SIMULATED').count(), scene.name).toBe(simulated ? 1 : 0)
      }
    }
    await page.close()
  })

  test('a scanner that does not work says what to do beside the invitation; without one nothing is said', async () => {
    const { page } = await open(1920, 1080)
    await show(page, station, { scanner: { health: 'fault', code: 'PORT_BUSY' } })
    expect(await page.locator('main [data-part="scanner"]').textContent()).toMatch(/占用.*关掉那个程序/)
    expect(await page.locator('.bottom-bar').textContent()).toContain('扫码器故障')
    expect(await page.locator('main').textContent()).toContain('请放证签到')
    for (const scanner of [null, { health: 'ok', code: null }] as const) {
      await show(page, station, { scanner })
      expect(await page.locator('main [data-part="scanner"]').count()).toBe(0)
    }
    await page.close()
  })

  test('another reader than before is said with its time on every screen', async () => {
    const { page } = await open(1024, 768)
    await show(page, station, {})
    expect(await page.locator('[data-part="reader-changed"]').count()).toBe(0)
    for (const { show: scene } of SCENES) {
      await show(page, station, { ...scene, readerChangedAt: Date.parse('2026-03-16T07:47:00+08:00') })
      expect(await page.locator('[data-part="reader-changed"]').textContent()).toContain('07:47')
    }
    await page.close()
  })

  test('agreeing and refusing are buttons of the same size and look, and each sends its answer', async () => {
    for (const { width, height } of SIZES) {
      const { page } = await open(width, height)
      for (const language of ['zh-CN', 'bo', 'en'] as const) {
        await show(page, station, { screen: 'consent' })
        await speak(page, language)
        const [agree, refuse] = [
          page.locator('[data-answer="agree"]'),
          page.locator('[data-answer="refuse"]'),
        ]
        const [a, b] = [await agree.boundingBox(), await refuse.boundingBox()]
        expect(Math.abs((a?.width ?? 0) - (b?.width ?? 1))).toBeLessThan(1)
        expect(Math.abs((a?.height ?? 0) - (b?.height ?? 1))).toBeLessThan(1)
        expect(await lookOf(page, 'agree')).toEqual(await lookOf(page, 'refuse'))
      }
      station.desk.commands.length = 0
      await page.locator('[data-answer="refuse"]').click()
      await page.locator('[data-answer="agree"]').click()
      await expect
        .poll(() => station.desk.commands)
        .toEqual([
          { type: 'consent', granted: false },
          { type: 'consent', granted: true },
        ])
      await page.close()
    }
  })

  test('the second question has its no where the first one had its yes, and names its purpose', async () => {
    const second = createHash('sha256').update(duplicateNoticeText['zh-CN']).digest('hex')
    for (const { width, height } of SIZES) {
      const { page } = await open(width, height)
      await show(page, station, { screen: 'consent' })
      const yes = await page.locator('[data-answer="agree"]').boundingBox()
      await show(page, station, { screen: 'consent', noticeVersion: second })
      await page.getByText(duplicateNotices['zh-CN'].title).waitFor()
      const [agree, refuse] = [page.locator('[data-answer="agree"]'), page.locator('[data-answer="refuse"]')]
      expect(await lookOf(page, 'agree')).toEqual(await lookOf(page, 'refuse'))
      const no = await refuse.boundingBox()
      expect(Math.abs((no?.x ?? 0) - (yes?.x ?? 1))).toBeLessThan(1)
      expect(Math.abs((no?.y ?? 0) - (yes?.y ?? 1000))).toBeLessThan(1)
      station.desk.commands.length = 0
      await refuse.click()
      await agree.click()
      await expect
        .poll(() => station.desk.commands)
        .toEqual([
          { type: 'consent', granted: false, purpose: 'duplicates' },
          { type: 'consent', granted: true, purpose: 'duplicates' },
        ])
      await page.close()
    }
  })

  test('who can’t do what a prompt asks says so with one button', async () => {
    const { page } = await open(1024, 768)
    await show(page, station, { screen: 'prompt', prompt: { kind: 'look-up', step: 1, of: 2 } })
    expect(await page.locator('[data-prompt="look-up"]').textContent()).toContain('请抬头')
    expect(await page.locator('svg.prompt-look-up').isVisible()).toBe(true)
    station.desk.commands.length = 0
    await page.locator('[data-answer="cannot"]').click()
    await expect.poll(() => station.desk.commands).toEqual([{ type: 'cannot' }])
    await page.close()
  })

  test('the light screen shows each colour in its time and says once when it was painted', async () => {
    const { page } = await open(1024, 768)
    station.desk.commands.length = 0
    const now = Date.now()
    const light = ['#ff7878', '#46cd5a', '#6e96ff'].map((colour, i) => ({
      colour,
      from: now + 200 + 300 * i,
      until: now + 500 + 300 * i,
    }))
    await show(page, station, { screen: 'light', light })
    await expect
      .poll(() => station.desk.commands)
      .toEqual([0, 1, 2].map((step) => ({ type: 'painted', step })))
    expect(await page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")).toBe(
      'rgb(110, 150, 255)',
    )
    await page.close()
  })

  test('a notice of another version than the station records can’t be agreed to, but refused', async () => {
    const { page } = await open(1024, 768)
    await show(page, station, { screen: 'consent', noticeVersion: 'f'.repeat(64) })
    await page.waitForSelector('.notice-changed')
    expect(await page.locator('[data-answer="agree"]').count()).toBe(0)
    expect(await page.locator('[data-answer="refuse"]').isVisible()).toBe(true)
    await page.close()
  })

  test('sign-in and sign-out, and every verdict, differ in words and in shape', async () => {
    const { page } = await open(1024, 768)
    const words = new Set<string>()
    const shapes = new Set<unknown>()
    const verdicts = ['verified', 'witnessed', 'doubtful', 'already', 'refused'] as const
    for (const verdict of verdicts) {
      for (const direction of ['in', 'out'] as const) {
        await show(page, station, { screen: 'verdict', verdict, direction, message: null })
        words.add((await page.locator('h1, [data-part="next"]').allTextContents()).join())
      }
      shapes.add(await page.evaluate("document.querySelector('.verdict-sign').innerHTML"))
    }
    expect(words.size).toBe(verdicts.length * 2)
    expect(shapes.size).toBe(verdicts.length)
    await page.close()
  })

  test('an earlier sign-in is told with its time, offline with the number of records', async () => {
    const { page } = await open(1024, 768)
    const already = { screen: 'verdict', verdict: 'already', message: 'already-signed' } as const
    await show(page, station, { ...already, messageValues: { time: '08:02' } })
    expect(await page.locator('main').textContent()).toContain('08:02')
    await show(page, station, { upload: { waiting: 37, online: false, configured: true } })
    expect(await page.locator('[data-part="offline"]').textContent()).toBe('离线，记录已保存 37 条')
    await page.close()
  })

  test('a fault shows its sentence, its next step and its code', async () => {
    const { page } = await open(1024, 768)
    await show(page, station, { screen: 'error', message: 'CARD_SOMETHING_NEW' })
    expect(await page.locator('h1').textContent()).toBe('证件没有读好')
    expect(await page.locator('[data-part="next"]').textContent()).toBe('请拿起来，再平放一次')
    expect(await page.locator('code').textContent()).toBe('CARD_SOMETHING_NEW')
    await page.close()
  })

  test('a chosen language lasts for one person: idle is Chinese again', async () => {
    const { page } = await open(1024, 768)
    await show(page, station, { screen: 'reading' })
    await speak(page, 'bo')
    await show(page, station, { screen: 'verdict', verdict: 'verified' })
    expect(await page.locator('html').getAttribute('lang')).toBe('bo')
    await show(page, station, { screen: 'idle' })
    await page.waitForSelector('html[lang="zh-CN"]')
    await page.close()
  })
})

/** What makes one button more tempting than another. */
function lookOf(page: Page, answer: 'agree' | 'refuse'): Promise<Record<string, string>> {
  return page.evaluate(`(() => {
    const style = getComputedStyle(document.querySelector('[data-answer="${answer}"]'))
    const seen = ['color', 'backgroundColor', 'borderColor', 'borderWidth', 'fontSize', 'fontWeight', 'opacity']
    return Object.fromEntries(seen.map((name) => [name, style[name]]))
  })()`)
}
