import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { startSamSimulator } from '../../src/cards/simulator/sam-simulator.ts'
import { unwrap } from '../../src/common/result.ts'
import { configuredReader } from '../../src/station/configured-reader.ts'
import { changedSettings } from '../../src/station/settings.ts'
import { simulatedCard } from '../cards/simulated-people.ts'

const dir = mkdtempSync(join(tmpdir(), 'shidao-configured-'))
const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.stop()
})
afterAll(() => rmSync(dir, { recursive: true }))

async function simulator(): Promise<{ port: string; profile: string | null }> {
  // As real as it can look: a SAM number that isn't the simulator's.
  const samId = '05.01-20240101-0000012345-0000000001'
  const started = await startSamSimulator('hid-dk', { card: simulatedCard(), samId })
  running.push(started)
  return { port: started.port, profile: null }
}

test('a simulated station reads from a simulator in another process', async () => {
  const settings = changedSettings(dir, { reader: await simulator() })
  const configured = configuredReader(settings, { simulated: true })
  const reader = unwrap(await configured.open())
  expect(unwrap(await reader.read({ timeoutMs: 5_000 })).simulated).toBe(true)
  await reader.close()
  await configured.close()
})

test('a real station never opens a simulator, so that nothing it does can become a record', async () => {
  const settings = changedSettings(dir, { reader: await simulator() })
  const configured = configuredReader(settings, { simulated: false })
  expect(await configured.open()).toMatchObject({ ok: false, fault: { code: 'CARD_SIMULATED' } })
  await configured.close()
})
