import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifierPage } from '../../build/verifier-page.ts'
import { describeIf } from '../support/requires.ts'
import { complaintsOf, noBrowser } from '../ui/window-in-browser.ts'
import index from '../vectors/files/index.json' with { type: 'json' }

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const VECTORS = fileURLToPath(new URL('../vectors/files/', import.meta.url))
const [firstWitness = ''] = index.keys.witnesses

describeIf(noBrowser, 'the verifier page, opened from a disk', () => {
  let folder: string
  let browser: Browser
  let page: Page
  let complaints: string[]
  const requests: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shidao-page-'))
    await writeFile(join(folder, 'verifier.html'), await verifierPage())
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    browser = await chromium.launch({ executablePath: CHROMIUM, args })
    const context = await browser.newContext({ locale: 'zh-CN', offline: true })
    page = await context.newPage()
    page.on('request', (request) => requests.push(request.url()))
    complaints = complaintsOf(page)
    await page.goto(pathToFileURL(join(folder, 'verifier.html')).href)
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(index.files.filter(({ kind }) => kind === 'event-proof'))(
    'says that $name is $valid',
    async (file) => {
      await choose(file.name)
      await expect.poll(verdict).toBe(file.valid ? '属实' : '不属实')
      if (file.valid) expect(await text('.trust')).toContain('证明自带的公钥')
      else expect((await text('.reason')).length).toBeGreaterThan(5)
    },
  )

  test('rests on the keys that are typed in, and refuses a proof of another station', async () => {
    await choose('anna.shidao-proof')
    await page.fill('#key', index.keys.station)
    await page.fill('#witness', firstWitness)
    await expect.poll(() => text('.trust')).toContain('见证方')
    expect(await text('.bounds')).toContain('2026-03-02T03:51:00.000Z')
    await page.fill('#witness', '')
    await page.fill('#key', firstWitness)
    await expect.poll(verdict).toBe('不属实')
    await page.fill('#key', 'no key')
    await expect.poll(verdict).toBe('公钥填写有误')
    await page.fill('#key', '')
  })

  test('reads a C2SP proof file with the station’s key, dragged in, in the other language too', async () => {
    await page.fill('#key', index.keys.station)
    await page.click('#language')
    await page.evaluate(`(async () => {
      const bytes = ${JSON.stringify(index.keys.station)}
      const transfer = new DataTransfer()
      transfer.items.add(new File([bytes], 'note.txt'))
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }))
    })()`)
    await expect.poll(verdict).toBe('This file cannot be read: note.txt')
    await choose('event-8.tlog-proof')
    await expect.poll(verdict).toBe('True')
    await choose('event-8-body.tlog-proof')
    await expect.poll(verdict).toBe('Not true')
    expect(await text('.reason')).toContain('Something was changed')
    await page.click('#language')
    await page.fill('#key', '')
  })

  test('asks nobody for anything and complains of nothing', () => {
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([])
    expect(complaints).toEqual([])
  })

  async function choose(name: string): Promise<void> {
    await page.setInputFiles('#file', join(VECTORS, name))
  }

  function verdict(): Promise<string> {
    return text('#answer p')
  }

  async function text(selector: string): Promise<string> {
    return (await page.locator(selector).first().textContent({ timeout: 2_000 })) ?? ''
  }
})
