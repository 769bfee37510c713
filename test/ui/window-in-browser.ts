import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import type { Snapshot } from '../../src/station/protocol.ts'
import { BASE } from './scenes.ts'
import type { ScriptedStation } from './scripted-station.ts'
import { type CameraOptions, writeSyntheticCamera } from './synthetic-camera.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why the window can't be tried in a browser on this machine, or null when it can. */
export const noBrowser: string | null = existsSync(CHROMIUM) ? null : `no Chromium at ${CHROMIUM}`

/** The built window and a browser whose camera is a film. */
export interface Rig {
  readonly uiFolder: string
  readonly browser: Browser
  close(): Promise<void>
}

/** Builds the window into a folder of its own and starts Chromium; `options` as in `writeSyntheticCamera`. */
export async function startRig(options: CameraOptions): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'shidao-window-'))
  const uiFolder = join(folder, 'ui')
  const film = join(folder, 'camera.y4m')
  await build({
    configFile: join(ROOT, 'src/ui/vite.config.ts'),
    root: join(ROOT, 'src/ui'),
    logLevel: 'warn',
    build: { outDir: uiFolder },
  })
  await writeSyntheticCamera(film, options)
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
      // Chromium refuses to sandbox for root; the product never runs as root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  return {
    uiFolder,
    browser,
    async close() {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Collects what a healthy page never says: errors of the console, uncaught errors, violations of the policy. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

/** Shows a state on top of `BASE` and returns when the page has drawn it. */
export async function show(page: Page, station: ScriptedStation, change: Partial<Snapshot>): Promise<void> {
  station.desk.show({ ...BASE, ...change })
  await page.waitForSelector(`.window[data-revision="${station.desk.snapshot().revision}"]`)
}

/** Touches a language of the bar. */
export async function speak(page: Page, language: 'zh-CN' | 'bo' | 'en'): Promise<void> {
  await page.locator(`.language[lang="${language}"]`).click()
  await page.waitForSelector(`html[lang="${language}"]`)
}
