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
    for (const language of ['zh-CN', 'bo', 'en'] as const) {
      test(`in ${language} at ${width}x${height} (${name}) no page is cut off, too small or in error`, async () => {
        const { page, complaints } = await open(width, height)
        const faults: Record<string, string[]> = {}
        for (const scene of VISIT_SCENES) {
          await enter(page, stage(scene))
          await speak(page, language)
          await walkVisit(page, scene.steps)
          await at(page, scene.page)
          const found = await layoutFaults(page)
          if (found.length > 0) faults[scene.name] = found
        }
        expect(faults).toEqual({})
        expect(complaints).toEqual([])
        await page.close()
      }, 180_000)
    }
  }
})
