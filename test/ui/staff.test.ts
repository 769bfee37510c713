import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeIf } from '../support/requires.ts'
import { SCENES } from './scenes.ts'
import { type ScriptedStation, serveScripted } from './scripted-station.ts'
import { noBrowser, type Rig, show, startRig } from './window-in-browser.ts'

const PIN = '739182'
const OTHER_PIN = '284613'
const sceneOf = (name: string) => SCENES.find((scene) => scene.name === name)?.show ?? {}

describeIf(noBrowser, 'staff act at the window', () => {
  let rig: Rig
  let station: ScriptedStation
  let page: Page
  beforeAll(async () => {
    rig = await startRig({ mark: false })
    station = await serveScripted(rig.uiFolder)
    page = await rig.browser.newPage({ viewport: { width: 1024, height: 768 } })
    await page.goto(station.url)
    await show(page, station, {})
    while (station.desk.commands.length === 0) await page.waitForTimeout(20)
  })
  beforeEach(async () => {
    await show(page, station, {})
    station.desk.commands.length = 0
    station.desk.answer = async () => null
  })
  afterAll(async () => {
    await station?.close()
    await rig?.close()
  })

  test('only supervisors are offered as witnesses, because nobody else can be one', async () => {
    await show(page, station, sceneOf('witness'))
    const main = await page.locator('main').textContent()
    expect(main).toContain('模拟督导甲')
    expect(main).not.toContain('模拟教师丙')
  })

  const enter = async (pin: string): Promise<void> => {
    for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
  }
  const choose = (name: string) => page.locator('.staff-member', { hasText: name }).click()
  const confirm = () => page.getByRole('button', { name: '确定' }).click()

  test('a supervisor witnesses with a PIN that is never in the page', async () => {
    await show(page, station, sceneOf('witness'))
    await choose('模拟督导甲')
    await enter(PIN)
    expect(await page.locator('.pin-dot').count()).toBe(PIN.length)
    expect(await page.content()).not.toContain(PIN)
    await confirm()
    await expect
      .poll(() => station.desk.commands)
      .toEqual([{ type: 'witness', actor: 'a'.repeat(32), pin: PIN }])
    expect(await page.content()).not.toContain(PIN)
    expect(await page.locator('.keypad').count()).toBe(0)
  })

  test('the keyboard enters a PIN too, and a wrong digit can be taken back', async () => {
    await show(page, station, sceneOf('witness'))
    await choose('模拟督导甲')
    await page.keyboard.type('73918x25')
    await page.keyboard.press('Backspace')
    await confirm()
    await expect.poll(() => station.desk.commands).toMatchObject([{ type: 'witness', pin: PIN }])
  })

  test('a PIN of fewer than four digits can’t be handed over', async () => {
    await show(page, station, sceneOf('witness'))
    await choose('模拟督导甲')
    await enter('739')
    expect(await page.getByRole('button', { name: '确定' }).isDisabled()).toBe(true)
  })

  test('a wrong PIN says so, and the same person may try again', async () => {
    station.desk.answer = async () => ({ type: 'refused', command: 'witness', code: 'LEDGER_PIN' })
    await show(page, station, sceneOf('witness'))
    await choose('模拟督导甲')
    await enter(PIN)
    await confirm()
    await page.waitForSelector('[role="alert"]')
    expect(await page.locator('[role="alert"]').textContent()).toContain('密码不对')
    expect(await page.locator('.pin-dot').count()).toBe(0)
    await enter(OTHER_PIN)
    await confirm()
    await expect.poll(() => station.desk.commands.at(-1)).toMatchObject({ pin: OTHER_PIN })
  })

  test('two different people enrol: the second list is without the first signer', async () => {
    await show(page, station, sceneOf('enrol'))
    await choose('模拟操作员乙')
    await enter(PIN)
    await confirm()
    expect(await page.locator('.staff-member').allTextContents()).toEqual([
      '模拟督导甲监督员',
      '模拟教师丙教师',
    ])
    await choose('模拟教师丙')
    await enter(OTHER_PIN)
    await confirm()
    await expect
      .poll(() => station.desk.commands)
      .toEqual([
        {
          type: 'enrol',
          signers: [
            { actor: 'b'.repeat(32), pin: PIN },
            { actor: 'c'.repeat(32), pin: OTHER_PIN },
          ],
        },
      ])
    expect(await page.content()).not.toContain(PIN)
  })

  test('an enrolment that failed starts again with both signers', async () => {
    station.desk.answer = async () => ({ type: 'refused', command: 'enrol', code: 'STATION_NO_PICTURE' })
    await show(page, station, sceneOf('enrol'))
    for (const name of ['模拟督导甲', '模拟教师丙']) {
      await choose(name)
      await enter(PIN)
      await confirm()
    }
    await page.waitForSelector('[role="alert"]')
    expect(await page.locator('.staff-member').count()).toBe(3)
    expect(await page.locator('.step-done').count()).toBe(0)
  })

  test('cancel is a command of its own', async () => {
    await show(page, station, sceneOf('looking-hold-still'))
    await page.getByRole('button', { name: '取消' }).click()
    await expect.poll(() => station.desk.commands).toEqual([{ type: 'cancel' }])
  })

  test('holding the direction opens the choice for staff, touching it does not', async () => {
    const direction = page.locator('[data-part="direction"]')
    await direction.click()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await direction.dispatchEvent('pointerdown')
    await page.getByRole('dialog').waitFor()
    await page.getByRole('button', { name: '只签退' }).click()
    await expect.poll(() => station.desk.commands).toEqual([{ type: 'direction', direction: 'out' }])
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})
