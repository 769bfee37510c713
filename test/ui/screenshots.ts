import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { answerOffice, OFFICE_BASE, OFFICE_SCENES, walk } from './office-scenes.ts'
import { SCENE_TIME, SCENES, SIZES } from './scenes.ts'
import { serveScripted } from './scripted-station.ts'
import { stage, VISIT_SCENES, walkVisit } from './visit-scenes.ts'
import { noBrowser, show, speak, startRig } from './window-in-browser.ts'

/*
 * Pictures of every state of the window for the documentation: `node test/ui/screenshots.ts [FOLDER]`.
 * Chinese in portrait for all states; landscape, the small screen, Tibetan and English in folders of their own.
 * With `--all` every state in every language at every size, for a look before a release; with `--only=prompt,light` those
 * alone whose names begin so.
 */

const everything = process.argv.includes('--all')
const only = process.argv
  .find((word) => word.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',') ?? ['']
const isNamed = (name: string) => only.some((start) => name.startsWith(start))
const folder =
  process.argv.slice(2).find((word) => !word.startsWith('--')) ??
  fileURLToPath(new URL('../../docs/screens', import.meta.url))

/** States that differ enough to be worth a picture in another language or shape. */
const CHOSEN = new Set([
  ...['idle', 'consent', 'looking-too-small', 'witness', 'verdict-verified', 'error-card'],
  ...['prompt-turn-left', 'office-doubts', 'office-doubt-decision', 'office-sign-pin'],
  ...['visit-facts', 'visit-check', 'visit-standing-rolled-back'],
])
const LANGUAGES = ['zh-CN', 'bo', 'en'] as const

if (noBrowser !== null) throw new Error(noBrowser)
const rig = await startRig({ mark: false })
const station = await serveScripted(rig.uiFolder)
try {
  for (const { name: size, width, height } of SIZES) {
    for (const language of LANGUAGES) {
      const isMain = size === 'portrait' && language === 'zh-CN'
      if (!everything && size === 'small' && language !== 'zh-CN') continue
      const target = join(folder, isMain ? '.' : `${size}-${language}`)
      await mkdir(target, { recursive: true })
      const page = await rig.browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
      await page.clock.setFixedTime(SCENE_TIME)
      await page.goto(station.url)
      for (const scene of SCENES) {
        if (!isWanted(scene.name, isMain)) continue
        await show(page, station, scene.show)
        await speak(page, language)
        const live = page.locator('video')
        if ((await live.count()) > 0) {
          await page.evaluate(
            "new Promise((drawn) => document.querySelector('video').requestVideoFrameCallback(drawn))",
          )
        }
        await page.waitForTimeout(60)
        await picture(page, join(target, `${scene.name}.png`))
        if (scene.name === 'witness') {
          await page.locator('.staff-member').first().click()
          for (const digit of '7391') await page.getByRole('button', { name: digit, exact: true }).click()
          await picture(page, join(target, 'witness-pin.png'))
        }
        if (everything && scene.name === 'enrol') {
          await page.locator('.staff-member').first().click()
          await picture(page, join(target, 'enrol-pin.png'))
        }
      }
      station.desk.office = answerOffice
      for (const scene of OFFICE_SCENES) {
        if (!isWanted(scene.name, isMain)) continue
        await show(page, station, { screen: 'reading' })
        await show(page, station, { ...OFFICE_BASE, ...scene.show })
        await page.locator('[data-office="open"]').click()
        await speak(page, language)
        await walk(page, scene.steps)
        await page.waitForTimeout(60)
        await picture(page, join(target, `${scene.name}.png`))
      }
      for (const scene of VISIT_SCENES) {
        if (!isWanted(scene.name, isMain)) continue
        station.desk.office = stage(scene).answer
        await page.goto(station.url)
        await show(page, station, OFFICE_BASE)
        await page.locator('[data-visit="open"]').click()
        await walkVisit(page, scene.steps)
        await page.locator(`main[data-page="${scene.page}"]:visible`).waitFor()
        await speak(page, language)
        await page.waitForTimeout(60)
        await picture(page, join(target, `${scene.name}.png`))
      }
      if (isMain && isNamed('lost')) {
        station.leave()
        await page.waitForSelector('[data-screen="lost"]')
        await picture(page, join(target, 'lost.png'))
        station.back()
      }
      await page.close()
    }
  }
} finally {
  await station.close()
  await rig.close()
}
process.stdout.write(`pictures are in ${folder}\n`)

function isWanted(name: string, isMain: boolean): boolean {
  return isNamed(name) && (everything || isMain || CHOSEN.has(name))
}

/** Half the size and few colours: enough to see everything, small enough to keep. */
async function picture(page: Page, path: string): Promise<void> {
  const whole = sharp(await page.screenshot())
  const { width } = await whole.metadata()
  await whole
    .resize(width / 2)
    .png({ palette: true, effort: 10 })
    .toFile(path)
}
