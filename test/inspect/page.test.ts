import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { zipSync } from 'fflate'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifierPage } from '../../build/verifier-page.ts'
import { unwrap } from '../../src/common/result.ts'
import { verifyBundle } from '../../src/inspect/verify-bundle.ts'
import { verifyVisitFile } from '../../src/inspect/verify-visit-file.ts'
import { keyFingerprint } from '../../src/ledger/fingerprint.ts'
import { parseVkey } from '../../src/ledger/note.ts'
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

  test.each(index.files.filter(({ kind }) => kind === 'event-proof' || kind === 'bundle'))(
    'says that $name is $valid',
    async (file) => {
      await choose(file.name)
      await expect.poll(verdict).toBe(file.valid ? '属实' : '不属实')
      if (file.valid && file.kind === 'bundle') expect(await text('.trust')).toContain('自带的公钥')
      else if (file.valid) expect(await text('.trust')).toContain('证明自带的公钥')
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

  test('opens an evidence bundle: says who signed it, shows its events, and rests on the keys that are typed in', async () => {
    await choose('class.zip')
    await expect.poll(verdict).toBe('属实')
    const answer = await text('#answer')
    const own = await verifiedByProgram({})
    expect(answer).toContain(`${own.size} 条`)
    expect(answer).toContain(own.class)
    expect(answer).toContain(keyFingerprint(index.keys.station))
    expect(answer).toContain('签名未核对')
    expect(await page.locator('#answer table').last().locator('tr').count()).toBe(own.size + 1)
    await page.fill('#witness', firstWitness)
    const { witnessed, ok } = await verifiedByProgram({ witness: firstWitness })
    await expect.poll(verdict).toBe(ok ? '属实' : '不属实')
    if (ok) expect(await text('.witnessed')).toContain(witnessed?.time)
    await page.fill('#witness', '')
    await page.fill('#key', index.keys.witnesses[0] ?? '')
    await expect.poll(verdict).toBe('不属实')
    await page.fill('#key', '')
  })

  test('opens a visit’s file: says what was found and what it rests on, in both languages', async () => {
    await choose('visit.shidao-visit')
    await expect.poll(verdict).toBe('属实')
    expect(await text('.simulated')).toContain('模拟')
    expect(await text('.outcome')).toContain('见到 1，未见 0，无法核实 0，未查 1；现场清点 2')
    const sentences = () => page.locator('.sentence').allTextContents()
    expect((await sentences()).join('\n')).toMatch(
      /前 7 条记录没有改动：已证明\n2 人中抽 2 人.*\n已结束；机构拒绝签字/,
    )
    await page.click('#language')
    const own = unwrap(verifyVisitFile(await readFile(join(VECTORS, 'visit.shidao-visit'))))
    expect(await sentences()).toEqual(own.words.slice(1))
    await page.click('#language')
    await page.fill('#key', firstWitness)
    await expect.poll(verdict).toBe('不属实')
    await page.fill('#key', '')
    await page.fill('#authority', 'no key')
    await expect.poll(verdict).toBe('公钥填写有误')
    await page.fill('#authority', '')
  })

  test.each(index.files.filter(({ kind, valid }) => kind === 'visit' && !valid))(
    'refuses $name: $forged',
    async ({ name }) => {
      await choose(name)
      await expect.poll(verdict).toBe('不属实')
      expect((await text('.reason')).length).toBeGreaterThan(5)
      expect((await text('.detail')).length).toBeGreaterThan(5)
    },
  )

  test.each(index.files.filter(({ kind }) => kind === 'certificate'))(
    'asks for the station’s key, and says then that $name is $valid',
    async ({ name, valid }) => {
      await choose(name)
      await expect.poll(verdict).toContain('请先填入')
      await page.fill('#key', index.keys.station)
      await expect.poll(verdict).toBe(valid ? '属实' : '不属实')
      if (valid) {
        expect(await text('#answer table')).toContain('2 小时 59 分')
        expect(await text('.simulated')).toContain('模拟')
      }
      await page.fill('#key', '')
    },
  )

  test('checks the text of a certificate’s code that is pasted, with the line ends of another system too', async () => {
    const note = await readFile(join(VECTORS, 'hours.certificate'), 'utf8')
    await page.fill('#key', index.keys.station)
    await page.fill('#pasted', note.replaceAll('\n', '\r\n'))
    await expect.poll(verdict).toBe('属实')
    await page.fill('#pasted', note.replace('name 模拟甲', 'name 模拟乙'))
    await expect.poll(verdict).toBe('不属实')
    expect(await text('.reason')).toContain('被改动')
    await page.fill('#key', '')
  })

  test('a zip that is no bundle, and a bundle with a bit more, are refused', async () => {
    const path = join(folder, 'other.zip')
    await writeFile(path, zipSync({ 'a.txt': Uint8Array.of(1) }))
    await page.setInputFiles('#file', path)
    await expect.poll(verdict).toBe('无法识别的文件: other.zip')
    const more = join(folder, 'more.zip')
    await writeFile(more, Buffer.concat([await readFile(join(VECTORS, 'class.zip')), Buffer.from('x')]))
    await page.setInputFiles('#file', more)
    await expect.poll(verdict).not.toBe('属实')
  })

  test('asks nobody for anything and complains of nothing', () => {
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([])
    expect(complaints).toEqual([])
  })

  async function verifiedByProgram({ witness }: { readonly witness?: string }) {
    const given = witness === undefined ? {} : { witness: unwrap(parseVkey(witness)) }
    return unwrap(verifyBundle(await readFile(join(VECTORS, 'class.zip')), given))
  }

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
