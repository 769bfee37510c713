import fc from 'fast-check'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { KeyBurst, type KeyFate, TYPED_BY_SCANNER_MS } from '../../src/ui/key-burst.ts'
import { describeIf } from '../support/requires.ts'
import { SCENES } from './scenes.ts'
import { type ScriptedStation, serveScripted } from './scripted-station.ts'
import { noBrowser, type Rig, show, startRig } from './window-in-browser.ts'

const CODE = `shidao:person:${'0123456789abcdef'.repeat(2)}:class-1`

/** Presses keys at these times; `reached` are the keys that a page gets, in order. */
function type(keys: readonly string[], gaps: (index: number) => number) {
  const burst = new KeyBurst()
  const reached: string[] = []
  const scans: string[] = []
  let at = 0
  for (const [index, key] of keys.entries()) {
    at += gaps(index)
    reached.push(...burst.expired(at))
    const fate: KeyFate = burst.press(key, at)
    if (fate.kind === 'scan') scans.push(fate.code)
    if (fate.kind === 'passed') reached.push(...burst.release(), key)
  }
  reached.push(...burst.release())
  return { reached, scans }
}

const codes = fc
  .string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 200 })
  .filter((code) => !code.startsWith(' '))
const fast = fc.integer({ min: 0, max: TYPED_BY_SCANNER_MS - 1 })
const slow = fc.integer({ min: TYPED_BY_SCANNER_MS, max: 2_000 })

test('fast keys and Enter are a scan, and none of them reaches the page', () => {
  fc.assert(
    fc.property(codes, fast, (code, gap) => {
      expect(type([...code, 'Enter'], () => gap)).toEqual({ reached: [], scans: [code] })
    }),
  )
})

test('one gap of a hand makes it no scan, and every key reaches the page in its order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }), slow, (text, gap) => {
      const keys = [...text, 'Enter']
      expect(type(keys, () => gap)).toEqual({ reached: keys, scans: [] })
    }),
  )
})

test('fast keys without Enter, and Enter after a few keys, belong to the page', () => {
  expect(type([...'73918250'], () => 1)).toEqual({ reached: [...'73918250'], scans: [] })
  expect(type(['7', '3', 'Enter'], () => 1)).toEqual({ reached: ['7', '3', 'Enter'], scans: [] })
})

test('a space that begins nothing is passed on at once, because it presses a button', () => {
  expect(new KeyBurst().press(' ', 0)).toEqual({ kind: 'passed' })
})

describeIf(noBrowser, 'a scanner that types into the window', () => {
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
  })
  afterAll(async () => {
    await station?.close()
    await rig?.close()
  })

  /** As fast as a scanner: all keys in one task of the page, so that no load of the machine stretches the gaps. */
  const scan = (code: string) =>
    page.evaluate(`for (const key of [...${JSON.stringify(code)}, 'Enter']) {
      const target = document.activeElement ?? document.body
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }`)

  const openKeypad = async (): Promise<void> => {
    await show(page, station, SCENES.find(({ name }) => name === 'witness')?.show ?? {})
    await page.locator('.staff-member', { hasText: '模拟督导甲' }).click()
  }

  test('what it types is sent to the station as one code', async () => {
    await scan(CODE)
    await expect.poll(() => station.desk.commands).toEqual([{ type: 'scan', text: CODE }])
  })

  test('digits that it types while a PIN is entered do not get into the PIN', async () => {
    await openKeypad()
    await scan('6228480402564890018')
    await expect.poll(() => station.desk.commands).toEqual([{ type: 'scan', text: '6228480402564890018' }])
    expect(await page.locator('.pin-dot').count()).toBe(0)
  })

  test('a hand is no scanner: its keys arrive where they were meant to', async () => {
    await openKeypad()
    await page.keyboard.type('739182', { delay: 2 * TYPED_BY_SCANNER_MS })
    await expect.poll(() => page.locator('.pin-dot').count()).toBe(6)
    await page.keyboard.press('Enter')
    expect(station.desk.commands).toEqual([])
  })
})
