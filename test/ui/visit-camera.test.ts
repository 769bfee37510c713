import { expect, test } from 'vitest'
import { inspectorCode, signedCode } from '../../src/common/visit-codes.ts'
import { describeIf } from '../support/requires.ts'
import { INSPECTOR_KEY, scriptedVisit, VISIT_PIN } from '../support/scripted-visit.ts'
import { OFFICE_BASE } from './office-scenes.ts'
import { serveScripted } from './scripted-station.ts'
import { walkVisit } from './visit-scenes.ts'
import { complaintsOf, noBrowser, show, startRig } from './window-in-browser.ts'

/* A phone held before the window's camera: the film shows its screen, and the window reads it. */

const SIGNATURE = '5'.repeat(128)

describeIf(noBrowser, 'the window’s camera before an inspector’s phone', () => {
  test.each([
    ['whose key it is', inspectorCode(INSPECTOR_KEY), 'choose-pin'],
    ['a signature, which nobody asked for yet', signedCode(INSPECTOR_KEY, SIGNATURE), 'who'],
  ])('reads %s', async (_what, code, page) => {
    const { window, close } = await before(code)
    await walkVisit(window, ['[data-visit="begin"]'])
    await window.locator(`main[data-page="${page}"]:visible`).waitFor()
    // Long enough for several looks of the camera.
    await window.waitForTimeout(1_000)
    expect(await window.locator('main:visible').getAttribute('data-page')).toBe(page)
    expect(await window.locator('[role="alert"]:visible').count()).toBe(0)
    await close()
  })

  test('takes the signature that it asked for', async () => {
    const { window, scripted, complaints, close } = await before(signedCode(INSPECTOR_KEY, SIGNATURE))
    const pin = { keys: VISIT_PIN }
    const code = { code: inspectorCode(INSPECTOR_KEY) }
    await walkVisit(window, ['[data-visit="begin"]', code, pin, pin, '[data-visit="go"]'])
    await window.locator('main[data-page="hub"]:visible').waitFor()
    const opened = scripted.asked.find(({ act }) => act === 'visit.open')
    expect(opened).toMatchObject({ proof: { kind: 'signature', signature: SIGNATURE } })
    expect(complaints).toEqual([])
    await close()
  })
})

async function before(code: string) {
  const rig = await startRig({ mark: false, code })
  const station = await serveScripted(rig.uiFolder)
  const window = await rig.browser.newPage({
    viewport: { width: 1024, height: 768 },
    reducedMotion: 'reduce',
  })
  const complaints = complaintsOf(window)
  const scripted = scriptedVisit()
  station.desk.office = scripted.answer
  await window.goto(station.url)
  await show(window, station, OFFICE_BASE)
  await window.locator('[data-visit="open"]').click()
  await window.locator('main[data-screen="visit"]:not([data-page="loading"])').waitFor()
  const close = async () => {
    await station.close()
    await rig.close()
  }
  return { window, scripted, complaints, close }
}
