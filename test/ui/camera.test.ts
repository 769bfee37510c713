import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArrivedFacts, clockFindings } from '../../src/station/camera/frame-clock.ts'
import type { FrameFacts } from '../../src/station/protocol.ts'
import { describeIf } from '../support/requires.ts'
import { type ScriptedStation, serveScripted } from './scripted-station.ts'
import { complaintsOf, noBrowser, type Rig, show, startRig } from './window-in-browser.ts'

describeIf(noBrowser, 'the window and its camera', () => {
  let rig: Rig
  let station: ScriptedStation
  beforeAll(async () => {
    rig = await startRig({ mark: true })
    station = await serveScripted(rig.uiFolder)
  })
  afterAll(async () => {
    await station?.close()
    await rig?.close()
  })

  const open = async (before = ''): Promise<Page> => {
    station.desk.commands.length = 0
    const page = await rig.browser.newPage({ viewport: { width: 1024, height: 768 } })
    if (before !== '') await page.addInitScript(before)
    await page.goto(station.url)
    await show(page, station, {})
    return page
  }

  const told = (): FrameFacts[] => station.desk.facts.filter((facts) => facts !== undefined)

  test('introduces itself once with the label of its camera and what it streams', async () => {
    const page = await open()
    await expect.poll(() => station.desk.commands.length).toBe(1)
    expect(station.desk.commands[0]).toEqual({
      type: 'hello',
      camera: expect.stringMatching(/\.y4m$/),
      stream: {
        device: expect.stringMatching(/^[0-9a-f]{64}$/),
        width: 640,
        height: 480,
        frameRate: expect.any(Number),
        most: { width: 640, height: 480, frameRate: expect.any(Number) },
      },
    })
    await page.close()
  })

  test('sends frames while the station looks for a face, and on no other screen', async () => {
    const page = await open()
    const complaints = complaintsOf(page)
    for (const screen of ['looking', 'enrol'] as const) {
      station.desk.frames.length = 0
      await show(page, station, { screen })
      await expect.poll(() => station.desk.frames.length).toBeGreaterThan(4)
    }
    for (const screen of [
      'idle',
      'reading',
      'consent',
      'witness',
      'verdict',
      'take-card',
      'error',
    ] as const) {
      await show(page, station, { screen })
      // What was on its way when the screen changed may still arrive.
      await page.waitForTimeout(150)
      station.desk.frames.length = 0
      await page.waitForTimeout(300)
      expect(station.desk.frames.length, screen).toBe(0)
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  test('tells the clock of its frames, which never contradicts itself; each look is a run of its own', async () => {
    const page = await open()
    const runs: ArrivedFacts[][] = []
    for (let look = 0; look < 2; look++) {
      await show(page, station, {})
      await page.waitForTimeout(150)
      station.desk.facts.length = 0
      await show(page, station, { screen: 'looking' })
      await expect.poll(() => told().length, PATIENT).toBeGreaterThan(12)
      runs.push(told().map((facts) => ({ ...facts, at: facts.sent })))
    }
    for (const run of runs) {
      expect(new Set(run.map((facts) => facts.run)).size).toBe(1)
      expect(run.at(-1)?.presentedFrames).toBeGreaterThan(run[0]?.presentedFrames ?? 0)
      expect(clockFindings(run)).toEqual([])
    }
    expect(runs[1]?.[0]?.run).toBeGreaterThan(runs[0]?.[0]?.run ?? 0)
    await page.close()
  })

  test('a stream that stops moving is told as it is: the same frame again and again', async () => {
    const page = await open(`navigator.mediaDevices.getUserMedia = async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 })
      const drawing = canvas.getContext('2d')
      let drawn = 0
      const clock = setInterval(() => {
        drawing.fillRect(0, 0, (drawn += 20), 480)
        if (drawn > 1000) clearInterval(clock)
      }, 50)
      return canvas.captureStream(15)
    }`)
    await show(page, station, { screen: 'looking' })
    const findings = () => clockFindings(told().map((facts) => ({ ...facts, at: facts.sent })))
    station.desk.facts.length = 0
    await expect.poll(() => findings().map(({ finding }) => finding), PATIENT).toContain('stopped')
    await page.close()
  })

  test('sends JPEG pictures of 640x480 as the camera saw them, and shows them mirrored', async () => {
    const page = await open()
    station.desk.frames.length = 0
    await show(page, station, { screen: 'looking' })
    await expect.poll(() => station.desk.frames.length).toBeGreaterThan(2)
    for (const frame of station.desk.frames) {
      expect(await sharp(frame).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 480 })
    }
    const frame = station.desk.frames.at(-1) ?? new Uint8Array()
    expect(await brightness(frame, 16)).toBeLessThan(60)
    expect(await brightness(frame, 640 - 48)).toBeGreaterThan(150)
    expect(await page.evaluate("getComputedStyle(document.querySelector('video')).transform")).toBe(
      'matrix(-1, 0, 0, 1, 0, 0)',
    )
    await page.close()
  })

  test('a camera that is pulled out is reported, opened again and reported again', async () => {
    const page = await open()
    await show(page, station, { screen: 'looking' })
    await page.waitForSelector('video')
    await page.evaluate(
      "document.querySelector('video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))",
    )
    await expect.poll(() => station.desk.commands.length).toBe(3)
    expect(station.desk.commands.slice(1)).toEqual([
      { type: 'camera', label: null },
      { type: 'camera', label: expect.stringMatching(/\.y4m$/), stream: expect.anything() },
    ])
    await page.close()
  })

  test('without a camera it says hello without a label, and the picture’s place says what to do', async () => {
    const page = await open(
      "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'))",
    )
    await expect.poll(() => station.desk.commands).toEqual([{ type: 'hello', camera: null }])
    await show(page, station, { screen: 'looking' })
    expect(await page.locator('.live').textContent()).toContain('请找工作人员')
    await page.close()
  })
})

/** For what takes seconds by its nature, on a machine that has other things to do. */
const PATIENT = { timeout: 15_000 }

/** Mean brightness (0 … 255) of a square of 32 pixels near the upper edge. */
async function brightness(jpeg: Uint8Array, left: number): Promise<number> {
  const square = await sharp(jpeg).extract({ left, top: 16, width: 32, height: 32 }).greyscale().toBuffer()
  return (await sharp(square).stats()).channels[0]?.mean ?? 0
}
