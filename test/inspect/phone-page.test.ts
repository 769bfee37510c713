import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inspectorPage } from '../../build/inspector-page.ts'
import { qrSvg } from '../../src/common/qr.ts'
import { readQr } from '../../src/common/qr-reading.ts'
import { unwrap } from '../../src/common/result.ts'
import { askCode, inspectorCode, readVisitCode, signedCode } from '../../src/common/visit-codes.ts'
import { createInspectorKey, parseInspectorKey, signAsInspector } from '../../src/inspect/inspector-key.ts'
import { verifyAct } from '../../src/ledger/act-verification.ts'
import { describeIf } from '../support/requires.ts'
import { complaintsOf, noBrowser } from '../ui/window-in-browser.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const PIN = '模拟-24681012'

test('the three codes between phone and station are read as they were written, and nothing else is', () => {
  const key = 'ab'.repeat(32)
  const signature = '0f'.repeat(64)
  expect(readVisitCode(inspectorCode(key))).toEqual({ kind: 'inspector', publicKey: key })
  expect(readVisitCode(askCode('{"act":"x"}'))).toEqual({ kind: 'ask', statement: '{"act":"x"}' })
  expect(readVisitCode(signedCode(key, signature))).toEqual({ kind: 'signed', publicKey: key, signature })
  for (const text of ['', 'SHIDAO-INSPECTOR:1:AB', 'https://example.invalid', signedCode(key, 'ff')]) {
    expect(readVisitCode(text)).toBeNull()
  }
})

test('a picture without a code, and one of no size, has none', () => {
  expect(readQr({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 4).fill(200) })).toBeNull()
  expect(readQr({ width: 0, height: 0, data: new Uint8Array(0) })).toBeNull()
})

describeIf(noBrowser, 'the page of an inspector’s phone', () => {
  let folder: string
  let browser: Browser
  let page: Page
  let complaints: string[]
  const requests: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shidao-phone-'))
    await writeFile(join(folder, 'inspector.html'), await inspectorPage())
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    browser = await chromium.launch({ executablePath: CHROMIUM, args })
    const context = await browser.newContext({
      locale: 'zh-CN',
      offline: true,
      viewport: { width: 390, height: 780 },
    })
    page = await context.newPage()
    page.on('request', (request) => requests.push(request.url()))
    complaints = complaintsOf(page)
    await page.goto(pathToFileURL(join(folder, 'inspector.html')).href)
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const statementFor = (publicKey: string, change: Record<string, unknown> = {}): string =>
    JSON.stringify({
      ...{
        act: 'visit.open',
        visit: '1'.repeat(32),
        class: '模拟班-2026',
        inspector: { actor: 'a', publicKey },
      },
      ...{ standing: 'listed', list: '2'.repeat(64), since: null, visitKey: { publicKey: '3'.repeat(64) } },
      ...{ origin: 'shidao.example/模拟', at: Date.parse('2026-03-02T09:00:00+08:00'), ...change },
    })
  /** What the phone's camera would take: the station's code on a desk, a little askew. */
  const photograph = async (text: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> => {
    const taken = await browser.newPage({ viewport: { width: 900, height: 900 } })
    const svg = qrSvg(text, 'x').replace('<svg ', '<svg width="620" height="620" ')
    await taken.setContent(
      `<body style="background:#9a8f80;display:grid;place-items:center"><div style="transform:rotate(4deg)">${svg}</div>`,
    )
    const buffer = await taken.screenshot({ type: 'jpeg', quality: 80 })
    await taken.close()
    return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer }
  }
  const shoot = async (text: string) => page.setInputFiles('[data-file="main"]', await photograph(text))
  /** What a station's camera reads from the phone's screen. */
  const shown = async (name: string): Promise<string | null> => {
    const png = await page.locator(`.code.${name}`).screenshot()
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    return readQr({ width: info.width, height: info.height, data })
  }

  test('loads the key that the command made, shows whose it is, and signs what the station asks', async () => {
    const { key, text } = unwrap(createInspectorKey(PIN))
    await page.setInputFiles('[data-file="load"]', {
      name: 'key',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(text),
    })
    await page.waitForSelector('.code.mine')
    const statement = statementFor(key.publicKey)
    await shoot(askCode(statement))
    await page.waitForSelector('input[type=password]')
    expect(await page.locator('dl').textContent()).toContain('模拟班-2026')
    await page.fill('input[type=password]', 'wrong wrong')
    await page.click('[data-act="main"]')
    await page.waitForSelector('.bad:has-text("口令不对")')
    await page.fill('input[type=password]', PIN)
    await page.click('[data-act="main"]')
    await page.waitForSelector('.code.signature')
    const read = readVisitCode((await shown('signature')) ?? '')
    if (read?.kind !== 'signed') throw new Error('no signature on the screen')
    const signatures = [{ actor: key.actor, signature: read.signature }]
    expect(verifyAct({ statement, signatures }, () => key.publicKey)).toMatchObject({ ok: true })
    expect(signatures).toEqual(unwrap(signAsInspector(statement, key, PIN)).signatures)
    await page.click('[data-act="again"]')
  })

  test('signs nothing but the opening and the end of a visit, and no opening for another key', async () => {
    for (const other of [
      statementFor('9'.repeat(64)),
      statementFor('9'.repeat(64), { act: 'attendance.correct' }),
      'hello',
    ]) {
      await shoot(askCode(other))
      await page.waitForSelector('.bad:has-text("不会签")')
      await page.click('#language')
      await page.click('#language')
    }
    expect(await page.locator('[data-act="main"]').count()).toBe(0)
  })

  test('says so when a photograph holds no code', async () => {
    const blank = await browser.newPage({ viewport: { width: 300, height: 300 } })
    const buffer = await blank.screenshot({ type: 'jpeg' })
    await page.setInputFiles('[data-file="main"]', { name: 'p.jpg', mimeType: 'image/jpeg', buffer })
    await page.waitForSelector('.bad:has-text("没有找到码")')
    await page.setInputFiles('[data-file="main"]', {
      name: 'p.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('x'),
    })
    await page.waitForSelector('.bad:has-text("没有找到码")')
    await blank.close()
  })

  test('makes a key of its own, whose copy the command takes', async () => {
    page.once('dialog', (dialog) => void dialog.accept())
    await page.click('[data-act="forget"]')
    await page.fill('input[type=password]', 'short')
    await page.click('[data-act="main"]')
    await page.waitForSelector('.bad')
    await page.fill('input[type=password]', PIN)
    await page.click('[data-act="main"]')
    await page.waitForSelector('.code.mine', { timeout: 30_000 })
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-act="save"]')])
    const key = unwrap(parseInspectorKey(await readFile(await download.path(), 'utf8')))
    expect(await shown('mine')).toBe(inspectorCode(key.publicKey))
    const statement = statementFor(key.publicKey)
    const act = unwrap(signAsInspector(statement, key, PIN))
    expect(verifyAct(act, () => key.publicKey)).toMatchObject({ ok: true })
    await page.reload()
    await page.waitForSelector('.code.mine')
    expect(await shown('mine')).toBe(inspectorCode(key.publicKey))
  })

  test('asked the network for nothing and made no errors', () => {
    expect(
      requests.filter(
        (url) => !url.startsWith('file:') && !url.startsWith('blob:') && !url.startsWith('data:'),
      ),
    ).toEqual([])
    expect(complaints).toEqual([])
  })
})
