import { afterEach, expect, test } from 'vitest'
import { openSerialScanner } from '../../src/cards/driver/scanner.ts'
import { startScannerSimulator } from '../../src/cards/simulator/scanner-simulator.ts'
import { codeSheetPage } from '../../src/export/code-sheet.ts'
import { ScannerSupervisor } from '../../src/station/scanner-supervisor.ts'
import { enrolmentCode, selectByCode } from '../../src/station/selection.ts'
import { KeyBurst } from '../../src/ui/key-burst.ts'
import { codesOnPage } from '../support/printed-code.ts'
import { describeIf } from '../support/requires.ts'
import { DoorRig } from './door-rig.ts'

/* From paper to the door: what is printed is drawn, read back from its pixels, and scanned by both kinds of scanner. */

let rig: DoorRig
afterEach(() => rig.stop())

/** A door with a portrait of a trainee who consented, and what a camera reads of their printed code. */
async function withPaper(): Promise<string> {
  rig = new DoorRig()
  rig.consent()
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1))
  rig.door.start()
  const slip = { code: enrolmentCode(rig.person, 'c'), name: '模****', number: '990**************6' }
  const [read = ''] = await codesOnPage(
    codeSheetPage({ classId: 'c', title: '模拟班', simulated: true, codes: [slip] }),
  )
  return read
}

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'over a serial scanner', () => {
  test('a printed code selects its person', async () => {
    const read = await withPaper()
    const simulator = startScannerSimulator()
    const supervisor = new ScannerSupervisor(() => openSerialScanner({ port: simulator.path }), {
      // A real station takes no code from a scanner that says that it is simulated; here the line is what is tried.
      onScan: (scan) => rig.door.scan({ ...scan, simulated: false }),
      onFault: () => {},
    })
    supervisor.start()
    try {
      const held = setInterval(() => simulator.scan(read), 200)
      const outcome = await rig.outcomes.take(10_000)
      clearInterval(held)
      expect(outcome).toMatchObject({ verdict: 'verified', person: rig.person })
      expect(rig.last('attendance')).toMatchObject({ by: 'code', reader: { profile: 'scanner-serial' } })
    } finally {
      await supervisor.stop()
      await simulator.stop()
    }
  })
})

test('a printed code that is typed by a scanner selects its person', async () => {
  const read = await withPaper()
  const burst = new KeyBurst()
  const fates = [...read, 'Enter'].map((key, at) => burst.press(key, at))
  const typed = fates.find((fate) => fate.kind === 'scan')
  await rig.until('idle')
  await rig.door.command({ type: 'scan', text: typed?.code ?? '' })
  expect(await rig.outcomes.take(10_000)).toMatchObject({ verdict: 'verified', person: rig.person })
  expect(rig.last('attendance')).toMatchObject({ by: 'code', reader: { profile: 'scanner-keyboard' } })
})

test('a class with any name has a code that a keyboard can type, and that selects in this class only', async () => {
  rig = new DoorRig()
  const known = { side: rig.data.side, forward: null }
  const { signal } = new AbortController()
  for (const classId of ['护理 初级:2026', 'a/b%c', '班\u{20000}', '\ud800']) {
    const code = enrolmentCode(rig.person, classId)
    expect(code).toMatch(/^[!-~]+$/)
    expect(await selectByCode(code, { ...known, classId }, signal)).toEqual({
      kind: 'person',
      person: rig.person,
    })
    expect(await selectByCode(code, { ...known, classId: 'other' }, signal)).toEqual({
      kind: 'person',
      person: null,
    })
  }
})
