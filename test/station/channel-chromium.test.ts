import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveBrowser } from '../../src/station/channel-server.ts'
import { describeIf } from '../support/requires.ts'
import { scriptedDesk } from '../support/scripted-desk.ts'
import { noBrowser } from '../ui/window-in-browser.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

// Offers the token of its address as the window does, and says on the page what came of it.
const SCRIPT = `
const token = new URLSearchParams(location.hash.slice(1)).get('token')
const socket = new WebSocket('ws://' + location.host + '/channel', token === null ? [] : ['shidao.' + token])
socket.onmessage = ({ data }) => { document.title = JSON.parse(data).type }
socket.onclose = ({ code }) => { document.title = 'closed ' + code }
`

describeIf(noBrowser, 'the channel in a real browser', () => {
  let browser: Browser
  let uiFolder: string
  let server: Awaited<ReturnType<typeof serveBrowser>>

  beforeAll(async () => {
    uiFolder = await mkdtemp(join(tmpdir(), 'shidao-page-'))
    await writeFile(join(uiFolder, 'index.html'), '<!doctype html><script src="page.js"></script>')
    await writeFile(join(uiFolder, 'page.js'), SCRIPT)
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    browser = await chromium.launch({ executablePath: CHROMIUM, args })
    server = await serveBrowser({ desk: scriptedDesk(), uiFolder })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await rm(uiFolder, { recursive: true, force: true })
  })

  it('lets the page that has the token in, and in again after a reload without it, and nobody else', async () => {
    const first = await browser.newContext()
    const page = await first.newPage()
    await page.goto(server.url)
    await expect.poll(() => page.title()).toBe('snapshot')
    expect(await page.evaluate('document.cookie')).toBe('')

    await page.goto('about:blank')
    await page.goto(new URL('/', server.url).href)
    await expect.poll(() => page.title()).toBe('snapshot')

    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(server.url)
    await expect.poll(() => stranger.title()).toBe('closed 1006')

    const secondTab = await first.newPage()
    await secondTab.goto(new URL('/', server.url).href)
    await expect.poll(() => secondTab.title()).toBe('snapshot')
    await expect.poll(() => page.title()).toBe('closed 4000')
  })
})
