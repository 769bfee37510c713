import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { startScannerSimulator } from '../../src/cards/simulator/scanner-simulator.ts'
import { checkHealth, type HealthCheck } from '../../src/station/health.ts'
import { describeIf } from '../support/requires.ts'

const dir = mkdtempSync(join(tmpdir(), 'shidao-health-'))
afterAll(() => rmSync(dir, { recursive: true }))

async function check(name: string, settings: object): Promise<HealthCheck | undefined> {
  writeFileSync(join(dir, 'station.json'), JSON.stringify(settings))
  return (await checkHealth(dir)).find((one) => one.name === name)
}

test('nothing set up is no failure, and says what to do', async () => {
  expect(await check('reader', {})).toMatchObject({
    works: null,
    advice: expect.stringContaining('card read'),
  })
})

test.each([['/dev/no-such-port'], ['pcsc:No such reader'], ['usb:0400:c35a'], ['hid:/dev/no-such-hid']])(
  'a reader at %s that is not there is a failure with its code',
  async (port) => {
    const found = await check('reader', { reader: { port, profile: null } })
    expect(found).toMatchObject({ works: false, detail: expect.stringMatching(/^PORT_/) })
  },
)

test('a scanner that is not there is a failure with its code; none set up is none', async () => {
  expect(await check('scanner', {})).toMatchObject({ works: null })
  const found = await check('scanner', { scanner: { port: '/dev/no-such-port' } })
  expect(found).toMatchObject({ works: false, detail: expect.stringMatching(/^PORT_NOT_FOUND /) })
  expect(found?.advice).toContain('plug the scanner in')
})

test('a vendor library that is not there is a failure with its code', async () => {
  const vendorReader = { kind: 'sdtapi', library: join(dir, 'libsdtapi.so'), port: 1001 }
  expect(await check('reader', { vendorReader })).toMatchObject({
    works: false,
    detail: expect.stringMatching(/^CARD_VENDOR_MISSING /),
  })
})

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'a scanner that is there', () => {
  test('has a port that can be opened', async () => {
    const simulator = startScannerSimulator()
    try {
      const found = await check('scanner', { scanner: { port: simulator.path } })
      expect(found).toMatchObject({ works: true, detail: expect.stringContaining('9600 baud') })
    } finally {
      await simulator.stop()
    }
  })
})

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'a reader that is there', () => {
  test('is asked for its state, not only looked for', async () => {
    const simulator = startReaderSimulator({ samId: '05.01-20240101-0000012345-0000000001' })
    try {
      const found = await check('reader', { reader: { port: simulator.path, profile: null } })
      expect(found).toMatchObject({ works: true, detail: expect.stringContaining('SAM 05.01-20240101') })
    } finally {
      await simulator.stop()
    }
  })
})
