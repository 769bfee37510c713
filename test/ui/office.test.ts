import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskWork, Snapshot } from '../../src/station/protocol.ts'
import { describeIf } from '../support/requires.ts'
import { layoutFaults } from './layout.ts'
import { AUDITOR, answerOffice, OFFICE_BASE, OFFICE_SCENES, walk } from './office-scenes.ts'
import { SIZES } from './scenes.ts'
import { type ScriptedStation, serveScripted } from './scripted-station.ts'
import { complaintsOf, noBrowser, type Rig, show, speak, startRig } from './window-in-browser.ts'

describeIf(noBrowser, 'the office beside the door', () => {
  let rig: Rig
  let station: ScriptedStation
  const asked: DeskWork[] = []
  beforeAll(async () => {
    rig = await startRig({ mark: false })
    station = await serveScripted(rig.uiFolder)
    station.desk.office = (work) => {
      asked.push(work)
      return answerOffice(work)
    }
  })
  afterAll(async () => {
    await station?.close()
    await rig?.close()
  })

  const open = async (width: number, height: number): Promise<{ page: Page; complaints: string[] }> => {
    const page = await rig.browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
    const complaints = complaintsOf(page)
    await page.goto(station.url)
    await show(page, station, OFFICE_BASE)
    return { page, complaints }
  }
  /** From whatever was open to the first page of the office: a person at the door ends what was. */
  const enter = async (page: Page, change: Partial<Snapshot> = {}): Promise<void> => {
    await show(page, station, { ...OFFICE_BASE, screen: 'reading' })
    await show(page, station, { ...OFFICE_BASE, ...change })
    await page.locator('[data-office="open"]').click()
    await page.waitForSelector('[data-page="home"] .office-row')
    asked.length = 0
  }
  const acts = () => asked.filter(({ act }) => act !== 'list' && act !== 'roster.preview')

  for (const { name, width, height } of SIZES) {
    test(`at ${width}x${height} (${name}) no page is cut off, too small or in error in any language`, async () => {
      const { page, complaints } = await open(width, height)
      const faults: Record<string, string[]> = {}
      for (const scene of OFFICE_SCENES) {
        await enter(page, scene.show)
        await walk(page, scene.steps)
        expect(await page.locator('main').getAttribute('data-screen'), scene.name).toBe('office')
        for (const language of ['zh-CN', 'bo', 'en'] as const) {
          await speak(page, language)
          const found = await layoutFaults(page)
          if (found.length > 0) faults[`${scene.name} ${language}`] = found
        }
      }
      expect(faults).toEqual({})
      expect(complaints).toEqual([])
      await page.close()
    }, 180_000)
  }

  const steps = (name: string) => OFFICE_SCENES.find((scene) => scene.name === name)?.steps ?? []

  test('a doubtful record is decided by two different people, whose PINs are in nothing but the act', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await walk(page, steps('office-done'))
    expect(acts()).toEqual([
      {
        ...{ act: 'doubt.resolve', class: 'YL-2026-03', record: 812, decision: 'accept' },
        reason: '已核对本人和照片',
        signers: [
          { actor: 'a'.repeat(32), pin: '246810' },
          { actor: 'b'.repeat(32), pin: '135791' },
        ],
      },
    ])
    expect(await page.content()).not.toContain('246810')
    expect(await page.locator('[data-part="event"]').textContent()).toContain('913')
    expect(await page.locator('[role="alert"]').textContent()).toContain('超上限')
    await page.close()
  })

  test('a doubtful record shows in words what was seen: the gravest in the list, all of it beside the decision', async () => {
    const { page } = await open(1024, 768)
    const said = {
      'zh-CN': [
        '人脸相似度不够（0.41，要 0.47）',
        '脸上有屏幕或印刷的纹路',
        '镜头换过',
        '动作没做完：请向左转头',
      ],
      en: [
        'the face is not like enough (0.41, needs 0.47)',
        'the camera was changed',
        'did not do it in time: ',
      ],
      bo: ['གདོང་འདྲ་ཚད་མི་འདང་།', 'པར་ཆས་བརྗེས་འདུག', 'དུས་ཐོག་མ་བྱས།'],
    }
    for (const language of ['zh-CN', 'en', 'bo'] as const) {
      await enter(page)
      await speak(page, language)
      await walk(page, steps('office-doubts'))
      const row = page.locator('[data-choice="812"]')
      expect(await row.textContent()).toContain(said[language][0])
      expect(await row.textContent()).toMatch(/ · \+4$/)
      await row.click()
      await page.waitForSelector('[data-choice="accept"]')
      const notes = await page.locator('[data-part="notes"] li').allTextContents()
      expect(notes).toHaveLength(6)
      for (const words of said[language]) expect(notes.join()).toContain(words)
    }
    await page.close()
  })

  test('what was not done says why, keeps the answers and asks for the signatures again', async () => {
    const { page } = await open(1080, 1920)
    await enter(page)
    await walk(page, steps('office-not-done'))
    expect(await page.locator('[role="alert"]').getAttribute('data-code')).toBe('CLASS_MANUAL_CAP')
    expect(await page.locator('[role="alert"]').textContent()).toContain('请两位监督员签名')
    expect(await page.locator('main').textContent()).toContain('病假')
    await page.locator('[data-office="sign"]').click()
    expect(await page.locator('.staff-member').count()).toBe(3)
    await page.close()
  })

  test('a roster with errors cannot be signed, one without can', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await walk(page, steps('office-roster-errors'))
    expect(await page.locator('[data-office="sign"]').isDisabled()).toBe(true)
    await enter(page)
    await walk(page, steps('office-roster-preview'))
    await expect.poll(() => page.locator('[data-office="sign"]').isDisabled()).toBe(false)
    expect(acts()).toEqual([])
    await page.close()
  })

  test('an export is signed, counts its steps, and its file is taken along', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await walk(page, steps('office-export-running'))
    const bar = page.locator('progress')
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['412', '1000'])
    expect(acts()[0]).toEqual({
      ...{ act: 'export.start', class: 'YL-2026-03', kind: 'hours', format: 'pdf', masked: false },
      ...{ person: null, period: null, seal: null, by: { actor: 'a'.repeat(32), pin: '246810' } },
    })
    await enter(page)
    await walk(page, steps('office-export-done'))
    expect(await page.locator('[data-part="file"]').textContent()).toContain('/var/lib/shidao/exports')
    const saved = page.waitForEvent('download')
    await page.locator('[data-office="take"]').click()
    const download = await saved
    expect(download.suggestedFilename()).toBe('bundle-YL-2026-03-20260316-1.zip')
    expect(readFileSync((await download.path()) ?? '', 'utf8')).toBe('made here')
    await page.close()
  })

  test('a bundle is sealed for the auditor whose public key a file has, and its secret half goes nowhere', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await walk(page, steps('office-export-auditor-file'))
    const secret = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`
    const choose = (words: string) =>
      page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'auditor.key', mimeType: 'text/plain', buffer: Buffer.from(words) })
    await choose(`${secret}\n`)
    await page.locator('[role="alert"]').waitFor()
    await choose(`# created: 2026-03-16\n# public key: ${AUDITOR}\n${secret}\n`)
    await walk(page, ['[data-office="sign"]', { pin: '246810', member: 0 }])
    expect(acts()[0]).toMatchObject({ act: 'export.start', kind: 'bundle', seal: { auditors: [AUDITOR] } })
    expect(JSON.stringify(asked)).not.toContain('SECRET')
    await page.close()
  })

  test('what is no public key of an auditor is refused before anybody signs', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await walk(page, steps('office-export-auditor-key'))
    expect(await page.locator('main').getAttribute('data-page')).toBe('export.start/auditorKey')
    expect(await page.locator('[role="alert"]').textContent()).toContain('公钥')
    await walk(page, [{ write: AUDITOR }, '[data-office="go"]'])
    expect(await page.locator('main').textContent()).toContain(AUDITOR.slice(0, 8))
    await page.close()
  })

  test('a roster comes with column names and with photos, all in one act', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    const more = [{ file: 'good' }, { file: '{"name":["名"]}' }, { file: 'a picture' }]
    await walk(page, [...steps('office-roster-file'), ...more, '.office-row >> nth=0'])
    expect(await page.locator('.office-good').textContent()).toContain('有照片')
    await walk(page, ['[data-office="sign"]', { pin: '246810', member: 0 }])
    expect(acts()).toMatchObject([
      {
        ...{ act: 'roster.import', class: 'YL-2026-03', columns: '{"name":["名"]}' },
        photos: [{ name: 'file.csv', file: Buffer.from('a picture').toString('base64') }],
      },
    ])
    await page.close()
  })

  test('a catalogue that nobody signed needs two people, a signed one its key and one', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    const catalogue = ['[data-choice=" catalogue"]', { file: '{}' }]
    await walk(page, [...catalogue, '[data-choice="unsigned"]', '[data-office="sign"]'])
    expect(await page.locator('[data-part="place"]').textContent()).toBe('第一位签名人')
    await enter(page)
    await walk(page, [...catalogue, '[data-choice="signed"]', { write: 'authority+0+key' }])
    await walk(page, ['[data-office="go"]', '[data-office="sign"]', { pin: '246810', member: 0 }])
    expect(acts()).toMatchObject([{ act: 'catalogue.import', text: '{}', vkey: 'authority+0+key' }])
    await page.close()
  })

  test('a month with something open is closed with a reason, one without is not asked for any', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await walk(page, [...steps('office-month-review'), '[data-office="sign"]'])
    await walk(page, [
      { pin: '246810', member: 0 },
      { pin: '135791', member: 0 },
    ])
    expect(acts()).toMatchObject([{ act: 'month.close', month: '2026-03', reason: '按月结账' }])
    await enter(page)
    await walk(page, [...steps('office-month-close'), '[data-choice="2026-02"]'])
    await page.waitForSelector('[data-page="month.close/review"]')
    await page.close()
  })

  test('a card on the reader ends the office, and idle comes back without what was being filled in', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await walk(page, steps('office-sign-pin'))
    await show(page, station, { ...OFFICE_BASE, screen: 'reading' })
    expect(await page.locator('main').getAttribute('data-screen')).toBe('reading')
    await show(page, station, OFFICE_BASE)
    expect(await page.locator('main').getAttribute('data-screen')).toBe('idle')
    expect(acts()).toEqual([])
    await page.close()
  })

  test('an office that nobody touches closes, and one that is touched does not', async () => {
    const { page } = await open(1024, 768)
    await page.clock.install()
    await enter(page)
    await page.clock.runFor(100_000)
    await page.locator('[data-choice="YL-2026-03"]').click()
    await page.clock.runFor(100_000)
    expect(await page.locator('main').getAttribute('data-screen')).toBe('office')
    await page.clock.runFor(21_000)
    expect(await page.locator('main').getAttribute('data-screen')).toBe('idle')
    await page.close()
  })

  test('there is no way to the office while somebody is being served', async () => {
    const { page } = await open(1024, 768)
    for (const screen of ['reading', 'consent', 'looking', 'verdict'] as const) {
      await show(page, station, { screen, verdict: 'verified' })
      expect(await page.locator('[data-office="open"]').count(), screen).toBe(0)
    }
    await page.close()
  })

  test('a field takes what a hand types, which a keyboard scanner’s watch leaves alone', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    await page.locator('[data-choice=" open"]').click()
    await page.locator('.office-input').click()
    await page.keyboard.type('YL-7')
    expect(await page.locator('.office-input').inputValue()).toBe('YL-7')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-page="class.open/title"]')
    await page.close()
  })

  test('a station that goes away while it records ends the office, so that nobody signs twice unseen', async () => {
    const { page } = await open(1024, 768)
    await enter(page)
    station.desk.office = (work) => (work.act === 'list' ? answerOffice(work) : new Promise(() => {}))
    try {
      await walk(page, steps('office-doubt-review'))
      await page.locator('[data-office="sign"]').click()
      for (const pin of ['246810', '135791']) {
        await page.locator('.staff-member').first().click()
        for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
        await page.locator('.key-done').click()
      }
      await page.waitForSelector('[data-page="working"]')
      station.leave()
      await page.waitForSelector('[data-screen="lost"]')
    } finally {
      station.back()
      station.desk.office = answerOffice
      await page.close()
    }
  })
})
