import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveBrowser } from '../../src/station/channel-server.ts'
import { DoorRig } from '../station/door-rig.ts'
import { describeIf } from '../support/requires.ts'
import { SCENES } from './scenes.ts'
import { type ScriptedStation, serveScripted } from './scripted-station.ts'
import { complaintsOf, noBrowser, type Rig, show, speak, startRig } from './window-in-browser.ts'

const PIN = '739182'
const detail = { label: 'Webcam (046d:0825)', reason: 'usb-driver', key: '0123456789abcdef' }

describeIf(noBrowser, 'the window says what its camera is', () => {
  let rig: Rig
  let station: ScriptedStation
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    rig = await startRig({ mark: false })
    station = await serveScripted(rig.uiFolder)
    page = await rig.browser.newPage({ viewport: { width: 1024, height: 768 } })
    complaints = complaintsOf(page)
    await page.goto(station.url)
    await show(page, station, {})
    while (station.desk.commands.length === 0) await page.waitForTimeout(20)
  })
  afterAll(async () => {
    expect(complaints).toEqual([])
    await station?.close()
    await rig?.close()
  })
  const badge = (state: string) => page.locator(`[data-part="camera-${state}"]`)
  const actors = SCENES.find(({ name }) => name === 'witness')?.show.actors ?? []

  test('a film at a station that is no simulation is recognised as no camera and shown as such', async () => {
    const door = new DoorRig()
    const served = await serveBrowser({ desk: door.door, uiFolder: rig.uiFolder })
    const kiosk = await (await rig.browser.newContext({ permissions: ['camera'] })).newPage()
    door.door.start()
    await kiosk.goto(served.url)
    await kiosk.waitForSelector('[data-part="camera-virtual"]')
    expect(await kiosk.locator('[data-part="camera-virtual"]').textContent()).toBe('不是真摄像头')
    expect(door.last('camera.changed')).toMatchObject({
      after: expect.stringMatching(/\.y4m$/),
      verdict: 'virtual',
      reason: 'virtual-name',
      stream: { width: 640, height: 480 },
    })
    expect(door.door.cameraReading()).toMatchObject({ verdict: 'attack', score: 0 })
    await kiosk.context().close()
    await served.close()
    await door.stop()
  })

  test('a simulated camera says so on the idle screen and while it looks', async () => {
    for (const screen of ['idle', 'looking'] as const) {
      await show(page, station, { screen, camera: 'simulated', cameraDetail: detail })
      expect(await badge('simulated').textContent()).toBe('模拟摄像头')
    }
  })

  test('a changed camera is confirmed by a supervisor, who signs for the one that was shown', async () => {
    await show(page, station, { camera: 'changed', cameraDetail: detail, actors })
    await badge('changed').click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.textContent()).toContain('这不是原来装的摄像头')
    expect(await dialog.textContent()).toContain(detail.label)
    expect(await dialog.locator('.staff-member').count()).toBe(1)
    station.desk.commands.length = 0
    await page.locator('.staff-member', { hasText: '模拟督导甲' }).click()
    for (const digit of PIN) await page.getByRole('button', { name: digit, exact: true }).click()
    await page.getByRole('button', { name: '确定' }).click()
    await expect
      .poll(() => station.desk.commands)
      .toEqual([{ type: 'confirm-camera', camera: detail.key, actor: 'a'.repeat(32), pin: PIN }])
    expect(await page.content()).not.toContain(PIN)
    await show(page, station, { camera: 'ok', cameraDetail: detail, actors })
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('a wrong PIN and a camera that was swapped meanwhile are said in the dialog', async () => {
    for (const [code, words] of [
      ['LEDGER_PIN', '密码不对'],
      ['STATION_CAMERA_OTHER', '摄像头刚才又换了'],
    ] as const) {
      station.desk.answer = async () => ({ type: 'refused', command: 'confirm-camera', code })
      await show(page, station, { camera: 'unknown', cameraDetail: detail, actors })
      await badge('unknown').click()
      await page.locator('.staff-member').click()
      await page.keyboard.type(PIN)
      await page.getByRole('button', { name: '确定' }).click()
      await page.waitForSelector('[role="dialog"] [role="alert"]')
      expect(await page.locator('[role="alert"]').textContent()).toContain(words)
      await page.getByRole('button', { name: '关闭' }).click()
    }
    station.desk.answer = async () => null
  })

  test('a virtual camera can be looked at and not confirmed, and says what to do in every language', async () => {
    await show(page, station, { camera: 'virtual', cameraDetail: detail, actors })
    for (const [language, say] of [
      ['bo', 'མཉེན་ཆས'],
      ['en', 'The picture comes from a program'],
      ['zh-CN', '画面来自程序'],
    ] as const) {
      await speak(page, language)
      await badge('virtual').click()
      expect(await page.getByRole('dialog').textContent()).toContain(say)
      expect(await page.locator('.staff-member').count()).toBe(0)
      await page.getByRole('dialog').locator('.button-quiet').click()
    }
  })

  test('the dialog with its keypad fits on a small screen in every language', async () => {
    await show(page, station, { camera: 'changed', cameraDetail: detail, actors })
    for (const language of ['bo', 'en', 'zh-CN'] as const) {
      await speak(page, language)
      await badge('changed').click()
      await page.locator('.staff-member').click()
      const overflow = await page.evaluate<number>(
        "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('.camera-check'))",
      )
      const close = await page.getByRole('dialog').locator('> .button-quiet').boundingBox()
      const title = await page.getByRole('dialog').locator('h2').boundingBox()
      if (language === 'bo') await page.screenshot({ path: '/tmp/i5-dialog.png' })
      expect([overflow, language]).toEqual([0, language])
      expect(title?.y).toBeGreaterThanOrEqual(0)
      expect((close?.y ?? 0) + (close?.height ?? 0)).toBeLessThanOrEqual(768)
      await page.getByRole('dialog').locator('> .button-quiet').click()
    }
  })

  test('while somebody is being checked the sign stands there and opens nothing', async () => {
    await show(page, station, { screen: 'looking', camera: 'changed', cameraDetail: detail, actors })
    expect(await badge('changed').isDisabled()).toBe(true)
    await show(page, station, {})
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})
